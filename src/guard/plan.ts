import type { Effect } from "../catalogue/operation.js";

/** One thing that changes, as a person compares it. */
export interface PlanRow {
  /** The object by name: "Certificate abcd1234 (www.example.com)". */
  readonly object: string;
  /** What of it changes: "server certificate". */
  readonly aspect: string;
  readonly now: string;
  readonly then: string;
}

/** What a person is shown before a change: enough to judge it in five seconds, and no secret. */
export interface Plan {
  /** Names the plan in logs and lists; knowing it approves nothing. */
  readonly id: string;
  /** The cloud and service: "Tencent Cloud SSL". */
  readonly where: string;
  /** The credential id it will be done with, shortened: "AKID…9xYz". */
  readonly account: string;
  /** The documented action. */
  readonly operation: string;
  readonly title: string;
  /** One sentence that ends in a question mark. */
  readonly question: string;
  readonly effect: Exclude<Effect, "read">;
  readonly warnings: readonly string[];
  readonly rows: readonly PlanRow[];
  /** Facts about the objects involved, for whoever wants to look closer: name and value. */
  readonly facts: readonly (readonly [name: string, value: string])[];
  /** Every argument that will be sent, by the API's own name; secrets as type and fingerprint only. */
  readonly details: readonly (readonly [name: string, value: string])[];
  /** What the person must type back to approve; undefined when a yes is enough. */
  readonly typed: string | undefined;
}

/** What kind of change it is, in words for a person. */
export const effectInWords: Readonly<Record<Plan["effect"], string>> = {
  "key-export": "Takes a private key out of the cloud into this server's memory; live traffic is not touched.",
  create: "Adds something; live traffic is not touched.",
  change: "Changes a record or an order; live traffic is not touched.",
  traffic: "Changes what a live domain serves.",
  destroy: "Cannot be undone.",
  purchase: "Spends money or quota.",
};
