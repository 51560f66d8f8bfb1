import type { Summary } from "../catalogue/reply-fact-types.js";
import { isObject } from "../lib/json.js";
import { isHollow, withoutEmpty } from "./empty.js";
import { enumerated } from "./enumerated.js";
import type { LeftOut as IsLeftOut } from "./reach.js";

type Members = Readonly<Record<string, unknown>>;

/** Names of non-empty members that were left out. */
type LeftOut = Set<string>;

/** The short form of a reply, without empty members below its top level, and a note on what it leaves out. */
export function summarize(result: Members, summary: Summary): { result: Members; notes: string[] } {
  const leftOut: LeftOut = new Set();
  const short = "rows" in summary ? withShortRows(result, summary, leftOut) : thinned(result, summary, leftOut);
  if (leftOut.size === 0) return { result: short, notes: [] };
  const note = `A summary, without ${enumerated([...leftOut])}; call again with detail "full" for everything.`;
  return { result: short, notes: [note] };
}

/** The members that the short form leaves out. */
export function leftOutOf(summary: Summary): IsLeftOut {
  if ("leaveOut" in summary) {
    const unwanted = new Set(summary.leaveOut);
    return (name) => unwanted.has(name);
  }
  const wanted = new Set(summary.keep);
  return (name, path) => path.length === 2 && path[0] === summary.rows && !wanted.has(name);
}

type RowSummary = Extract<Summary, { rows: string }>;
type ThinSummary = Exclude<Summary, RowSummary>;

function withShortRows(result: Members, { rows, keep }: RowSummary, leftOut: LeftOut): Members {
  const list = result[rows];
  if (!Array.isArray(list)) return result;
  const wanted = new Set(keep);
  const shortRow = (row: unknown) =>
    isObject(row) ? withoutEmpty(pick(row, (name) => wanted.has(name), leftOut)) : row;
  return { ...result, [rows]: list.map(shortRow) };
}

function thinned(result: Members, { leaveOut }: ThinSummary, leftOut: LeftOut): Members {
  const unwanted = new Set(leaveOut);
  const thin = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(thin);
    if (!isObject(value)) return value;
    const kept = Object.entries(pick(value, (name) => !unwanted.has(name), leftOut));
    return Object.fromEntries(kept.map(([name, member]) => [name, thin(member)]));
  };
  const kept = Object.entries(pick(result, (name) => !unwanted.has(name), leftOut));
  return Object.fromEntries(kept.map(([name, member]) => [name, withoutEmpty(thin(member))]));
}

function pick(members: Members, wanted: (name: string) => boolean, leftOut: LeftOut): Members {
  const kept = Object.entries(members).filter(([name, member]) => {
    if (wanted(name)) return true;
    if (!leftOut.has(name) && !isHollow(member)) leftOut.add(name);
    return false;
  });
  return Object.fromEntries(kept);
}
