import type { z } from "zod";
import { added } from "./added.js";
import { enumerated } from "./words.js";

type Path = readonly (string | number)[];
type Container = Record<string | number, unknown>;

/**
 * Moves members of another type than documented, and such items of lists, beside the member in question. Clients check
 * a reply against the output schema, which lets unknown members pass, and a call that succeeded must not fail there.
 */
export function moveOutMisfits(
  schema: z.AnyZodObject,
  result: Readonly<Record<string, unknown>>,
): { result: Readonly<Record<string, unknown>>; notes: string[] } {
  const issues = schema.safeParse(result).error?.issues ?? [];
  if (issues.length === 0) return { result, notes: [] };
  const copy = structuredClone(result);
  // From the last to the first, so that a removed item does not shift the places of those still to come.
  for (const { path } of [...issues].reverse()) moveOut(copy, path);
  const places = [...new Set(issues.map(({ path }) => placeOf(path)))];
  const where = `given as ${added("<member>", "as_sent")}`;
  return { result: copy, notes: [`Of another type than documented, and therefore ${where}: ${enumerated(places)}.`] };
}

function moveOut(result: unknown, path: Path): void {
  const place = path.findLastIndex((step) => typeof step === "string");
  const name = path[place];
  const owner = at(result, path.slice(0, place));
  if (name === undefined || !isContainer(owner)) return;
  const beside = added(String(name), "as_sent");
  const [value, item] = [owner[name], path[place + 1]];
  const isItem = typeof item === "number" && path.length === place + 2;
  if (isItem && Array.isArray(value)) {
    const others = owner[beside];
    owner[beside] = [...value.splice(item, 1), ...(Array.isArray(others) ? others : [])];
  } else {
    owner[beside] = value;
    delete owner[name];
  }
}

function at(value: unknown, path: Path): unknown {
  return path.reduce<unknown>((inner, step) => (isContainer(inner) ? inner[step] : undefined), value);
}

function isContainer(value: unknown): value is Container {
  return typeof value === "object" && value !== null;
}

/** "Certificates.Status", for each row of it. */
function placeOf(path: Path): string {
  return path.filter((step) => typeof step === "string").join(".");
}
