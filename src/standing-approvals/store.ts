import { createHmac } from "node:crypto";
import { z } from "zod";
import type { AuditEntry } from "../audit/entry.js";
import { AuditError, type AuditSource } from "../audit/source.js";
import { parseObject } from "../lib/json.js";
import { dayFor } from "../lib/moment.js";
import { type SafeText, safe, verbatim } from "../lib/safe-text.js";
import { sameSecret } from "../lib/same-secret.js";
import { unapproved } from "../lib/tool-error.js";
import { brokenBounds, type StandingUse } from "./check-bounds.js";
import type { JudgedCall } from "./facts.js";
import { Ledger } from "./ledger.js";
import { digestOfTerms, isAmong, type StandingTerms, standingTerms, validityAt } from "./terms.js";
import type { TermsStore } from "./terms-files.js";

/** A standing approval as it is now. */
export interface StandingApproval {
  readonly id: string;
  /** Absent if its file cannot be read. */
  readonly terms?: StandingTerms;
  readonly state: "valid" | "not yet" | "ended" | "spent" | "revoked" | "void";
  /** Why it is void. */
  readonly why?: SafeText;
  readonly uses: readonly StandingUse[];
}

/** What is left of one after a use. */
export interface StandingRemainder {
  readonly usesLeft: number;
  readonly terms: StandingTerms;
}

/** What the standing approvals say about a call. */
type Judgement =
  | { readonly coveredBy: StandingApproval & { readonly terms: StandingTerms } }
  /** The valid approvals that name one of its domains or nearly cover it, each with the bounds that the call breaks. */
  | { readonly notCoveredBy: readonly { readonly id: string; readonly reasons: readonly SafeText[] }[] };

/**
 * Where calls to a service go now, by its id: host, with port and path unless they are the defaults; undefined if that is
 * not known.
 */
export type EndpointResolver = (service: string) => string | undefined;

export interface StandingApprovalsOptions {
  readonly terms: TermsStore;
  /** The audit log, to read and to write. */
  readonly log: AuditSource;
  readonly append: (entry: AuditEntry) => Promise<void>;
  readonly now: () => Date;
  /** Absent where no call is judged. */
  readonly endpointOf?: EndpointResolver | undefined;
}

/** How many bounds a call may break and still nearly fit. */
const MAX_NEAR_REASONS = 2;

const content = z.strictObject({
  terms: standingTerms,
  /** The newest line of the audit log when this was written: a log that was cut off before it is found out. */
  anchor: z.strictObject({ seq: z.number().int().nonnegative(), hash: z.string() }),
});
type Content = z.output<typeof content>;

/**
 * The approvals that persons gave in advance. The terms of each are kept under a MAC; the audit log records that a
 * person approved them, each use, and the end. If these do not agree, the approval is void.
 *
 * A program of the same user can read the key of the MAC and write the log; SECURITY.md says what that means.
 */
export class StandingApprovals {
  readonly #options: StandingApprovalsOptions;
  /** The last reading of the log; readings run one after the other. */
  #ledger: Promise<Ledger | undefined> = Promise.resolve(undefined);

  constructor(options: StandingApprovalsOptions) {
    this.#options = options;
  }

  /** As in {@link EndpointResolver}: a standing approval counts only for the endpoints that it was given for. */
  endpointOf(service: string): string | undefined {
    return this.#options.endpointOf?.(service);
  }

  /** Keeps the terms that a person has just approved with this plan. */
  async give(terms: StandingTerms, planId: string): Promise<void> {
    const digest = digestOfTerms(terms);
    await this.#options.append({ event: "standing approval given", id: terms.id, planId, terms: digest });
    await this.#write(terms);
  }

