import { caution, worstFirst } from "../catalogue/warnings.js";
import { joined, ownWords, safe } from "../lib/escape-text.js";
import { applicationFacts } from "../standing-approvals/application.js";
import type { CallFacts, JudgedCall } from "../standing-approvals/facts.js";
import type { BoundCall } from "./binding.js";
import type { StateSnapshot } from "./current-state/current-state.js";
import { warningsOf } from "./describe-plan.js";
import type { ApprovedInAdvance, InAdvance } from "./in-advance.js";

/** The gate's side of standing approvals: checks for each call whether it was approved in advance. */

/** Whether a standing approval covers a call. */
export interface StandingApprovalCheck {
  readonly approved?: ApprovedInAdvance;
  /** The state, with the bounds of standing approvals that the call breaks, for the person who is asked. */
  readonly told: StateSnapshot;
}

/** How many of the bounds that a call breaks a plan names. */
const NAMED = 4;

/** Checks a call against the standing approvals. Its facts are read only if some standing approval could cover it. */
export async function checkStandingApprovals(
  call: BoundCall,
  snapshot: StateSnapshot,
  standingApprovals: InAdvance | undefined,
): Promise<StandingApprovalCheck> {
  // Reading the facts takes TLS connections to every target.
  const facts = standingApprovals && (await standingApprovals.anyOpen()) ? await factsOf(call) : undefined;
  if (standingApprovals === undefined || facts === undefined) return { told: snapshot };
  const { operation, parts, account, accounts = [account] } = call;
  const losses = worstFirst(warningsOf(call, snapshot)).filter(({ severity }) => severity !== "caution");
  const judged: JudgedCall = {
    facts,
    operations: (parts ?? [operation]).map(({ name }) => name),
    accounts,
    losses: losses.map(({ says }) => String(says)),
  };
  const judgement = await standingApprovals.judge(judged);
  if ("inside" in judgement) return { approved: { id: judgement.inside.id, call: judged }, told: snapshot };
  const outside = judgement.outside.map(({ id, reasons }) => {
    const more = reasons.length - NAMED;
    const named = joined(reasons.slice(0, NAMED), safe`; `);
    const why = more > 0 ? safe`${named}; and ${more} more` : named;
    return caution(safe`Standing approval ${ownWords(id)} does not cover this: ${why}.`);
  });
  return { told: { ...snapshot, warnings: [...(snapshot.warnings ?? []), ...outside] } };
}

async function factsOf({ facts, operation, params, parts }: BoundCall): Promise<CallFacts | undefined> {
  if (facts !== undefined) return facts();
  return parts === undefined && operation.name === "ApplyCertificate" ? applicationFacts(params) : undefined;
}
