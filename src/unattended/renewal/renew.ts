import type { JobTarget } from "../../jobs/job.js";
import { asInDns } from "../../lib/domain-name.js";
import { firstOf } from "../../lib/lists.js";
import { formatId, formatName, joined, safe, verbatim } from "../../lib/safe-text.js";
import { ToolError } from "../../lib/tool-error.js";
import type { CallOutcome } from "../call.js";
import { mostSevereOf, type Outcome, outcomeOfFailure } from "../outcome.js";
import { deploymentsOf, oneByOne, onlyFor, type PlannedDeployment, type Renewable } from "./deployments.js";
import type { UnfitFile } from "./file-pairs.js";
import { withFitness } from "./fitness.js";
import { applyFor, canApplyAt } from "./free-certificates.js";
import { dueAt, type PlaceInUse, type RenewalInventory } from "./inventory.js";
import {
  outcomeOfPlace,
  type PlaceState,
  type RenewalDeps,
  type RenewalOptions,
  type RenewalReport,
  type RenewalRun,
  type RenewedPlace,
  stateAfterCall,
} from "./renewal.js";
import {
  couldTakeOver,
  type FindSuccessors,
  isWorse,
  othersThan,
  storedCandidatesFor,
  successorsAmong,
} from "./successor.js";

/**
 * One renewal: reads what is in use, finds what is due and what takes over there, deploys that, and reports. Nothing is
 * remembered between runs: what an earlier run left unfinished is found by reading.
 */
export async function renewOnce(deps: RenewalDeps, options: RenewalOptions): Promise<RenewalReport> {
  const { now, signal } = deps;
  const started = now().getTime();
  let inventory: RenewalInventory;
  try {
    inventory = await deps.readInventory();
  } catch (error) {
    if (!(error instanceof ToolError)) throw error;
    return { outcome: outcomeOfFailure(error), in_use: 0, due: [], calls: [], unseen: [error.details.happened] };
  }
  const run: RenewalRun = { ...deps, ...options, inventory, calls: [], results: new Map() };
  const { calls, results } = run;
  await finishRollbacks(run);
  await watchUnproven(run);
  let due: readonly PlaceInUse[] = inventory.places.filter(({ held }) => dueAt(held, options.before) <= started);
  const later = inventory.places.map(({ held }) => dueAt(held, options.before)).filter((at) => at > started);
  let problems: readonly string[] = [];
  let unusable: readonly string[] = [];
  let unknown: readonly string[] = [];
  if (due.length > 0) {
    const files = await deps.findFiles();
    ({ problems } = files);
    const { pairs } = files;
    const looked = await withFitness({ due, pairs, stored: storedCandidatesFor(due, inventory.stored, started) }, deps);
    ({ due, unseen: unknown } = looked);
    const successorsOf = successorsAmong(pairs, looked.stored, started, inventory.rolled_back);
    unusable = unusableFor(due, files.unusable, successorsOf, started);
    const found = due.flatMap((place): Renewable[] => {
      const [successor] = successorsOf(place).successors;
      if (successor === undefined || (isWorse(successor, place) && canApplyAt(place, run))) return [];
      return [{ place, successor }];
    });
    const deployments = deploymentsOf(found, inventory.open_jobs);
    for (const deployment of deployments) await deployTo(deployment, run);
    await deployNextBest(found, successorsOf, run);
    const without = due.filter((place) => !found.some((each) => each.place === place));
    const isBack = (place: PlaceInUse) => {
      const { rolledBack } = successorsOf(place);
      if (rolledBack !== undefined)
        results.set(place, { state: "needs a person", says: afterRollback(rolledBack.job) });
      return rolledBack !== undefined;
    };
    const unserved = without.filter((place) => !isBack(place));
    await applyFor(unserved, pairs, run);
    await askAboutWorse(unserved, successorsOf, run);
  }
  const rows = due.map((place): RenewedPlace => {
    const { domain, service, old_certificate_id: old, held } = place;
    const said = results.get(place) ?? { state: "no successor" as const };
    return { ...(domain && { domain }), service, ...(old && { old_certificate_id: old }), ends: held.ends, ...said };
  });
  // A question is dropped if another certificate renewed its place after all.
  const isAsked = rows.some(({ state }) => state === "needs a person");
  const told = calls.filter(({ tool, outcome }) => isAsked || tool === rollBack || outcome !== "needs a person");
  for (const { outcome, waits } of told) {
    if (waits && outcome === "needs a person")
      deps.notify({ type: "plan.left", plan: waits.plan, ...deps.commandPlace });
  }
  if (options.dryRun) {
    for (const { waits } of calls) if (waits) deps.notify({ type: "plan.made", plan: waits.plan });
  } else {
    notifyOfExpiry(rows, deps);
    if (inventory.drifting.length > 0) deps.notify({ type: "drift.seen", domains: inventory.drifting });
  }
  const unseen = [...inventory.unseen, ...problems];
  return {
    outcome: outcomeFor(rows, told, unseen, signal),
    in_use: inventory.places.length,
    due: rows,
    calls: told,
    unseen: [...unseen, ...inventory.doubts, ...unusable, ...unknown],
    ...(later.length > 0 && { next_due: new Date(Math.min(...later)).toISOString() }),
  };
}

