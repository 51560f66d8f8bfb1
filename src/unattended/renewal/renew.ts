import { z } from "zod";
import { uncovered } from "../../certificates/domain-names.js";
import type { JsonObject } from "../../lib/json.js";
import { ToolError } from "../../lib/tool-error.js";
import type { Notify } from "../../notify/event.js";
import type { CallOutcome } from "../call.js";
import { gravestOf, type Outcome, outcomeOfFailure } from "../outcome.js";
import { deploymentsOf, oneByOne, onlyFor, type PlannedDeployment, type Renewable } from "./deployments.js";
import { dueAt } from "./due.js";
import type { PlaceInUse, RenewalEstate } from "./estate.js";
import type { FilePair, FoundPairs } from "./file-pairs.js";
import { type FindSuccessors, successorsAmong } from "./successor.js";

/** What a renewal works with. Its only clock is `now`. */
export interface RenewalDeps {
  readonly now: () => Date;
  /** Reads what is in use and what is stored. @throws {ToolError} if nothing could be read */
  readonly readEstate: () => Promise<RenewalEstate>;
  /** Finds the certificates that tools keep as files. */
  readonly findFiles: () => Promise<FoundPairs>;
  /** Carries out one call through the gate, and waits for its proof. */
  readonly carryOut: (tool: string, args: JsonObject) => Promise<CallOutcome>;
  /** Whether a person approved anything in advance: then a part of a plan may pass where the whole does not. */
  readonly hasStandingApprovals: () => Promise<boolean>;
  /** Tells people elsewhere. */
  readonly tell: Notify;
  /** Tells the person who looks on. */
  readonly log: (line: string) => void;
  /** Ends the renewal after the call that is under way. */
  readonly signal: AbortSignal;
}

