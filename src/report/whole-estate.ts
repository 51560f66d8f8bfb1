import { z } from "zod";
import type { JsonObject } from "../lib/json.js";

const listed = z.array(z.record(z.unknown())).default([]);
const page = z
  .object({
    incomplete: z.array(z.string()).default([]),
    certificates: listed,
    domains: listed,
    next_cursor: z.string().optional(),
  })
  .passthrough();

/** Rows of one page, as many as a reply may have. */
const PAGE = 100;

/**
 * All pages of find_certificates as one reply. What any page could not see, the whole could not see.
 * @param read one page
 */
export async function wholeEstate(read: (args: JsonObject) => Promise<JsonObject>, withEdges: boolean) {
  const first = page.parse(await read({ limit: PAGE, with_edges: withEdges, fresh: true }));
  const certificates = [...first.certificates];
  const domains = [...first.domains];
  const incomplete = new Set(first.incomplete);
  const cursors = new Set<string>();
  let { next_cursor: cursor } = first;
  // A cursor that comes again would lead round in a circle.
  while (cursor !== undefined && !cursors.has(cursor)) {
    cursors.add(cursor);
    const next = page.parse(await read({ limit: PAGE, with_edges: withEdges, cursor }));
    certificates.push(...next.certificates);
    domains.push(...next.domains);
    for (const sentence of next.incomplete) incomplete.add(sentence);
    cursor = next.next_cursor;
  }
  return { ...first, certificates, domains, incomplete: [...incomplete], next_cursor: undefined };
}
