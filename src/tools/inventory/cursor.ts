import { z } from "zod";
import { unusable } from "../../lib/tool-error.js";

/** Where a row is in a list that is sorted by end, then by name: its end in milliseconds, null if it has none. */
const position = z.tuple([z.number().nullable(), z.string()]);
export type Position = z.output<typeof position>;

const cursor = z.object({ certificates: position.optional(), domains: position.optional() }).strict();
/** The last row that was shown of each list. Rows that come or go meanwhile neither hide nor repeat others. */
type Cursor = z.output<typeof cursor>;

export function encodeCursor(shown: Cursor): string {
  return Buffer.from(JSON.stringify(shown)).toString("base64url");
}

/** @throws {ToolError} of kind input for anything that `encodeCursor` did not make */
export function decodeCursor(text: string): Cursor {
  try {
    return cursor.parse(JSON.parse(Buffer.from(text, "base64url").toString()));
  } catch {
    throw unusable(
      "This is not a cursor that an earlier reply gave as next_cursor.",
      "Leave cursor out to begin at the first row.",
    );
  }
}

export function comparePositions([end, name]: Position, [otherEnd, otherName]: Position): number {
  if (end !== otherEnd) return (end ?? Number.POSITIVE_INFINITY) - (otherEnd ?? Number.POSITIVE_INFINITY);
  return Number(name > otherName) - Number(name < otherName);
}

/** A page of a sorted list, and how much is left after it. */
export function pageAfter<Row>(
  rows: readonly Row[],
  positionOf: (row: NoInfer<Row>) => Position,
  shown: Position | undefined,
  size: number,
) {
  const remaining = shown === undefined ? rows : rows.filter((row) => comparePositions(positionOf(row), shown) > 0);
  const page = remaining.slice(0, size);
  const last = page.at(-1);
  return { page, more: remaining.length > size, last: last === undefined ? shown : positionOf(last) };
}
