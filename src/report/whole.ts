import { z } from "zod";
import type { JsonObject } from "../lib/json.js";

/** One page of a tool's reply. */
type ReadPage = (args: JsonObject) => Promise<JsonObject>;

const listed = z.array(z.record(z.unknown())).default([]);
const cursor = { next_cursor: z.string().optional() };
const estatePage = z
  .object({ incomplete: z.array(z.string()).default([]), certificates: listed, domains: listed, ...cursor })
  .passthrough();
const planPage = z.object({ renewals: listed, ...cursor }).passthrough();

/** Rows of one page, as many as a reply may have. */
const PAGE = 100;

/** All pages of find_certificates as one reply. What any page could not see, the whole could not see. */
export async function wholeEstate(read: ReadPage, withEdges: boolean) {
  const asked = { limit: PAGE, with_edges: withEdges };
  const first = estatePage.parse(await read({ ...asked, fresh: true }));
  const pages = await allFrom(first, async (next) => estatePage.parse(await read({ ...asked, cursor: next })));
  return {
    ...first,
    certificates: pages.flatMap(({ certificates }) => certificates),
    domains: pages.flatMap(({ domains }) => domains),
    incomplete: [...new Set(pages.flatMap(({ incomplete }) => incomplete))],
    next_cursor: undefined,
  };
}

/** All pages of plan_renewals as one reply. */
export async function wholePlan(read: ReadPage) {
  const first = planPage.parse(await read({ limit: PAGE }));
  const pages = await allFrom(first, async (next) => planPage.parse(await read({ limit: PAGE, cursor: next })));
  return { ...first, renewals: pages.flatMap(({ renewals }) => renewals), next_cursor: undefined };
}

/** The first page and those after it. A cursor that comes again would lead round in a circle. */
async function allFrom<Page extends { readonly next_cursor?: string | undefined }>(
  first: Page,
  read: (cursor: string) => Promise<Page>,
): Promise<readonly Page[]> {
  const pages = [first];
  const cursors = new Set<string>();
  for (let next = first.next_cursor; next !== undefined && !cursors.has(next); next = pages.at(-1)?.next_cursor) {
    cursors.add(next);
    pages.push(await read(next));
  }
  return pages;
}
