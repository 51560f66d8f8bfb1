import type { JsonObject } from "../../lib/json.js";
import type { SafeText } from "../../lib/safe-text.js";
import type { CommandPlace, Notify } from "../../notify/event.js";
import type { Fitness } from "../../tools/inventory/takeover.js";
import type { CallOutcome } from "../call.js";
import type { Outcome } from "../outcome.js";
import type { FoundPairs } from "./file-pairs.js";
import type { PlaceInUse, RenewalInventory } from "./inventory.js";

/** A certificate at Tencent Cloud SSL. */
export interface ToLookInto {
  readonly id: string;
  /** Of one in use: what clients do with it before its end counts. */
  readonly ends?: string;
}

/** What a renewal works with. Its only clock is `now`. */
export interface RenewalDeps {
  readonly now: () => Date;
  /** Reads what is in use and what is stored. @throws {ToolError} if nothing could be read */
  readonly readInventory: () => Promise<RenewalInventory>;
  readonly findFiles: () => Promise<FoundPairs>;
  /** Looks into certificates, and answers by their ids; those of which nothing could be seen are absent. */
  readonly lookUpFitness: (certificates: readonly ToLookInto[]) => Promise<Readonly<Record<string, Fitness>>>;
  /** Carries out one call through the gate, and waits for its proof. */
  readonly callTool: (tool: string, args: JsonObject) => Promise<CallOutcome>;
  /** Whether a person approved anything in advance: then part of a plan may be covered even if all of it is not. */
  readonly hasStandingApprovals: () => Promise<boolean>;
  readonly notify: Notify;
  /** Where it runs: where a person has to start it again to be asked. */
  readonly commandPlace: CommandPlace;
  /** Reports progress to the person at the terminal. */
  readonly log: (line: SafeText) => void;
  /** Ends the renewal after the call that is under way. */
  readonly signal: AbortSignal;
}

export interface RenewalOptions {
  /** Milliseconds before its end at which a certificate is due, instead of a third of its lifetime. */
  readonly before?: number | undefined;
  /** Whether to apply for free certificates where there is no successor. */
  readonly apply: boolean;
  readonly dryRun: boolean;
}

/** What became of a place that was due. */
export interface RenewedPlace {
  readonly domain?: string;
  readonly service: string;
  readonly old_certificate_id?: string;
  readonly ends: string;
  /** What takes over. */
  readonly successor?: string;
  readonly state: PlaceState;
  readonly says?: string;
}

/** What became of a place, and how a run ends with it. */
export const outcomeOfPlace = {
  renewed: "done",
  planned: "done",
  accepted: "accepted",
  "applied for": "accepted",
  "needs a person": "needs a person",
  "no successor": "needs a person",
  failed: "failed",
  "not attempted": "failed",
} as const satisfies Readonly<Record<string, Outcome>>;

export type PlaceState = keyof typeof outcomeOfPlace;

export interface RenewalReport {
  readonly outcome: Outcome;
  /** How many places were looked at. */
  readonly in_use: number;
  readonly due: readonly RenewedPlace[];
  readonly calls: readonly CallOutcome[];
  /** What could not be read, one sentence each: something there may be due. */
  readonly unseen: readonly string[];
  /** When the next certificate that was seen becomes due; ISO 8601. */
  readonly next_due?: string;
}

/** A renewal under way: what it works with, what it found, and what came of it so far. */
export interface RenewalRun extends RenewalDeps, RenewalOptions {
  readonly inventory: RenewalInventory;
  readonly calls: CallOutcome[];
  readonly results: Map<PlaceInUse, Pick<RenewedPlace, "state" | "says" | "successor">>;
}

/** What a whole call says about its places; `done` is their state if all went well. */
export function stateAfterCall(
  { outcome, plan, error }: CallOutcome,
  dryRun: boolean,
  done: "renewed" | "applied for",
): Pick<RenewedPlace, "state" | "says"> {
  if (dryRun && plan !== undefined) return { state: "planned" };
  if (outcome === "needs a person") return { state: "needs a person", says: plan?.question ?? error?.happened ?? "" };
  const state = outcome === "done" ? done : outcome === "accepted" ? "accepted" : "failed";
  const unknown = error?.changed === "unknown" ? " Outcome unknown." : "";
  return { state, ...(error && { says: `${error.happened}${unknown}` }) };
}
