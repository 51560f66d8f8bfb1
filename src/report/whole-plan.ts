import { z } from "zod";
import type { JsonObject } from "../lib/json.js";

const page = z
  .object({ renewals: z.array(z.record(z.unknown())).default([]), next_cursor: z.string().optional() })
  .passthrough();

/** Rows of one page, as many as a reply may have. */
const PAGE = 100;

/**
 * All pages of plan_renewals as one reply.
 * @param read one page
 */
export async function wholePlan(read: (args: JsonObject) => Promise<JsonObject>) {
  const first = page.parse(await read({ limit: PAGE }));
  const renewals = [...first.renewals];
  const cursors = new Set<string>();
  let { next_cursor: cursor } = first;
  // A cursor that comes again would lead round in a circle.
  while (cursor !== undefined && !cursors.has(cursor)) {
    cursors.add(cursor);
    const next = page.parse(await read({ limit: PAGE, cursor }));
    renewals.push(...next.renewals);
    cursor = next.next_cursor;
  }
  return { ...first, renewals, next_cursor: undefined };
}
