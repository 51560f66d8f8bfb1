import type { Decision } from "../audit/entry.js";
import type { Language } from "../lib/language.js";
import type { ToolError } from "../lib/tool-error.js";
import { answerTo, type Plan, type Plans } from "./plan.js";

/** Where a request can be decided. */
export type ChannelKind = "form" | "page" | "terminal" | "team";

/** Where a team decides; also the channel of its decisions. */
export const teamPlace = "team";

/** The answer of one person, where people log in. */
export interface NamedDecision {
  readonly id: string;
  readonly name: string;
  readonly at: Date;
  readonly answer: Exclude<Decision, "dismissed">;
  /** Digest of the words that they were shown. */
  readonly shown: string;
}

/** A place where a request can be decided. */
interface Place {
  /** Whether the person sees it without looking for it. */
  readonly shown: boolean;
  /** Its address, if it is safe to publish because deciding there takes a login. */
  readonly address?: string | undefined;
}

/** Why a client's form led to no decision. */
export type FormFailure =
  /** Sooner than a person can. */
  | { readonly kind: "answered at once" }
  | { readonly kind: "neither yes nor no" }
  /** A text where the form has a checkbox: the client did not show that form. */
  | { readonly kind: "text for the checkbox" }
  /** A yes without the name that has to be typed. */
  | { readonly kind: "name missing" }
  | { readonly kind: "error"; readonly code?: number };

/** How a request ended. */
interface RequestEnding {
  readonly verdict: Decision;
  /** The channel through which it was decided. */
  readonly channel: string;
  /** Who decided it, where that is known by name. */
  readonly by?: readonly NamedDecision[];
  /** What was typed, if the verdict is "wrong name"; not told where several people decide. */
  readonly typed?: "nothing" | "something else";
  /** Why it was closed without a decision, if more than that is known. */
  readonly why?: ToolError | undefined;
}

/** A plan that waits for a person's decision. Only the first decision counts. */
export class ApprovalRequest {
  /** When it can no longer be decided; milliseconds since the epoch. */
  readonly expiresAt: number;
  readonly #now: () => number;
  readonly #language: Language;
  #plans: Plans;
  #ending: RequestEnding | undefined;
  #formFailure: FormFailure | undefined;
  readonly #places = new Map<ChannelKind, Place>();
  #listeners: (() => void)[] = [];
  /** When the reply of a call first told of it, and where it can be decided, on the monotonic clock. */
  reportedAt: number | undefined;
  /** Resolves once it can be decided somewhere. */
  readonly offered: Promise<void>;
  #offer = () => {};
  /** Resolves once it is decided. */
  readonly decided: Promise<void>;
  #decide = () => {};

  /** @param language of the person, as far as known in advance */
  constructor(plans: Plans, expiresAt: number, now: () => number, language: Language = "en") {
    this.#language = language;
    this.#plans = plans;
    this.expiresAt = expiresAt;
    this.#now = now;
    this.offered = new Promise((resolve) => {
      this.#offer = resolve;
    });
    this.decided = new Promise((resolve) => {
      this.#decide = resolve;
    });
  }

  /** In English. */
  get plan(): Plan {
    return this.planIn("en");
  }

  /** For a person who has not chosen a language. */
  get planAsked(): Plan {
    return this.planIn(this.#language);
  }

  planIn(language: Language): Plan {
    return this.#plans[language];
  }

  get verdict(): Decision | undefined {
    return this.#ending?.verdict;
  }

  get ending(): RequestEnding | undefined {
    return this.#ending;
  }

  get expired(): boolean {
    return this.#now() >= this.expiresAt;
  }

  /** Whether a person can still decide it. */
  get open(): boolean {
    return this.#ending === undefined && !this.expired;
  }

  /**
   * Takes a person's decision. `typed` is what they typed if the plan asks for it.
   * @returns whether it counted: false if it was already decided or has expired
   */
  decide(approve: boolean, channel: string, typed?: string, by: readonly NamedDecision[] = []): boolean {
    if (!this.open) return false;
    const isBlank = by.length === 0 && (typed ?? "").trim() === "";
    const verdict = answerTo(this.plan, approve, typed);
    const typedInstead = isBlank ? "nothing" : "something else";
    this.#end({ verdict, channel, by, ...(verdict === "wrong name" && { typed: typedInstead }) });
    return true;
  }

  /** Marks it as decidable at `place`. `shown`: the person sees it without looking for it. */
  offerAt(place: ChannelKind, shown: boolean, address?: string): void {
    this.#changePlaces(() => this.#places.set(place, { shown, address }));
    this.#offer();
  }

  /** Marks it as not decidable in the client's form after all. */
  withdrawFromForm(why: FormFailure): void {
    this.#changePlaces(() => this.#places.delete("form"));
    this.#formFailure = why;
  }

  /** Why the client's form led to no decision, if it was tried. */
  get formFailure(): FormFailure | undefined {
    return this.#formFailure;
  }

  get places(): ReadonlyMap<ChannelKind, Place> {
    return this.#places;
  }

  /** Whether the person sees it somewhere without looking for it. */
  get shown(): boolean {
    return [...this.#places.values()].some(({ shown }) => shown);
  }

  /** Resolves once `shown` is no longer what it is now. */
  shownOrHidden(): Promise<void> {
    return new Promise((resolve) => {
      this.#listeners.push(resolve);
    });
  }

  /**
   * Closes it without a decision: it was dismissed, or nobody waits for the answer any more.
   * @param why an error that says more than that
   */
  dismiss(channel: string, why?: ToolError): void {
    if (this.#ending === undefined) this.#end({ verdict: "dismissed", channel, why });
  }

  /** Keeps only the plan's headline once nobody has to judge it any more: the rest may be long. */
  forgetPlan(): void {
    const named = (plan: Plan) => ({ ...plan, warnings: [], rows: [], facts: [], details: [] });
    this.#plans = { en: named(this.#plans.en), "zh-CN": named(this.#plans["zh-CN"]) };
  }

  #changePlaces(change: () => unknown): void {
    const before = this.shown;
    change();
    if (this.shown !== before) for (const onlooker of this.#listeners.splice(0)) onlooker();
  }

  #end(ending: RequestEnding): void {
    this.#ending = ending;
    this.#decide();
  }
}
