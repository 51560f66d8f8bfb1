import type { JsonObject } from "../lib/json.js";
import { andMore, formatId, joined, type SafeText, safe } from "../lib/safe-text.js";
import type { Plan } from "./plan.js";

/** The outcome of one approved request, as far as this program knows. */
interface StepOutcome {
  readonly changed: "yes" | "no" | "unknown";
  readonly requestId?: string;
  readonly code?: string;
  /** The cloud's ids of what was bought; empty except for purchases. */
  readonly ids: readonly string[];
}

/** Longest list of ids shown, in characters. */
const MAX_IDS_LENGTH = 300;

/** One execution of an approved call. */
export class Execution {
  readonly effect: Plan["effect"];
  readonly #outcomes: StepOutcome[] = [];
  #endedAt: number | undefined;

  constructor(effect: Plan["effect"]) {
    this.effect = effect;
  }

  /** On the monotonic clock; undefined while it is running. */
  get endedAt(): number | undefined {
    return this.#endedAt;
  }

  add(outcome: StepOutcome): void {
    this.#outcomes.push(outcome);
  }

  end(now: number): void {
    this.#endedAt ??= now;
  }

  /** Whether it changed something. */
  get changed(): StepOutcome["changed"] {
    const has = (changed: StepOutcome["changed"]) => this.#outcomes.some((outcome) => outcome.changed === changed);
    if (has("unknown")) return "unknown";
    return has("yes") ? "yes" : "no";
  }

  /** The outcome as a sentence without a full stop: "The cloud accepted it (request id …)". */
  get description(): SafeText {
    const reference = this.#outcomes.flatMap(({ requestId, code, ids }) => [
      ...(code === undefined ? [] : [safe`code ${formatId(code)}`]),
      ...(requestId === undefined ? [] : [safe`request id ${formatId(requestId)}`]),
      ...ids.map((named) => joined(named.split(" ").map(formatId), safe` `)),
    ]);
    const outcome = changedTexts[this.changed];
    return reference.length === 0 ? outcome : safe`${outcome} (${listedIn(reference)})`;
  }
}

/** As many as fit, and how many are left out. */
function listedIn(texts: readonly SafeText[]): SafeText {
  const fits = (count: number) => joined(texts.slice(0, count)).length <= MAX_IDS_LENGTH;
  const count = Math.max(1, texts.findLastIndex((_, index) => fits(index + 1)) + 1);
  return andMore(texts, count, (text) => text);
}

const changedTexts: Readonly<Record<StepOutcome["changed"], SafeText>> = {
  yes: safe`The cloud accepted it`,
  no: safe`It changed nothing`,
  unknown: safe`Whether it took effect is not known`,
};

/** The ids of what was bought, by the API's own names. Nothing else of the reply is repeated. */
export function idsIn(result: JsonObject | undefined, effect: Plan["effect"]): string[] {
  if (effect !== "purchase") return [];
  return Object.entries(result ?? {}).flatMap(([name, value]) => {
    const ids = [value].flat().filter((id) => typeof id === "string" || typeof id === "number");
    return /Ids?$/.test(name) && name !== "RequestId" && ids.length > 0 ? [`${name} ${ids.join(" ")}`] : [];
  });
}
