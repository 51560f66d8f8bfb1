import { isObject, type JsonObject, type JsonPath } from "../lib/json.js";
import { type Redact, redactedStart } from "../lib/redacted-start.js";
import { divideBudget, type Part, replyLimit, type Sized } from "./budget.js";
import { cloudMemberOf, derivedMember } from "./derived-members.js";
import { type Counts, isGroup, keyOf } from "./select-members.js";
import {
  costOf,
  costOfItem,
  costOfMember,
  costOfName,
  costOfText,
  fitsBudget,
  isDocumented,
  minPerCharacter,
} from "./size.js";

/** Something that did not fit: the first `shown` of its `of` items, characters or members are kept. */
export interface Truncation {
  readonly path: JsonPath;
  readonly shown: number;
  readonly of: number;
  readonly unit: "items" | "characters" | "members";
}

/** Approximate cost of the mark next to a list or text that was cut. */
const markCost = 25;
/** A smaller share is not worth using. */
const worthShowing = 40;
/** Documented members up to this cost are kept before all others: totals, ids, codes. */
const smallMember = 80;

/** What was cut so far, and the original counts of what was shortened before. */
interface TruncationState {
  readonly cuts: Truncation[];
  readonly counts: Counts;
  readonly redact: Redact;
}

/**
 * Fits the members into `budget`: texts lose their end, lists their last items, and each gets a fair share.
 * @param redact is applied to a text before it is cut
 * @param counts original counts of lists and members that were shortened before
 */
export function truncateToBudget(
  members: JsonObject,
  budget: number,
  redact: Redact,
  counts: Counts = new Map(),
): { value: JsonObject; cuts: readonly Truncation[] } {
  const cuts: Truncation[] = [];
  return { value: membersWithin(members, budget, [], { cuts, counts, redact }), cuts };
}

/** Whether it, or something in it, was shortened before; it then gets a mark however little of it is left. */
function isShortened(path: JsonPath, { counts }: TruncationState): boolean {
  if (counts.size === 0) return false;
  const key = keyOf(path);
  return [...counts.keys()].some((each) => each === key || key === "" || each.startsWith(`${key}/`));
}

/** Original count where `count` are left; a member added next to another is counted with that one. */
function originalCount(path: JsonPath, count: number, { counts }: TruncationState): number {
  const beside = path.map((step) => (typeof step === "string" ? cloudMemberOf(step) : step));
  return Math.max(count, counts.get(keyOf(path)) ?? counts.get(keyOf(beside)) ?? 0);
}

function membersWithin(members: JsonObject, budget: number, path: JsonPath, state: TruncationState): JsonObject {
  if (!isShortened(path, state) && fitsBudget(members, budget)) return members;
  const parts = Object.entries(members).map(([name, member]): Part<JsonObject> => {
    const shortened = isShortened([...path, name], state);
    const cost = costOfMember(name, member) + (shortened ? replyLimit : 0);
    return {
      cost,
      isPriority: cost <= smallMember && isDocumented(name),
      whole: { [name]: member },
      fit: (share) => memberWithin(name, member, share, [...path, name], state),
    };
  });
  const shown = divideBudget(parts, budget - 1).filter((part) => part !== undefined);
  const of = originalCount(path, parts.length, state);
  if (shown.length < of) state.cuts.push({ path, shown: shown.length, of, unit: "members" });
  return Object.fromEntries(shown.flatMap((part) => Object.entries(part)));
}

/** A member in part, and a mark next to it that says how much. */
function memberWithin(
  name: string,
  member: unknown,
  share: number,
  path: JsonPath,
  state: TruncationState,
): Sized<JsonObject> | undefined {
  const { cuts } = state;
  const budget = share - costOfName(name) - markCost;
  if (budget < worthShowing) return undefined;
  const known = cuts.length;
  const value = valueWithin(member, budget, path, state);
  if (value === undefined) return undefined;
  const cut = cuts.slice(known).find((candidate) => candidate.path === path && candidate.unit !== "members");
  const mark = cut && { [derivedMember(name, "shown")]: `first ${cut.shown} of ${cut.of} ${cut.unit}` };
  const shown = { [name]: value, ...mark };
  return { value: shown, cost: costOf(shown) };
}

function valueWithin(value: unknown, budget: number, path: JsonPath, state: TruncationState): unknown {
  if (typeof value === "string") return textWithin(value, budget, path, state);
  if (Array.isArray(value)) return listWithin(value, budget, path, state);
  return isObject(value) ? membersWithin(value, budget, path, state) : undefined;
}

function listWithin(
  items: readonly unknown[],
  budget: number,
  path: JsonPath,
  state: TruncationState,
): readonly unknown[] {
  const groups = items.filter(isGroup);
  const of = originalCount(path, items.length, state);
  if (groups.length === of && budget / items.length >= 2 * worthShowing) {
    return groupsWithin(groups, budget, path, state);
  }
  const shown = firstWithin(items, budget);
  const [first] = items;
  if (shown.length === 0 && isObject(first)) shown.push(membersWithin(first, budget - 2, [...path, 0], state));
  state.cuts.push({ path, shown: shown.length, of, unit: "items" });
  return shown;
}

function firstWithin(items: readonly unknown[], budget: number): unknown[] {
  let cost = 1;
  const end = items.findIndex((item) => {
    cost += costOfItem(item);
    return cost > budget;
  });
  return items.slice(0, end === -1 ? items.length : end);
}

/** Every group is kept: each shows its own total and its first rows. */
function groupsWithin(
  groups: readonly JsonObject[],
  budget: number,
  path: JsonPath,
  state: TruncationState,
): readonly JsonObject[] {
  const parts = groups.map(
    (group, index): Part<JsonObject> => ({
      cost: costOfItem(group),
      isPriority: false,
      whole: group,
      fit: (share) => {
        const value = membersWithin(group, share - 1, [...path, index], state);
        return { value, cost: costOfItem(value) };
      },
    }),
  );
  return divideBudget(parts, budget - 1).filter((group) => group !== undefined);
}

function textWithin(whole: string, budget: number, path: JsonPath, { cuts, redact }: TruncationState): string {
  const text = redactedStart(whole, Math.ceil(budget / minPerCharacter), redact);
  let [fits, tooLong] = [0, text.length + 1];
  while (tooLong - fits > 1) {
    const middle = Math.floor((fits + tooLong) / 2);
    if (costOfText(text.slice(0, middle)) <= budget) fits = middle;
    else tooLong = middle;
  }
  // Drops half of a surrogate pair at the end.
  const shown = text.slice(0, fits).replace(/[\ud800-\udbff]$/, "");
  cuts.push({ path, shown: shown.length, of: whole.length, unit: "characters" });
  return shown;
}
