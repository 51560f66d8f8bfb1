import { z } from "zod";
import { innermost } from "../catalogue/params.js";
import { isObject, type JsonObject, type JsonPath } from "../lib/json.js";
import { enumerated } from "../lib/lists.js";
import { memoize } from "../lib/memoize.js";
import { formatId } from "../lib/safe-text.js";
import { derivedMember } from "./derived-members.js";

type Container = Record<string | number, unknown>;

/**
 * Moves members and list items of an undocumented type to a member of their own. Clients check a reply against the
 * output schema, which allows unknown members, and a successful call must not fail there.
 */
export function moveOutMismatches(schema: z.AnyZodObject, result: JsonObject): { result: JsonObject; notes: string[] } {
  const paths: JsonPath[] = [];
  checkOf(schema)(result, [], paths);
  if (paths.length === 0) return { result, notes: [] };
  const copy = structuredClone(result);
  const items = new Map<unknown[], Misfits>();
  for (const path of paths) moveOut(copy, path, items);
  // Last: a removed item must not shift the indexes of the others.
  for (const [list, { owner, name, places }] of items) {
    const others = owner[derivedMember(name, "as_sent")];
    const misfits = list.filter((_, index) => places.has(index));
    owner[name] = list.filter((_, index) => !places.has(index));
    owner[derivedMember(name, "as_sent")] = [...misfits, ...(Array.isArray(others) ? others : [])];
  }
  const places = [...new Set(paths.map(placeOf))];
  const where = `given as ${derivedMember("<member>", "as_sent")}`;
  return { result: copy, notes: [`Of another type than documented, and therefore ${where}: ${enumerated(places)}.`] };
}

/** Adds the path of everything in `value`, which is at `path`, that does not fit. */
type Check = (value: unknown, path: (string | number)[], misfits: JsonPath[]) => void;

/**
 * The check of a value by its schema. `safeParse` takes ten times as long: it copies the value, and looks in each row
 * for every documented member.
 */
const checkOf: (schema: z.ZodTypeAny) => Check = memoize((schema) => {
  const check = createCheck(innermost(schema));
  const mayBeNull = schema.isNullable();
  return (value, path, misfits) => {
    if (!mayBeNull || (value !== null && value !== undefined)) check(value, path, misfits);
  };
});

function createCheck(schema: z.ZodTypeAny): Check {
  if (schema instanceof z.ZodArray) {
    const item = checkOf(schema.element);
    return (value, path, misfits) => {
      if (!Array.isArray(value)) misfits.push([...path]);
      else for (const [index, each] of value.entries()) checkInside(item, each, index, path, misfits);
    };
  }
  if (schema instanceof z.ZodObject) {
    const shape: Readonly<Record<string, z.ZodTypeAny>> = schema.shape;
    const documented = new Map(Object.entries(shape).map(([name, member]) => [name, checkOf(member)]));
    return (value, path, misfits) => {
      if (!isObject(value)) misfits.push([...path]);
      else for (const name in value) checkInside(documented.get(name), value[name], name, path, misfits);
    };
  }
  return (value, path, misfits) => {
    if (!isPlainly(schema, value) && !schema.safeParse(value).success) misfits.push([...path]);
  };
}

function checkInside(
  check: Check | undefined,
  value: unknown,
  step: string | number,
  path: (string | number)[],
  misfits: JsonPath[],
) {
  if (check === undefined) return;
  path.push(step);
  check(value, path, misfits);
  path.pop();
}

/** Whether a value is of one of the types in `catalogue/results.ts`. */
function isPlainly(schema: z.ZodTypeAny, value: unknown): boolean {
  if (schema instanceof z.ZodString) return typeof value === "string";
  return schema instanceof z.ZodNumber
    ? Number.isInteger(value)
    : typeof value === "boolean" && schema instanceof z.ZodBoolean;
}

/** List items to move to a member next to the list. */
interface Misfits {
  readonly owner: Container;
  readonly name: string;
  readonly places: Set<number>;
}

function moveOut(result: unknown, path: JsonPath, items: Map<unknown[], Misfits>): void {
  const place = path.findLastIndex((step) => typeof step === "string");
  const name = path[place];
  const owner = valueAt(result, path.slice(0, place));
  if (name === undefined || !isContainer(owner)) return;
  const [value, item] = [owner[name], path[place + 1]];
  if (typeof item === "number" && path.length === place + 2 && Array.isArray(value)) {
    const misfits = items.get(value) ?? { owner, name: String(name), places: new Set() };
    misfits.places.add(item);
    items.set(value, misfits);
  } else {
    owner[derivedMember(String(name), "as_sent")] = value;
    delete owner[name];
  }
}

function valueAt(value: unknown, path: JsonPath): unknown {
  return path.reduce<unknown>((inner, step) => (isContainer(inner) ? inner[step] : undefined), value);
}

function isContainer(value: unknown): value is Container {
  return typeof value === "object" && value !== null;
}

/** "Certificates.Status", the same for every row. */
function placeOf(path: JsonPath): string {
  return String(formatId(path.filter((step) => typeof step === "string").join(".")));
}