/** Lines that a report has room for. */
const unusableAtMost = 20;

/**
 * What of the files could not be used and is, or may be, for a place that is due: of what nobody can tell what it holds,
 * only where nothing fit takes over.
 */
function unusableFor(
  due: readonly PlaceInUse[],
  files: readonly UnfitFile[],
  successorsOf: FindSuccessors,
  now: number,
): string[] {
  const isServed = (place: PlaceInUse) => successorsOf(place).successors.some(({ fitness }) => fitness !== "refused");
  const isWanted = due.some((place) => !isServed(place));
  const told = files.filter(({ leaf }) => (leaf ? due.some((place) => couldTakeOver(leaf, place, now)) : isWanted));
  return firstOf([...new Set(told.map(({ says }) => says))], unusableAtMost);
}

/** Deploys one certificate where a standing approval covers that; the rest is left to a person as one question. */
async function deployTo(whole: PlannedDeployment, run: RenewalRun): Promise<void> {
  const { signal, log, callTool, hasStandingApprovals, dryRun, calls, results } = run;
  const { successor, places } = whole;
  const { label } = successor;
  const note = async (call: CallOutcome, some: readonly PlaceInUse[]) => {
    calls.push(call);
    const back = await rollBackAfter(call, whole, run);
    if (back !== undefined) calls.push(back);
    const isBack = back?.outcome === "done" || back?.outcome === "accepted";
    for (const place of some) {
      const sent = stateIn(call, place, dryRun);
      const isGone = isBack && arrived.has(sent.state);
      results.set(place, { successor: label, ...(isGone ? { state: "failed", says: "put back again" } : sent) });
    }
  };
  if (signal.aborted) {
    for (const place of places) results.set(place, { state: "not attempted", successor: label });
    return;
  }
  log(safe`${verbatim(label)}: ${joined(places.map(nameOf))}`);
  const deploy = ({ args }: PlannedDeployment) => callTool("deploy_certificate", args);
  const call = await deploy(whole);
  const parts = call.outcome === "needs a person" && !dryRun ? oneByOne(whole) : [];
  if (parts.length === 0 || !(await hasStandingApprovals())) return note(call, places);
  const left: PlaceInUse[] = [];
  for (const part of parts) {
    const alone = signal.aborted ? call : await deploy(part);
    if (alone.outcome === "needs a person") left.push(...part.places);
    else await note(alone, part.places);
  }
  if (left.length === places.length) return note(call, places);
  if (left.length > 0) await note(signal.aborted ? call : await deploy(onlyFor(whole, left)), left);
}

const rollBack = "roll_back";

/** States of a target that nothing was sent to. */
const untouched: ReadonlySet<JobTarget["state"]> = new Set(["pending", "not attempted", "failed", "unchanged"]);

/** States of a place that has the successor, as far as the cloud says. */
const arrived: ReadonlySet<string> = new Set<PlaceState>(["renewed", "accepted"]);

/**
 * Puts back what a deployment sent before one of its waves was not proven: at once if a person approved that in
 * advance, else it is left as a question. The same for a job whose proof failed in a run that was cut short before it put
 * anything back, if resuming it needs a person.
 */
async function rollBackAfter(
  { job, outcome }: CallOutcome,
  { resumes }: PlannedDeployment,
  { callTool, signal, log }: RenewalDeps,
): Promise<CallOutcome | undefined> {
  if (signal.aborted) return undefined;
  if (job?.id !== undefined && job.stopped !== undefined && !job.targets.every(({ state }) => untouched.has(state))) {
    log(safe`job ${verbatim(job.id)} stopped: ${verbatim(job.stopped)}`);
    return callTool(rollBack, { job: job.id });
  }
  const isLeft = outcome === "needs a person" && resumes?.proof_failed === true;
  return isLeft ? callTool(rollBack, { job: resumes.id }) : undefined;
}

async function finishRollbacks({ inventory, dryRun, callTool, signal, log, calls }: RenewalRun): Promise<void> {
  for (const job of inventory.half_put_back) {
    if (dryRun || signal.aborted) continue;
    log(safe`putting back what is left of job ${verbatim(job)}`);
    calls.push(await callTool(rollBack, { job }));
  }
}

const afterRollback = (job: string) =>
  `what would take over was rolled back here (job ${job}): a person deploys it again, or another certificate takes over`;

/** How many others are tried for a place: each takes a plan, with all its reads. */
const othersAtMost = 5;

const leavesQuestion: ReadonlySet<string> = new Set<PlaceState>(["needs a person", "not attempted"]);

const changedNothing = ({ job, error }: CallOutcome) =>
  error === undefined ? job?.targets.every(({ state }) => untouched.has(state)) : error.changed === "no";

/**
 * If the best certificate needs a person, another one that a standing approval covers keeps the place served. What
 * visitors refuse is covered by none. Where that is the best, the old one is so, too: its clients are not those whom
 * another one would serve, so it is left to a person.
 */
