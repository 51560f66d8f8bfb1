import type { ChangeOperation } from "../catalogue/operation.js";
import { Failure } from "../failure.js";
import { type ApprovalRequest, describeChange, type Sealing } from "./describe.js";

/** What became of a question that was put to a person. Anything that is not a clear yes is a no. */
export type Answer = "yes" | "no" | "cancelled" | "timed out" | "malformed" | "nobody to ask";

/** A way to reach a person. It never decides anything itself. */
export interface Approver {
  ask(request: ApprovalRequest, signal: AbortSignal): Promise<Answer>;
}

/** Lets a change through only after a person said yes to it. Closed by default. */
export class Gate {
  readonly #approver: Approver;
  readonly #readOnly: boolean;

  constructor(approver: Approver, policy: { readonly readOnly: boolean }) {
    this.#approver = approver;
    this.#readOnly = policy.readOnly;
  }

  /** @throws {Failure} unless a person approved this operation with these parameters */
  async pass(
    operation: ChangeOperation,
    params: Readonly<Record<string, unknown>>,
    seal: Sealing,
    signal: AbortSignal,
  ): Promise<void> {
    if (this.#readOnly) throw refusal(operation, "read-only");
    const answer = await this.#approver.ask(describeChange(operation, params, seal), signal);
    if (signal.aborted) throw refusal(operation, "cancelled");
    if (answer !== "yes") throw refusal(operation, answer);
  }
}

type Reason = Exclude<Answer, "yes"> | "read-only";

const reasons: Readonly<Record<Reason, { happened: string; next: string }>> = {
  "read-only": {
    happened: "Its operator runs this server for reading only.",
    next: "Tell the person that changes are switched off here.",
  },
  no: {
    happened: "The person was asked and did not approve it.",
    next: "Tell the person that nothing was done. Do not ask again unless they bring it up.",
  },
  cancelled: {
    happened: "The question to the person was dismissed without an answer.",
    next: "Tell the person that nothing was done, and ask whether they still want it.",
  },
  "timed out": {
    happened: "The person did not answer in time.",
    next: "Tell the person that nothing was done; when they are ready to answer, call again.",
  },
  malformed: {
    happened: "The client's answer was not one that a person gives to this question.",
    next: "Tell the person that nothing was done and that this client did not pass on a usable answer.",
  },
  "nobody to ask": {
    happened: "It changes something, so a person must approve it first, and this client cannot show the question.",
    next: "Tell the person: changes need a client that supports MCP form elicitation.",
  },
};

function refusal(operation: ChangeOperation, reason: Reason): Failure {
  const { happened, next } = reasons[reason];
  return new Failure({
    kind: "refused",
    happened: `${operation.name} was not carried out. ${happened} Nothing was sent.`,
    changed: "no",
    next,
  });
}