  /** All of them, by id. */
  async list(): Promise<readonly StandingApproval[]> {
    const { terms } = this.#options;
    const [texts, key] = [await terms.read(), await terms.key()];
    if (texts.length === 0) return [];
    const ledger = await this.#readLedger();
    return Promise.all(texts.map(({ id, text }) => this.#stateOf(id, parseStored(id, text, key), ledger)));
  }

  /** Whether any could let a call through. */
  async anyOpen(): Promise<boolean> {
    return (await this.list()).some(({ state }) => state === "valid" || state === "spent");
  }

  /** Whether one of them approves the call in advance. */
  async judge(call: JudgedCall): Promise<Judgement> {
    const notCoveredBy: { id: string; reasons: readonly SafeText[] }[] = [];
    for (const each of await this.list()) {
      const { id, terms, uses } = each;
      // Approvals that have ended are not worth mentioning to a person; those without uses left are.
      if (terms === undefined || (each.state !== "valid" && each.state !== "spent")) continue;
      const reasons = brokenBounds(terms, call, this.#options.now(), uses);
      if (reasons.length === 0) return { coveredBy: { ...each, terms } };
      const isNear =
        reasons.length <= MAX_NEAR_REASONS || domainsIn(call).some((domain) => isAmong(domain, terms.domains));
      if (isNear) notCoveredBy.push({ id, reasons });
    }
    return { notCoveredBy };
  }

  /**
   * Uses it for a plan and returns what is left of it. The order of lines in the log decides which of several processes
   * got the last use.
   * @throws {ToolError} if it no longer approves the call; nothing was sent in that case
   */
  async use(id: string, planId: string, call: JudgedCall): Promise<StandingRemainder> {
    // Putting back belongs to a use that was already counted, and must be possible even after the last one.
    const isCounted = call.facts.kind !== "put back";
    const before = await this.#requireValid(id, isCounted ? undefined : "spent");
    this.#requireCovered(id, brokenBounds(before.terms, call, this.#options.now(), before.uses));
    await this.#options.append({ event: "standing approval used", id, planId, ...(!isCounted && { put_back: true }) });
    const { terms, uses } = await this.#requireValid(id, "spent");
    const own = uses.findIndex((use) => use.planId === planId);
    if (own === -1 && isCounted) throw notValidError(id, safe`another call took its last use`);
    const earlier = own === -1 ? uses : uses.slice(0, own);
    this.#requireCovered(id, brokenBounds(terms, call, this.#options.now(), earlier));
    await this.#write(terms);
    return { usesLeft: terms.uses - uses.length, terms };
  }

  /** @throws {ToolError} if it was revoked, ended or became void since it was used */
  async confirm(id: string): Promise<void> {
    await this.#requireValid(id, "spent");
  }

  /**
   * Ends it at once.
   * @returns false if there is none with this id
   */
  async revoke(id: string): Promise<boolean> {
    if (!(await this.#options.terms.read()).some((each) => each.id === id)) return false;
    await this.#options.append({ event: "standing approval revoked", id });
    return true;
  }

  async #requireValid(id: string, also?: "spent"): Promise<StandingApproval & { readonly terms: StandingTerms }> {
    const found = (await this.list()).find((each) => each.id === id);
    const { terms, state, why } = found ?? { state: "void" as const, terms: undefined, why: undefined };
    if (found === undefined || terms === undefined || (state !== "valid" && state !== also)) {
      throw notValidError(id, why ?? approvalStateTexts[state]);
    }
    return { ...found, terms };
  }

  #requireCovered(id: string, reasons: readonly SafeText[]): void {
    const [reason] = reasons;
    if (reason !== undefined) throw notValidError(id, reason);
  }

  async #stateOf(id: string, held: StoredTerms, ledger: Ledger | SafeText): Promise<StandingApproval> {
    if ("unreadable" in held) return { id, state: "void", why: held.unreadable, uses: [] };
    const { terms, anchor } = held;
    if (!(ledger instanceof Ledger)) return { id, terms, state: "void", why: ledger, uses: [] };
    const { terms: given, uses: recorded, revokedAt } = ledger.about(id);
    const uses = withinLimits(terms, recorded);
    const state = (state: StandingApproval["state"], why?: SafeText) => ({
      id,
      terms,
      state,
      uses,
      ...(why && { why }),
    });
    if (given === undefined) return state("void", safe`the audit log does not say that a person approved it`);
    if (given !== digestOfTerms(terms)) return state("void", safe`it does not say what a person approved`);
    if (!(await ledger.has(anchor)))
      return state("void", safe`the audit log was cut off or replaced since it was last used`);
    if (revokedAt !== undefined) return state("revoked");
    const validity = validityAt(terms, this.#options.now());
    return state(validity !== "ended" && uses.length >= terms.uses ? "spent" : validity);
  }

  async #readLedger(): Promise<Ledger | SafeText> {
    try {
      return await this.#read();
    } catch (error) {
      if (error instanceof AuditError) return verbatim(error.message);
      throw error;
    }
  }

  /** Readings run one after the other: each continues where the one before stopped. */
  #read(): Promise<Ledger> {
    const before = this.#ledger;
    const reading = before.then((ledger) => Ledger.read(this.#options.log, ledger));
    // A reading that failed half-way stopped at the line before the one that it could not read.
    this.#ledger = reading.catch(() => before);
    return reading;
  }

  async #write(terms: StandingTerms): Promise<void> {
    const { head } = await this.#read();
    const held: Content = { terms, anchor: { seq: head.seq, hash: head.hash } };
    const mac = macOf(held, await this.#options.terms.keyToWrite());
    const text = `${JSON.stringify({ ...held, mac }, null, 2)}\n`;
    await this.#options.terms.write(terms.id, text, head.seq);
  }
}

/** The uses that count: one that was recorded when none was left let nothing through. */
function withinLimits(terms: StandingTerms, recorded: readonly StandingUse[]): readonly StandingUse[] {
  const { uses: most, uses_a_day: aDay, time_zone: timeZone } = terms;
  const counted: StandingUse[] = [];
  const days = new Map<string, number>();
  for (const use of recorded) {
    const day = dayFor(use.at, { timeZone });
    const before = days.get(day) ?? 0;
    if (counted.length >= most || before >= aDay) continue;
    days.set(day, before + 1);
    counted.push(use);
  }
  return counted;
}

type StoredTerms = Content | { readonly unreadable: SafeText };

function parseStored(id: string, text: string, key: Buffer | undefined): StoredTerms {
  const { mac, ...rest } = parseObject(text) ?? {};
  const parsed = content.safeParse(rest);
  if (!parsed.success || typeof mac !== "string")
    return { unreadable: safe`its file cannot be read, or is of another version of this program` };
  if (key === undefined) return { unreadable: safe`the key that its file is checked with is missing or damaged` };
  if (parsed.data.terms.id !== id || !sameSecret(macOf(parsed.data, key), mac)) {
    return { unreadable: safe`its file was changed` };
  }
  return parsed.data;
}

function macOf({ terms, anchor }: Content, key: Buffer): string {
  const text = JSON.stringify([digestOfTerms(terms), anchor.seq, anchor.hash]);
  return createHmac("sha256", key).update(text).digest("hex");
}

/** The names that a call is about. */
function domainsIn({ facts }: JudgedCall): readonly string[] {
  return facts.kind === "deployment" ? facts.targets.flatMap(({ domains }) => domains) : facts.domains;
}

/** How it stands, as the end of "Standing approval sa-… ". */
export const approvalStateTexts: Readonly<Record<StandingApproval["state"], SafeText>> = {
  valid: safe`is valid`,
  "not yet": safe`is not valid yet`,
  ended: safe`has ended`,
  spent: safe`has no uses left`,
  revoked: safe`was revoked`,
  void: safe`is void`,
};

function notValidError(id: string, why: SafeText) {
  return unapproved(
    safe`Standing approval ${verbatim(id)}, which approved this in advance, no longer does: ${why}. Nothing was sent.`.toString(),
    "Call again: a person is asked then.",
  );
}