export interface RenewalOptions {
  /** Milliseconds before its end at which a certificate is due, instead of a third of its lifetime. */
  readonly before?: number | undefined;
  /** Whether to apply for free certificates where there is no successor. */
  readonly apply: boolean;
  /** Whether nothing is carried out. */
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

export type PlaceState =
  | "renewed"
  | "planned"
  | "accepted"
  | "applied for"
  | "needs a person"
  | "no successor"
  | "failed"
  | "not attempted";

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

/**
 * One renewal: reads what is in use, finds what is due and what takes over there, has that deployed, and reports. What
 * an earlier run left unfinished is found again by reading; nothing is remembered here.
 */
export async function renewOnce(deps: RenewalDeps, options: RenewalOptions): Promise<RenewalReport> {
  const { now, signal } = deps;
  const started = now().getTime();
  let estate: RenewalEstate;
  try {
    estate = await deps.readEstate();
  } catch (error) {
    if (!(error instanceof ToolError)) throw error;
    return { outcome: outcomeOfFailure(error), in_use: 0, due: [], calls: [], unseen: [error.details.happened] };
  }
  const calls: CallOutcome[] = [];
  await watchUnproven(estate, deps, options, calls);
  const due = estate.places.filter(({ held }) => dueAt(held, options.before) <= started);
  const later = estate.places.map(({ held }) => dueAt(held, options.before)).filter((at) => at > started);
  const renewed: Became = new Map();
  let problems: readonly string[] = [];
  if (due.length > 0) {
    const files = await deps.findFiles();
    ({ problems } = files);
    const successorsOf = successorsAmong(files.pairs, estate.stored, started);
    const found = due.flatMap((place): Renewable[] => {
      const [successor] = successorsOf(place);
      return successor === undefined ? [] : [{ place, successor }];
    });
    const deployments = deploymentsOf(found, estate.open_jobs);
    for (const deployment of deployments) await deployTo(deployment, deps, options, calls, renewed);
    await deployNextBest(found, successorsOf, estate, deps, options, calls, renewed);
    const without = due.filter((place) => !found.some((each) => each.place === place));
    await applyFor(without, files.pairs, estate, deps, options, calls, renewed);
  }
  const rows = due.map((place): RenewedPlace => {
    const { domain, service, old_certificate_id: old, held } = place;
    const became = renewed.get(place) ?? { state: "no successor" as const };
    return { ...(domain && { domain }), service, ...(old && { old_certificate_id: old }), ends: held.ends, ...became };
  });
  // A question that another certificate answered is none any more.
  const isAsked = rows.some(({ state }) => state === "needs a person");
  const told = calls.filter(({ outcome }) => isAsked || outcome !== "needs a person");
  for (const { outcome, waits } of told) if (waits && outcome === "needs a person") deps.tell(waits);
  tellOfEnds(rows, deps);
  const unseen = [...estate.unseen, ...problems];
  return {
    outcome: outcomeFor(rows, told, unseen, signal),
    in_use: estate.places.length,
    due: rows,
    calls: told,
    unseen,
    ...(later.length > 0 && { next_due: new Date(Math.min(...later)).toISOString() }),
  };
}

/** Has one certificate deployed; what may pass by itself passes, and the rest is left for a person as one question. */
async function deployTo(
  whole: PlannedDeployment,
  deps: RenewalDeps,
  options: RenewalOptions,
  calls: CallOutcome[],
  became: Became,
): Promise<void> {
  const { successor, places } = whole;
  const { called } = successor;
  const note = (call: CallOutcome, some: readonly PlaceInUse[]) => {
    calls.push(call);
    for (const place of some) became.set(place, { successor: called, ...stateIn(call, place, options) });
  };
  if (deps.signal.aborted) {
    for (const place of places) became.set(place, { state: "not attempted", successor: called });
    return;
  }
  deps.log(`${called}: ${places.map(nameOf).join(", ")}`);
  const deploy = ({ args }: PlannedDeployment) => deps.carryOut("deploy_certificate", args);
  const call = await deploy(whole);
  const parts = call.outcome === "needs a person" && !options.dryRun ? oneByOne(whole) : [];
  if (parts.length === 0 || !(await deps.hasStandingApprovals())) return note(call, places);
  const left: PlaceInUse[] = [];
  for (const part of parts) {
    const alone = deps.signal.aborted ? call : await deploy(part);
    if (alone.outcome === "needs a person") left.push(...part.places);
    else note(alone, part.places);
  }
  if (left.length === places.length) return note(call, places);
  if (left.length > 0) note(deps.signal.aborted ? call : await deploy(onlyFor(whole, left)), left);
}

/** How many other certificates are tried for one place: each is planned and checked anew. */
const ALTERNATIVES = 2;

/** Where the best certificate needs a person, another one may be inside a standing approval: it keeps the place served. */
async function deployNextBest(
  found: readonly Renewable[],
  successorsOf: FindSuccessors,
  { open_jobs: open }: RenewalEstate,
  deps: RenewalDeps,
  options: RenewalOptions,
  calls: CallOutcome[],
  became: Became,
): Promise<void> {
  const left = found.filter(({ place }) => became.get(place)?.state === "needs a person");
  if (left.length === 0 || options.dryRun || !(await deps.hasStandingApprovals())) return;
  for (const { place } of left) {
    for (const successor of successorsOf(place).slice(1, 1 + ALTERNATIVES)) {
      const tried: CallOutcome[] = [];
      const states: Became = new Map();
      for (const deployment of deploymentsOf([{ place, successor }], open))
        await deployTo(deployment, deps, options, tried, states);
      const state = states.get(place);
      // The question that is left is about the best one.
      if (state === undefined || state.state === "needs a person" || state.state === "not attempted") continue;
      calls.push(...tried);
      became.set(place, state);
      break;
    }
  }
}

const nameOf = ({ domain, service, old_certificate_id: old }: PlaceInUse) =>
  domain === undefined ? `what uses ${old} (${service})` : `${domain} (${service})`;

/** What an earlier run sent and did not see served, such as one that was killed, is looked at again. */
async function watchUnproven(
  { open_jobs: open }: RenewalEstate,
  { carryOut, signal, log }: RenewalDeps,
  { dryRun }: RenewalOptions,
  calls: CallOutcome[],
): Promise<void> {
  for (const { id, targets } of open) {
    if (targets !== undefined || dryRun || signal.aborted) continue;
    log(`looking again at job ${id}, which is not proven yet`);
    calls.push(await carryOut("wait_for", { what: "deployment", id }));
  }
}

const jobResult = z.object({
  targets: z.array(z.object({ target: z.string(), state: z.string(), says: z.string().optional() }).passthrough()),
});

/** States of a target that was seen as it should be. */
const proven: ReadonlySet<string> = new Set(["served", "unchanged"]);

/** What a call says about one of its places. */
function stateIn(
  { outcome, result, error, plan }: CallOutcome,
  place: PlaceInUse,
  { dryRun }: RenewalOptions,
): Pick<RenewedPlace, "state" | "says"> {
  const targets = jobResult.safeParse(result).data?.targets ?? [];
  const named = place.domain ?? place.old_certificate_id ?? "";
  const target = targets.find(({ target: name }) => name.split(/[\s(),]+/).includes(named));
  if (target !== undefined) {
    const says = target.says === undefined ? {} : { says: target.says };
    if (proven.has(target.state)) return { state: "renewed", ...says };
    if (target.state === "accepted") return { state: "accepted", ...says };
    return { state: target.state === "not attempted" ? "not attempted" : "failed", ...says };
  }
  if (dryRun && plan !== undefined) return { state: "planned" };
  if (outcome === "needs a person") return { state: "needs a person", says: plan?.question ?? error?.happened ?? "" };
  return { state: outcome === "done" ? "renewed" : outcome === "accepted" ? "accepted" : "failed", ...saidBy(error) };
}

const saidBy = (error: CallOutcome["error"]) => (error === undefined ? {} : { says: error.happened });

type Became = Map<PlaceInUse, Pick<RenewedPlace, "state" | "says" | "successor">>;

/**
 * Applies for a free certificate where nothing takes over, one for each domain. Whether that was done before is read
 * from the store: an application that is pending is never made again, and once issued the certificate is a successor.
 */
async function applyFor(
  places: readonly PlaceInUse[],
  pairs: readonly FilePair[],
  { stored }: RenewalEstate,
  { carryOut, signal, now }: RenewalDeps,
  { apply, before, dryRun }: RenewalOptions,
  calls: CallOutcome[],
  became: Became,
): Promise<void> {
  const pending = stored.filter(({ service, group }) => service === "tencent-ssl" && group === "pending");
  const applied = new Map<string, Pick<RenewedPlace, "state" | "says">>();
  for (const place of places) {
    const { domain } = place;
    if (domain === undefined) continue;
    const waiting = pending.find(({ names }) => uncovered(names, [domain]).length === 0);
    if (waiting !== undefined) {
      became.set(place, { state: "applied for", successor: waiting.id, says: "applied for, and not issued yet" });
      continue;
    }
    const isKept = pairs.some(({ names }) => uncovered(names, [domain]).length === 0);
    if (isKept && now().getTime() < patienceUntil(place, before)) {
      became.set(place, { state: "no successor", says: "a tool keeps it as a file, and has not renewed it yet" });
      continue;
    }
    // A free certificate has no wildcard.
    if (!apply || domain.startsWith("*.") || signal.aborted) continue;
    const known = applied.get(domain);
    if (known !== undefined) {
      became.set(place, known);
      continue;
    }
    const call = await carryOut("ApplyCertificate", {
      DvAuthMethod: "DNS_AUTO",
      DomainName: domain,
      ...keyLike(place),
    });
    calls.push(call);
    const state = stateOfApplication(call, dryRun);
    applied.set(domain, state);
    became.set(place, state);
  }
}

/** A tool that runs later today renews the file: half of the time that is left is its. */
function patienceUntil({ held }: PlaceInUse, before: number | undefined): number {
  return (dueAt(held, before) + Date.parse(held.ends)) / 2;
}

/** The cloud's default, RSA 2048, is weaker than the usual key of elliptic curves, and no standing approval allows that. */
const keyLike = ({ held }: PlaceInUse): JsonObject =>
  held.kind === "EC" ? { CsrEncryptAlgo: "ECC", CsrKeyParameter: "prime256v1" } : {};

function stateOfApplication(
  { outcome, plan, error }: CallOutcome,
  dryRun: boolean,
): Pick<RenewedPlace, "state" | "says"> {
  if (dryRun && plan !== undefined) return { state: "planned" };
  if (outcome === "done") return { state: "applied for" };
  if (outcome === "needs a person") return { state: "needs a person", says: plan?.question ?? error?.happened ?? "" };
  return { state: "failed", ...saidBy(error) };
}

/** One event for what is due and not renewed by now. */
function tellOfEnds(rows: readonly RenewedPlace[], { tell }: RenewalDeps): void {
  const domains = rows.flatMap(({ domain, service, ends, state }) =>
    domain === undefined || state === "renewed" ? [] : [{ domain, service, notAfter: ends }],
  );
  if (domains.length > 0) tell({ type: "certificate.ends_soon", domains });
}

const outcomes: Readonly<Record<PlaceState, Outcome>> = {
  renewed: "done",
  planned: "done",
  accepted: "accepted",
  "applied for": "accepted",
  "needs a person": "needs a person",
  "no successor": "needs a person",
  failed: "failed",
  "not attempted": "failed",
};

/** What could not be read may be due, so it is no success. */
function outcomeFor(
  rows: readonly RenewedPlace[],
  calls: readonly CallOutcome[],
  unseen: readonly string[],
  signal: AbortSignal,
): Outcome {
  return gravestOf([
    ...(signal.aborted ? (["interrupted"] as const) : []),
    ...rows.map(({ state }) => outcomes[state]),
    ...calls.map(({ outcome }) => (outcome === "not usable" ? "failed" : outcome)),
    ...(unseen.length > 0 ? (["failed"] as const) : []),
  ]);
}
