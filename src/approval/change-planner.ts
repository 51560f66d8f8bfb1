import type { Warning } from "../catalogue/operation.js";
import { caution, worstFirst } from "../catalogue/warnings.js";
import type { Reader } from "../lib/language.js";
import { formatAsker, joined, type SafeText, safe, verbatim } from "../lib/safe-text.js";
import { applicationFacts, type CallFacts, type JudgedCall } from "../standing-approvals/facts.js";
import type { StandingApprovals } from "../standing-approvals/store.js";
import type { ApprovalStore } from "./approval-store.js";
import type { ApprovalBinding, GatedCall, PlannedCall } from "./call-binding.js";
import { replyTo } from "./channel.js";
import { type StateSnapshot, withoutPersonal } from "./current-state/read-current-state.js";
import { plansOf, repeatWarning, warningsOf } from "./describe-plan.js";
import { obstaclesTo } from "./obstacles.js";
import type { PendingApproval, StandingApprovalMatch } from "./pending-approval.js";
import type { Plan, Plans } from "./plan.js";
import type { PreparedQuestion, TeamApproval } from "./team/approval.js";

export interface ChangePlannerOptions {
  readonly store: ApprovalStore;
  /** Reads the current state through documented reads. `fresh`: not from the cloud's cache. */
  readonly readCurrentState: (call: PlannedCall, fresh: boolean, signal: AbortSignal) => Promise<StateSnapshot>;
  /** Whether calls go to the sandbox; false if absent. */
  readonly sandbox?: boolean;
  /** Whether and where a call touches anything real, in words for a person. */
  readonly environmentOf?: (call: PlannedCall) => SafeText;
  /** What persons approved in advance; nothing if absent. */
  readonly standingApprovals?: StandingApprovals | undefined;
  /** Lets a team decide, by its rules; absent if the user of this computer decides. */
  readonly team?: TeamApproval | undefined;
}

/** A change as people will see it, and who decides it. */
interface PreparedChange extends PreparedQuestion {
  /** The state that it starts from. */
  readonly snapshot: StateSnapshot;
  /** The standing approval that decides it: nobody is asked. */
  readonly approved?: StandingApprovalMatch;
}

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
  async plan(call: GatedCall, { binding, signal }: PendingApproval): Promise<PreparedChange> {
    const { store, readCurrentState, standingApprovals, team } = this.#options;
    replyTo(call.caller).enterStage({ name: "planning" });
    const snapshot = await readCurrentState(call, false, signal);
    const obstacle = obstaclesTo(call, snapshot, this.#options);
    if (obstacle !== undefined) throw obstacle;
    const { approved, snapshot: annotated } = await checkStandingApprovals(call, snapshot, standingApprovals);
    if (approved !== undefined || team === undefined) {
      const plans = this.#plansOf(call, binding, annotated);
      return { snapshot, plans, ...(approved && { approved }), opened: () => {} };
    }
    const isKnown = store.recentIdentical(binding) !== undefined;
    const plansWith = (elsewhere: readonly Warning[]) => this.#plansOf(call, binding, annotated, { elsewhere });
    return { snapshot, ...(await team.prepare(call, binding, isKnown, plansWith)) };
  }

  /** The plan of a question without personal data. */
  withoutPersonal(call: GatedCall, binding: ApprovalBinding, snapshot: StateSnapshot, id: string): Plan {
    return this.#plansOf(call, binding, withoutPersonal(snapshot), { id })[this.#reader.language];
  }

  /** The plan, with facts for the person that do not follow from the call's arguments. */
  #plansOf(
    call: GatedCall,
    binding: ApprovalBinding,
    snapshot: StateSnapshot,
    { elsewhere = [], id }: { readonly elsewhere?: readonly Warning[]; readonly id?: string } = {},
  ): Plans {
    const { store, environmentOf } = this.#options;
    const { identity } = call.caller;
    const same = store.recentIdentical(binding);
    const callWithFacts = {
      ...call,
      repeatWarnings: [...(same ? [repeatWarning(same)] : []), ...elsewhere],
      environment: environmentOf?.(call),
      asker: identity && formatAsker({ ...identity.person, client: identity.client }),
    };
    return plansOf(callWithFacts, snapshot, binding.exact, this.#reader.timeZone, id);
  }
}

/** How many of the bounds that a call breaks a plan names. */
const NAMED = 4;

/**
 * Checks a call against the standing approvals. Its facts are read only if some standing approval could cover it.
 * @returns the one that covers it; and the state, with the bounds that the call breaks, for the person who is asked
 */
async function checkStandingApprovals(
  call: PlannedCall,
  snapshot: StateSnapshot,
  standingApprovals: StandingApprovals | undefined,
): Promise<{ readonly approved?: StandingApprovalMatch; readonly snapshot: StateSnapshot }> {
  // Reading the facts takes TLS connections to every target.
  const facts = standingApprovals && (await standingApprovals.anyOpen()) ? await factsOf(call) : undefined;
  if (standingApprovals === undefined || facts === undefined) return { snapshot };
  const { operation, parts, signers = {} } = call;
  const called = parts ?? [operation];
  const losses = worstFirst(warningsOf(call, snapshot)).filter(({ severity }) => severity !== "caution");
  const judged: JudgedCall = {
    facts,
    operations: called.map(({ name }) => name),
    accounts: [...new Set(Object.values(signers))],
    endpoints: [...new Set(called.map(({ service }) => service.id))].map((service) => {
      return { service, endpoint: standingApprovals.endpointOf(service) };
    }),
    losses: losses.map(({ says }) => String(says)),
  };
  const judgement = await standingApprovals.judge(judged);
  if ("coveredBy" in judgement) return { approved: { id: judgement.coveredBy.id, call: judged }, snapshot };
  const outside = judgement.notCoveredBy.map(({ id, reasons }) => {
    const more = reasons.length - NAMED;
    const named = joined(reasons.slice(0, NAMED), safe`; `);
    const why = more > 0 ? safe`${named}; and ${more} more` : named;
    return caution(safe`Standing approval ${verbatim(id)} does not cover this: ${why}.`);
  });
  return { snapshot: { ...snapshot, warnings: [...(snapshot.warnings ?? []), ...outside] } };
}

async function factsOf({ readFacts, operation, params, parts }: PlannedCall): Promise<CallFacts | undefined> {
  if (readFacts !== undefined) return readFacts();
  return parts === undefined && operation.name === "ApplyCertificate" ? applicationFacts(params) : undefined;
}
