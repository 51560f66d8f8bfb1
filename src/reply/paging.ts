import type { Paging } from "../catalogue/reply-fact-types.js";
import { isObject, type JsonObject } from "../lib/json.js";

interface Paged {
  /** The reply as the cloud sent it. */
  readonly whole: JsonObject;
  /** The part of it that is shown. */
  readonly shown: JsonObject;
  /** The arguments of the call. */
  readonly params: JsonObject;
}

/** How to get the list items that did not fit or are on another page. */
export function pagingNotes(paging: Paging, paged: Paged): string[] {
  if (paging.by === "page") return pageNotes(paging, paged);
  return paging.by === "groups" ? groupNotes(paging, paged) : regionNotes(paging, paged);
}

function pageNotes({ list, total, narrow }: Extract<Paging, { by: "page" }>, { whole, shown, params }: Paged) {
  const [count, received, offset] = [lengthOf(shown[list]), lengthOf(whole[list]), offsetOf(params)];
  const all = totalOf(whole[total], offset + received);
  if (offset + count >= all || (count === 0 && received === 0)) return [];
  const narrower = narrow ? `, or narrow it with ${narrow.join(", ")}` : "";
  return [
    `${list}: ${range(offset, count)} of ${all}. For the rest call again with ${nextPage(offset, count)}${narrower}.`,
  ];
}

/** Smaller pages from the same offset: the remaining rows are unknown, like the order across groups. */
function groupNotes({ list, rows, total }: Extract<Paging, { by: "groups" }>, { whole, shown, params }: Paged) {
  const count = (members: JsonObject) => groupsOf(members[list]).reduce((sum, group) => sum + lengthOf(group[rows]), 0);
  const [shownRows, received, offset] = [count(shown), count(whole), offsetOf(params)];
  const all = totalOf(whole[total], offset + received);
  if (shownRows < received) {
    const again = `call again with Offset ${offset} and Limit ${Math.max(shownRows, 1)}, and so on from there`;
    return [`${list}: ${shownRows} of the ${received} rows of this page, of ${all} in all. For the rest ${again}.`];
  }
  if (offset + received >= all || received === 0) return [];
  return [`${list}: ${range(offset, received)} of ${all}. For the rest call again with Offset ${offset + received}.`];
}

const explainedAtMost = 4;

function regionNotes(paging: Extract<Paging, { by: "product and region" }>, { whole, shown, params }: Paged) {
  const offset = offsetOf(params);
  const incomplete = Object.entries(whole).flatMap(([product, groups]) =>
    groupsOf(groups).flatMap((group, index) => {
      const count = lengthOf(groupsOf(shown[product])[index]?.[paging.rows]);
      const all = totalOf(group[paging.total], offset + lengthOf(group[paging.rows]));
      if (offset + count >= all || lengthOf(group[paging.rows]) === 0) return [];
      return [restOfRegion(product, group.Region, range(offset, count), all, nextPage(offset, count))];
    }),
  );
  const more = incomplete.length - explainedAtMost;
  if (more <= 0) return incomplete;
  return [
    ...incomplete.slice(0, explainedAtMost),
    `${more} more lists are incomplete: compare TotalCount, and ask for each product and region in the same way.`,
  ];
}

function restOfRegion(product: string, region: unknown, rows: string, all: number, next: string): string {
  const place = typeof region === "string" && region !== "" ? region : undefined;
  const filters = [`ResourceTypes ["${product.toLowerCase()}"]`, ...(place ? [`Regions ["${place}"]`] : [])].join(", ");
  return `${product}${place ? ` in ${place}` : ""}: ${rows} of ${all}. For the rest call again with ${filters}, ${next}.`;
}

/** A page of the size that fitted; a single row if none did. */
function nextPage(offset: number, count: number): string {
  return `Offset ${offset + count} and Limit ${Math.max(count, 1)}`;
}

function range(offset: number, count: number): string {
  return count === 0 ? "0" : `${offset + 1} to ${offset + count}`;
}

function lengthOf(list: unknown): number {
  return Array.isArray(list) ? list.length : 0;
}

function groupsOf(list: unknown): JsonObject[] {
  return Array.isArray(list) ? list.filter(isObject) : [];
}

function totalOf(total: unknown, atLeast: number): number {
  return typeof total === "number" ? Math.max(total, atLeast) : atLeast;
}

function offsetOf(params: JsonObject): number {
  const offset = Number(params.Offset ?? 0);
  return Number.isSafeInteger(offset) && offset > 0 ? offset : 0;
}
