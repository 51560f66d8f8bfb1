import { personalMembers } from "../catalogue/tencent-ssl/member-facts.js";
import { isObject } from "../lib/json.js";
import { replyLimit } from "./budget.js";
import { isEmpty } from "./empty.js";
import { isDocumented, leastPerCharacter } from "./size.js";

type Members = Readonly<Record<string, unknown>>;
type Path = readonly (string | number)[];

/** Original number of items or members, by path, where some were left out. */
export type Counts = ReadonlyMap<string, number>;

export interface Reachable {
  readonly members: Members;
  readonly counts: Counts;
}

export const keyOf = (path: Path): string => path.join("/");

/** A product's or region's part of a list, with a count and a list of its own. */
export function isGroup(item: unknown): item is Members {
  return isObject(item) && Object.hasOwn(item, "TotalCount") && Object.values(item).some(Array.isArray);
}

/** Up to this many groups, every group is kept. */
const mostGroups = 100;

/** What exceeds this cannot be shown, whatever is masked or added. */
const reach = replyLimit * 1.25;

/** A name and its value. */
const leastPerMember = 3;

/** Whether a member is left out of the short form and takes no room. */
export type LeftOut = (name: string, path: Path) => boolean;

/**
 * The part of a reply that can be shown at all; items and members beyond it are left out and counted. Later steps
 * (secrets, masks, types, words) take time for each value, and a cloud may send a hundred times what fits into a
 * reply.
 * @param besides number of members added to these
 */
export function withinReach(members: Members, isLeftOut: LeftOut = () => false, besides = 0): Reachable {
  const counts = new Map<string, number>();
  const own = new Reach(counts, isLeftOut);
  const entries = Object.entries(members);
  const kept = new Map<string, unknown>();
  let cost = 0;
  for (const [name, member] of entries) {
    if (!isDocumented(name)) continue;
    // If several lists are long, each ends up with a small part of the reply.
    const [shown, takes] = own.member(name, member, cost > 4 * reach ? reach / 4 : reach, []);
    kept.set(name, shown);
    cost += takes;
  }
  let others = 0;
  for (const [name, member] of entries) {
    if (kept.has(name)) continue;
    if (others > reach) {
      counts.set("", entries.length + besides);
      break;
    }
    const [shown, takes] = own.member(name, member, reach - others, []);
    kept.set(name, shown);
    others += takes;
  }
  // In the order in which they were sent.
  const inOrder = counts.has("") ? entries.filter(([name]) => kept.has(name)) : entries;
  return { members: Object.fromEntries(inOrder.map(([name]) => [name, kept.get(name)])), counts };
}

/** The reachable part of a value, and its minimum cost. */
type Reached<Value = unknown> = readonly [Value, number];

class Reach {
  readonly #counts: Map<string, number>;
  readonly #isLeftOut: LeftOut;

  constructor(counts: Map<string, number>, isLeftOut: LeftOut) {
    this.#counts = counts;
    this.#isLeftOut = isLeftOut;
  }

  member(name: string, member: unknown, left: number, path: Path): Reached {
    if (this.#isLeftOut(name, path)) return [member, 0];
    // Empty members may be dropped, and a masked one is short.
    if (isEmpty(member)) return [member, 0];
    const [shown, cost] = this.#value(member, left, [...path, name]);
    return [shown, leastPerMember + (personalMembers.has(name) ? 1 : cost)];
  }

  #value(value: unknown, left: number, path: Path): Reached {
    if (typeof value === "string") return [value, 1 + value.length * leastPerCharacter];
    if (Array.isArray(value)) return this.#items(value, left, path);
    return isObject(value) ? this.#members(value, left, path) : [value, 1];
  }

  #items(items: readonly unknown[], left: number, path: Path): Reached {
    if (items.length > 0 && items.length <= mostGroups && items.every(isGroup)) {
      const groups = items.map((group, index) => this.#value(group, left / items.length, [...path, index]));
      return [groups.map(([group]) => group), groups.reduce((sum, [, cost]) => sum + cost, 1)];
    }
    const kept: unknown[] = [];
    let cost = 1;
    for (const [index, item] of items.entries()) {
      if (cost > left) {
        this.#counts.set(keyOf(path), items.length);
        break;
      }
      const [shown, own] = this.#value(item, left - cost, [...path, index]);
      kept.push(shown);
      cost += 1 + own;
    }
    return [kept, cost];
  }

  #members(members: Members, left: number, path: Path): Reached {
    const entries = Object.entries(members);
    const kept: [string, unknown][] = [];
    let cost = 1;
    for (const [name, member] of entries) {
      if (cost > left) {
        this.#counts.set(keyOf(path), entries.length);
        break;
      }
      const [shown, own] = this.member(name, member, left - cost, path);
      kept.push([name, shown]);
      cost += own;
    }
    const isWhole = kept.length === entries.length && kept.every(([name, shown]) => shown === members[name]);
    return [isWhole ? members : Object.fromEntries(kept), cost];
  }
}