async function deployNextBest(
  found: readonly Renewable[],
  successorsOf: FindSuccessors,
  run: RenewalRun,
): Promise<void> {
  const { inventory, dryRun, calls, results } = run;
  const left = found.filter(
    ({ place, successor }) => results.get(place)?.state === "needs a person" && successor.fitness !== "refused",
  );
  if (left.length === 0 || dryRun || !(await run.hasStandingApprovals())) return;
  for (const { place, successor: best } of left) {
    for (const successor of othersThan(best, successorsOf(place).successors).slice(0, othersAtMost)) {
      const attempt: RenewalRun = { ...run, calls: [], results: new Map() };
      for (const deployment of deploymentsOf([{ place, successor }], inventory.open_jobs))
        await deployTo(deployment, attempt);
      const state = attempt.results.get(place);
      // The question that is left is about the best one.
      if (state === undefined || leavesQuestion.has(state.state)) continue;
      if (state.state === "failed" && attempt.calls.every(changedNothing)) continue;
      calls.push(...attempt.calls);
      results.set(place, state);
      break;
    }
  }
}

/** States of a place for which a free certificate is on its way. */
const appliedFor: ReadonlySet<string> = new Set<PlaceState>(["applied for", "accepted", "planned"]);

/** Where no free certificate can be had either, a person decides about what clients would refuse. */
async function askAboutWorse(
  places: readonly PlaceInUse[],
  successorsOf: FindSuccessors,
  run: RenewalRun,
): Promise<void> {
  const { inventory, results } = run;
  const before = new Map(results);
  const left = places.flatMap((place): Renewable[] => {
    const [successor] = successorsOf(place).successors;
    return successor === undefined || appliedFor.has(before.get(place)?.state ?? "") ? [] : [{ place, successor }];
  });
  for (const deployment of deploymentsOf(left, inventory.open_jobs)) await deployTo(deployment, run);
  for (const { place } of left) {
    const result = results.get(place);
    const says = [before.get(place)?.says, result?.says].filter(Boolean).join(" ");
    if (result !== undefined && says !== "") results.set(place, { ...result, says });
  }
}

const nameOf = ({ domain, service, old_certificate_id: old }: PlaceInUse) =>
  domain === undefined
    ? safe`what uses ${formatId(old ?? "")} (${verbatim(service)})`
    : safe`${formatName(domain)} (${verbatim(service)})`;

/** Looks again at what an earlier run, such as one that was killed, sent and did not see served. */
async function watchUnproven({ inventory, dryRun, callTool, signal, log, calls }: RenewalRun): Promise<void> {
  for (const { id, targets } of inventory.open_jobs) {
    if (targets !== undefined || dryRun || signal.aborted) continue;
    log(safe`looking again at job ${verbatim(id)}, which is not proven yet`);
    calls.push(await callTool("wait_for", { what: "deployment", id }));
  }
}

/** What a call says about one of its places. */
function stateIn(call: CallOutcome, place: PlaceInUse, dryRun: boolean): Pick<RenewedPlace, "state" | "says"> {
  const target = call.job?.targets.find((each) => isTargetOf(each, place));
  if (target === undefined) return stateAfterCall(call, dryRun, "renewed");
  const says = target.says ?? (target.state === "sending" ? "outcome unknown" : undefined);
  return { state: placeStates[target.state], ...(says !== undefined && { says }) };
}

/** What a place is by the state of its target. */
const placeStates: Readonly<Record<JobTarget["state"], PlaceState>> = {
  served: "renewed",
  unchanged: "renewed",
  accepted: "accepted",
  pending: "not attempted",
  "not attempted": "not attempted",
  sending: "failed",
  failed: "failed",
  "incomplete chain": "failed",
  superseded: "failed",
};

function isTargetOf(
  target: JobTarget,
  { service, domain, zone_id: zone, old_certificate_id: old }: PlaceInUse,
): boolean {
  if (target.service !== service) return false;
  if (domain === undefined) return target.oldCertificateId === old;
  return target.domain === asInDns(domain) && (zone === undefined || target.zoneId === zone);
}

/** One event for what is due and not renewed by now. */
function notifyOfExpiry(rows: readonly RenewedPlace[], { notify }: RenewalDeps): void {
  const domains = rows.flatMap(({ domain, service, ends, state }) =>
    domain === undefined || state === "renewed" ? [] : [{ domain, service, notAfter: ends }],
  );
  if (domains.length > 0) notify({ type: "certificate.ends_soon", domains });
}

/** Something that could not be read may be due, so the run is not a success; what a list leaves open is only told. */
function outcomeFor(
  rows: readonly RenewedPlace[],
  calls: readonly CallOutcome[],
  unseen: readonly string[],
  signal: AbortSignal,
): Outcome {
  return mostSevereOf([
    ...(signal.aborted ? (["interrupted"] as const) : []),
    ...rows.map(({ state }) => outcomeOfPlace[state]),
    ...calls.map(({ outcome }) => (outcome === "not usable" ? "failed" : outcome)),
    ...(unseen.length > 0 ? (["failed"] as const) : []),
  ]);
}
