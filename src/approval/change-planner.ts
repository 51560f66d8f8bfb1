import type { SafeText } from "../lib/escape-text.js";
import type { Reader } from "../lib/language.js";
import type { ApprovalStore } from "./approval-store.js";
import type { ApprovalBinding, BoundCall } from "./binding.js";
import { askerInWords, type Caller, replyTo } from "./channel.js";
import { type StateSnapshot, withoutPersonal } from "./current-state/current-state.js";
import { plansOf, warnedAlso, warnedOf } from "./describe-plan.js";
import type { ApprovedInAdvance, InAdvance } from "./in-advance.js";
import { obstaclesTo } from "./obstacles.js";
import type { PendingApproval } from "./pending-approval.js";
import type { Plan, Plans } from "./plan.js";
import type { PlannedCall } from "./planned-call.js";
import type { ApprovalRequest } from "./request.js";
import { checkStandingApprovals } from "./standing-approval-check.js";
import type { TeamGate } from "./team-gate.js";

export interface ChangePlannerOptions {
  readonly store: ApprovalStore;
  /** Reads the current state through documented reads. `fresh`: not from the cloud's cache. */
  readonly readCurrentState: (call: PlannedCall, fresh: boolean, signal: AbortSignal) => Promise<StateSnapshot>;
  /** Whether calls go to the sandbox; false if absent. */
  readonly sandbox?: boolean;
  /** Whether and where a call touches anything real, in words for a person. */
  readonly environmentOf?: (call: BoundCall) => SafeText;
  /** What persons approved in advance; nothing if absent. */
  readonly standingApprovals?: InAdvance | undefined;
  /** Lets a team decide, by its rules; absent if the user of this computer decides. */
  readonly team?: TeamGate | undefined;
}

/** A change as people will see it, and who decides it. */
export interface PreparedChange {
  /** The state that it starts from. */
  readonly snapshot: StateSnapshot;
  readonly plans: Plans;
  /** The standing approval that decides it: nobody is asked. */
  readonly approved?: ApprovedInAdvance;
  /** Present if an earlier call of the same person already asked their team this, at any server. */
  readonly joined?: {
    /** How long that question can still be decided, in milliseconds. */
    readonly left: number;
  };
  /** Tells the team which request it became. */
  opened(request: ApprovalRequest): void;
}

type AskedCall = PlannedCall & { readonly caller: Caller };

/** Finds out what a change does to the current state, and who decides it, before anybody is asked. */
export class ChangePlanner {
  readonly #options: ChangePlannerOptions;
  readonly #reader: Reader;

  constructor(options: ChangePlannerOptions, reader: Reader) {
    this.#options = options;
    this.#reader = reader;
  }

  /**
   * @throws {ToolError} if it cannot succeed, or if somebody else's question about the same purchase or creation is
   * open
   */
  async plan(call: AskedCall, { binding, signal }: PendingApproval): Promise<PreparedChange> {
    const { store, readCurrentState, standingApprovals, team } = this.#options;
    replyTo(call.caller).reached({ name: "planning" });
    const snapshot = await readCurrentState(call, false, signal);
    const obstacle = obstaclesTo(call, snapshot, this.#options);
    if (obstacle !== undefined) throw obstacle;
    const { approved, told } = await checkStandingApprovals(call, snapshot, standingApprovals);
    if (approved !== undefined || team === undefined) {
      const plans = this.#plansOf(call, binding, told);
      return { snapshot, plans, ...(approved && { approved }), opened: () => {} };
    }
    const isKnown = store.sameBefore(binding) !== undefined;
    const warned = warnedAlso(call, await team.sameElsewhere(call, binding, isKnown));
    const { plans, left, opened } = await team.prepare(call, binding, this.#plansOf(warned, binding, told));
    return { snapshot, plans, ...(left !== undefined && { joined: { left } }), opened };
  }

  /** The plan of a question without personal data. */
  withoutPersonal(call: AskedCall, binding: ApprovalBinding, snapshot: StateSnapshot, planId: string): Plan {
    return this.#plansOf(call, binding, withoutPersonal(snapshot), planId)[this.#reader.language];
  }

  /** The plan, with facts for the person that do not follow from the call's arguments. */
  #plansOf(call: AskedCall, binding: ApprovalBinding, snapshot: StateSnapshot, id?: string): Plans {
    const { store, environmentOf } = this.#options;
    const told = {
      ...warnedOf(call, store.sameBefore(binding)),
      environment: environmentOf?.(call),
      asker: askerInWords(call.caller),
    };
    return plansOf(told, snapshot, binding.exact, this.#reader.timeZone, id);
  }
}
