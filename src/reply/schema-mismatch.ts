import type { z } from "zod";
import { enumerated } from "../lib/lists.js";
import { derivedMembers } from "./derived-members.js";

type Path = readonly (string | number)[];
type Container = Record<string | number, unknown>;

/**
 * Moves members and list items of an undocumented type to a member of their own. Clients check a reply against the
 * output schema, which allows unknown members, and a successful call must not fail there.
 */
export function moveOutMismatches(
  schema: z.AnyZodObject,
  result: Readonly<Record<string, unknown>>,
): { result: Readonly<Record<string, unknown>>; notes: string[] } {
  const issues = schema.safeParse(result).error?.issues ?? [];
  if (issues.length === 0) return { result, notes: [] };
  const copy = structuredClone(result);
  const items = new Map<unknown[], Misfits>();
  for (const { path } of issues) moveOut(copy, path, items);
  // Last: a removed item must not shift the indexes of the others.
  for (const [list, { owner, name, places }] of items) {
    const others = owner[derivedMembers(name, "as_sent")];
    const [fitting, misfits] = parted(list, places);
    owner[name] = fitting;
    owner[derivedMembers(name, "as_sent")] = [...misfits, ...(Array.isArray(others) ? others : [])];
  }
  const places = [...new Set(issues.map(({ path }) => placeOf(path)))];
  const where = `given as ${derivedMembers("<member>", "as_sent")}`;
  return { result: copy, notes: [`Of another type than documented, and therefore ${where}: ${enumerated(places)}.`] };
}

/** List items to move to a member next to the list. */
interface Misfits {
  readonly owner: Container;
  readonly name: string;
  readonly places: Set<number>;
}

function moveOut(result: unknown, path: Path, items: Map<unknown[], Misfits>): void {
  const place = path.findLastIndex((step) => typeof step === "string");
  const name = path[place];
  const owner = at(result, path.slice(0, place));
  if (name === undefined || !isContainer(owner)) return;
  const [value, item] = [owner[name], path[place + 1]];
  if (typeof item === "number" && path.length === place + 2 && Array.isArray(value)) {
    const misfits = items.get(value) ?? { owner, name: String(name), places: new Set() };
    misfits.places.add(item);
    items.set(value, misfits);
  } else {
    owner[derivedMembers(String(name), "as_sent")] = value;
    delete owner[name];
  }
}

function parted(list: readonly unknown[], places: ReadonlySet<number>): readonly [unknown[], unknown[]] {
  return [list.filter((_, index) => !places.has(index)), list.filter((_, index) => places.has(index))];
}

function at(value: unknown, path: Path): unknown {
  return path.reduce<unknown>((inner, step) => (isContainer(inner) ? inner[step] : undefined), value);
}

function isContainer(value: unknown): value is Container {
  return typeof value === "object" && value !== null;
}

/** "Certificates.Status", the same for every row. */
function placeOf(path: Path): string {
  return path.filter((step) => typeof step === "string").join(".");
}
