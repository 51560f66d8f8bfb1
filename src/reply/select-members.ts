import type { Summary } from "../catalogue/reply-fact-types.js";
import { personalMembers } from "../catalogue/tencent-ssl/personal-members.js";
import { isObject, type JsonObject, type JsonPath, setMember } from "../lib/json.js";
import { enumerated, present } from "../lib/lists.js";
import { maskedValue } from "../lib/personal-data.js";
import { formatId } from "../lib/safe-text.js";
import { replyLimit } from "./budget.js";
import { isEmpty, isHollow } from "./empty.js";
import { isDocumented, minPerCharacter } from "./size.js";

/** Original number of items or members, by path, where some were left out. */
export type Counts = ReadonlyMap<string, number>;

interface Selection {
  readonly members: JsonObject;
  readonly counts: Counts;
  /** What was left out or masked, one sentence each. */
  readonly notes: readonly string[];
}

interface SelectionOptions {
  /** The short form; the whole reply if absent. */
  readonly summary?: Summary | undefined;
  readonly maskPersonal?: boolean;
  /** Number of members that will be added to these. */
  readonly addedMembers?: number;
}

export const keyOf = (path: JsonPath): string => path.join("/");

/** A product's or region's part of a list, with a count and a list of its own. */
export function isGroup(item: unknown): item is JsonObject {
  return isObject(item) && Object.hasOwn(item, "TotalCount") && Object.values(item).some(Array.isArray);
}

/** Up to this many groups, every group is kept. */
const maxGroups = 100;

/** What exceeds this cannot be shown, whatever is added. */
const maxCost = replyLimit * 1.25;

/** A name and its value. */
const minPerMember = 3;

/**
 * The members to show: those of the short form, without its empty ones; personal data of certificate orders masked,
 * with enough left for someone who knows the person; and no more than can be shown at all. Later steps take time for
 * each value, and a cloud may send a hundred times what fits into a reply.
 */
export function selectMembers(sent: JsonObject, options: SelectionOptions = {}): Selection {
  return new Selector(options).select(sent, options.addedMembers ?? 0);
}

/** A cloud may send members of any name. */
const nameList = (names: ReadonlySet<string>) => enumerated([...names].map((name) => String(formatId(name))));

class Selector {
  readonly #counts = new Map<string, number>();
  readonly #leftOut = new Set<string>();
  readonly #masked = new Set<string>();
  readonly #maskPersonal: boolean;
  /** The list whose rows are shortened, and the members to keep of each row. */
  readonly #rows: string | undefined;
  readonly #wanted: ReadonlySet<string>;
  /** Members to leave out at any depth. */
  readonly #unwanted: ReadonlySet<string>;
  readonly #isSummary: boolean;
  /** The least that what is selected so far costs. */
  #cost = 0;
  /** Of the value at hand. */
  readonly #path: (string | number)[] = [];

  constructor({ summary, maskPersonal = false }: SelectionOptions) {
    this.#maskPersonal = maskPersonal;
    this.#isSummary = summary !== undefined;
    this.#rows = summary && "rows" in summary ? summary.rows : undefined;
    this.#wanted = new Set(summary && "rows" in summary ? summary.keep : []);
    this.#unwanted = new Set(summary && "leaveOut" in summary ? summary.leaveOut : []);
  }

  select(sent: JsonObject, besides: number): Selection {
    const entries = Object.entries(sent).filter(([name, member]) => this.#isWanted(name, member));
    const kept = new Map<string, unknown>();
    for (const [name, member] of entries) {
      if (!isDocumented(name)) continue;
      // If several lists are long, each ends up with a small part of the reply.
      const left = this.#cost > 4 * maxCost ? maxCost / 4 : maxCost;
      kept.set(name, this.#member(name, member, this.#cost + left));
    }
    const atMost = this.#cost + maxCost;
    for (const [name, member] of entries) {
      if (kept.has(name)) continue;
      if (this.#cost > atMost) {
        this.#counts.set("", entries.length + besides);
        break;
      }
      kept.set(name, this.#member(name, member, atMost));
    }
    // In the order in which they were sent.
    const inOrder = entries.flatMap(([name]) => (kept.has(name) ? [[name, kept.get(name)] as const] : []));
    return { members: Object.fromEntries(inOrder), counts: this.#counts, notes: this.#notes() };
  }

  #notes(): string[] {
    return present([
      this.#leftOut.size > 0 &&
        `A summary, without ${nameList(this.#leftOut)}; call again with detail "full" for everything.`,
      this.#masked.size > 0 && `Personal data is masked, as this server is configured: ${nameList(this.#masked)}.`,
    ]);
  }

  #isWanted(name: string, member: unknown): boolean {
    if (this.#isRow() ? this.#wanted.has(name) : !this.#unwanted.has(name)) return true;
    if (!this.#leftOut.has(name) && !isHollow(member)) this.#leftOut.add(name);
    return false;
  }

  #isRow(): boolean {
    return this.#path.length === 2 && this.#path[0] === this.#rows && typeof this.#path[1] === "number";
  }

  /** Whether empty members of the value at hand are dropped; at the top level they stay. */
  #dropsEmpty(): boolean {
    if (!this.#isSummary || this.#path.length === 0) return false;
    return this.#rows === undefined || (this.#path[0] === this.#rows && this.#path.length >= 2);
  }

  /** @param atMost what everything so far may cost at the end of it */
  #member(name: string, member: unknown, atMost: number): unknown {
    if (isEmpty(member)) return member;
    const kind = this.#maskPersonal ? personalMembers.get(name) : undefined;
    if (kind !== undefined) this.#masked.add(name);
    const shown = kind === undefined ? this.#inside(name, member, atMost) : maskedValue(member, kind);
    this.#cost += kind === undefined ? minPerMember : minPerMember + 1;
    return shown;
  }

  #inside(step: string | number, value: unknown, atMost: number): unknown {
    this.#cost += 1;
    if (typeof value === "string") this.#cost += value.length * minPerCharacter;
    if (!Array.isArray(value) && !isObject(value)) return value;
    this.#path.push(step);
    const selected = Array.isArray(value) ? this.#items(value, atMost) : this.#members(value, atMost);
    this.#path.pop();
    return selected;
  }

  #items(items: readonly unknown[], atMost: number): unknown[] {
    if (items.length > 0 && items.length <= maxGroups && items.every(isGroup)) {
      const share = (atMost - this.#cost + 1) / items.length;
      return items.map((group, index) => this.#inside(index, group, this.#cost + share));
    }
    const kept: unknown[] = [];
    for (const [index, item] of items.entries()) {
      if (this.#cost > atMost) {
        this.#counts.set(keyOf(this.#path), items.length);
        break;
      }
      kept.push(this.#inside(index, item, atMost));
      this.#cost += 1;
    }
    return kept;
  }

  #members(members: JsonObject, atMost: number): JsonObject {
    const dropsEmpty = this.#dropsEmpty();
    const kept: Record<string, unknown> = {};
    for (const name in members) {
      const member = members[name];
      if (!this.#isWanted(name, member)) continue;
      if (this.#cost > atMost) {
        this.#counts.set(keyOf(this.#path), Object.keys(members).length);
        break;
      }
      const before = this.#cost;
      const shown = this.#member(name, member, atMost);
      if (dropsEmpty && isEmpty(shown)) this.#cost = before;
      else setMember(kept, name, shown);
    }
    return kept;
  }
}
