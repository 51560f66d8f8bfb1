import { createHash, createHmac, randomBytes } from "node:crypto";
import type { Changeable } from "../catalogue/operation.js";
import { isSecret } from "../catalogue/params.js";
import { type SensitiveValue, sensitiveValues } from "../catalogue/sensitive.js";
import type { Plan } from "./plan.js";
import type { Present } from "./present.js";
import { ApprovalRequest } from "./request.js";

/** How long a person's approval is good, and how long a question may be answered; milliseconds. */
export const approvalLifetime = 5 * 60_000;

/** A plan that was put forward, with what it is bound to. */
export interface Entry {
  /** Stands for the operation, exactly these arguments, and the account. */
  readonly key: string;
  readonly request: ApprovalRequest;
  /** What the person was shown as "now". */
  readonly present: Present;
  /** When it was put forward; milliseconds since the epoch. */
  readonly openedAt: number;
  /** Whether a person has been asked. */
  presented?: boolean;
  /** Why it is good for nothing any more. */
  spent?: "used" | "voided";
  /** Digests of the tokens that stand for it. */
  readonly tokens: string[];
}

/** What is kept of an entry that is good for nothing any more: its plan may be long. */
type Spent = Pick<Entry, "key" | "openedAt"> & { readonly spent: "used" | "voided" };

/** Why a presented token lets nothing through. */
export type BadToken = "foreign" | "altered" | "expired" | "used" | "voided";

/** The plans that wait for a decision or hold one, in this process's memory and nowhere else. */
export class Ledger {
  readonly #now: () => number;
  readonly #secretKey = randomBytes(32);
  readonly #waiting = new Map<string, Entry>();
  /** By the digest of the token. */
  readonly #tokens = new Map<string, Entry | Spent>();

  constructor(now: () => number) {
    this.#now = now;
  }

  /**
   * A digest of the operation, its arguments and the account. Secret values enter it under a key of this process, so
   * that nobody can try out passwords on it.
   */
  keyOf(operation: Changeable, params: Readonly<Record<string, unknown>>, account: string): string {
    const secrets = new Map(
      sensitiveValues(operation.params, params).flatMap((sensitive) =>
        isSecret(sensitive.content) ? [[sensitive.path, this.#digestOf(sensitive)]] : [],
      ),
    );
    const bound = [operation.service.id, operation.name, account, canonical(params, secrets)];
    return createHash("sha256").update(JSON.stringify(bound)).digest("hex");
  }

  /** The entry for `key` that is still good: waiting for a decision, or decided and not yet used. */
  find(key: string): Entry | undefined {
    const entry = this.#waiting.get(key);
    if (entry === undefined) return undefined;
    if (entry.spent === undefined && !entry.request.expired) return entry;
    this.#waiting.delete(key);
    return undefined;
  }

  open(key: string, plan: Plan, present: Present): Entry {
    this.#forgetOld();
    const openedAt = this.#now();
    const request = new ApprovalRequest(plan, openedAt + approvalLifetime, this.#now);
    const entry: Entry = { key, request, present, openedAt, tokens: [] };
    this.#waiting.set(key, entry);
    return entry;
  }

  /** Makes the entry good for nothing; says whether it was good until now. */
  spend(entry: Entry, how: "used" | "voided"): boolean {
    if (entry.spent !== undefined || entry.request.expired) return false;
    entry.spent = how;
    const { key, openedAt } = entry;
    for (const token of entry.tokens) this.#tokens.set(token, { key, openedAt, spent: how });
    if (this.#waiting.get(entry.key) === entry) this.#waiting.delete(entry.key);
    return true;
  }

  /** Drops an entry whose answer was no, so that the same call asks anew. */
  drop(entry: Entry): void {
    if (this.#waiting.get(entry.key) === entry) this.#waiting.delete(entry.key);
  }

  /** A new token that stands for the entry. */
  issueToken(entry: Entry): string {
    const token = `apr_${randomBytes(32).toString("base64url")}`;
    const name = digest(token);
    entry.tokens.push(name);
    this.#tokens.set(name, entry);
    return token;
  }

  /** The entry that `token` stands for, if the call is the one that it was issued for. */
  redeem(token: string, key: string): Entry | BadToken {
    const entry = this.#tokens.get(digest(token));
    if (entry === undefined) return "foreign";
    if (entry.key !== key) return "altered";
    if (entry.spent !== undefined) return entry.spent;
    return entry.request.expired ? "expired" : entry;
  }

  #digestOf({ path, value }: SensitiveValue): string {
    return createHmac("sha256", this.#secretKey).update(`${path}\n${value}`).digest("hex");
  }

  /** Old entries are kept a while, so that a late token hears why it is refused; then memory is given back. */
  #forgetOld(): void {
    const horizon = this.#now() - 3 * approvalLifetime;
    for (const entries of [this.#waiting, this.#tokens]) {
      for (const [key, { openedAt }] of entries) if (openedAt < horizon) entries.delete(key);
    }
  }
}

/** The same value always as the same text: members sorted, secrets replaced. */
function canonical(value: unknown, secrets: ReadonlyMap<string, string>, path = ""): unknown {
  const secret = secrets.get(path);
  if (secret !== undefined) return { secret };
  const below = (name: string) => (path === "" ? name : `${path}.${name}`);
  if (Array.isArray(value)) return value.map((item, index) => canonical(item, secrets, below(String(index))));
  if (typeof value !== "object" || value === null) return value;
  const members = Object.entries(value)
    .filter(([, member]) => member !== undefined)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, member]) => [name, canonical(member, secrets, below(name))]);
  return { members };
}

function digest(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}
