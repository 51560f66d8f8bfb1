import { noHttps } from "../../catalogue/serving.js";
import { isSameLeaf } from "../../certificates/fingerprint.js";
import { expectationOf, isProven, isSeen, type Job, type JobTarget } from "../../jobs/job.js";
import { PreviousRuns } from "../../jobs/previous-runs.js";
import { wasSent } from "../../jobs/requests.js";
import type { ToolContext } from "../../pipeline/tool.js";
import { answeredIn, certificatesServedIn, tlsReportOrReason } from "../../tls-check/served.js";
import type { AddressReport, ClientKind, TlsReport } from "../../tls-check/tls-check.js";
import { type PollResult, pollUntilDone } from "../wait-for/poll.js";
import type { DeploymentContext } from "./deployer.js";
import { hostOfTarget } from "./targets.js";
import { followTarget, settledRecorder, sightingsAfter } from "./watch.js";
import type { WatchedTarget } from "./watch-target.js";

/** What targets serve, by their ids. */
type EdgeReports = ReadonlyMap<string, TlsReport>;

/** What each target serves, of those where an address answers. */
export async function checkHosts(targets: readonly JobTarget[], context: ToolContext): Promise<EdgeReports> {
  const reports = await Promise.all(
    targets.map(async (target) => {
      const host = hostOfTarget(target);
      const tlsReport = host === undefined ? undefined : await tlsReportOrReason(host, context);
      return tlsReport === undefined || typeof tlsReport === "string" || answeredIn(tlsReport).length === 0
        ? []
        : [[target.id, tlsReport] as const];
    }),
  );
  return new Map(reports.flat());
}

interface ProofOptions {
  /** Identifies the job. */
  readonly key: string;
  /** Of the key of the certificate: RSA, ECDSA, … */
  readonly algorithm: string;
  /** How long a wave may take. */
  readonly withinMs: number;
}

/** What is known of a target after a check: proven, not yet, or never. */
type Verdict = { readonly target: JobTarget } & (
  | { readonly state: "proven" }
  | { readonly state: "not yet" | "never"; readonly why: string }
);

/** Proves the waves of a job, by TLS connections. */
export class WaveProof {
  /** What the targets served when the plan was made. */
  readonly #planned: EdgeReports;
  readonly #options: ProofOptions;
  readonly #context: ToolContext;
  readonly #earlier: DeploymentContext["earlier"];
  /** What they served right before they were sent. */
  readonly #before = new Map<string, TlsReport>();
  /** What was last seen of each target. */
  readonly #followed = new Map<string, WatchedTarget>();
  readonly #recordSettled: ReturnType<typeof settledRecorder>;

  constructor(planned: EdgeReports, options: ProofOptions, { context, earlier }: DeploymentContext) {
    this.#planned = planned;
    this.#options = options;
    this.#context = context;
    this.#earlier = earlier;
    this.#recordSettled = settledRecorder(context);
  }

  /** Waves may go on long after a person approved: what they were shown must still be so. */
  async ready(targets: readonly JobTarget[]): Promise<string | undefined> {
    const { journal, now } = this.#context;
    const present = new PreviousRuns(await journal.read(), this.#options.key, now());
    const edgeReports = await checkHosts(targets, this.#context);
    for (const target of targets) {
      const { id, name } = target;
      if (present.newestRequests([id]) !== this.#earlier.newestRequests([id]))
        return `something else was sent to ${name} since the plan was made.`;
      const [planned, tlsReport] = [this.#planned.get(id), edgeReports.get(id)];
      if (tlsReport === undefined) continue;
      this.#before.set(id, tlsReport);
      if (planned !== undefined && this.#hasChanged(target, planned, tlsReport)) {
        return `${name} no longer serves what it did when the plan was made; a new plan shows it.`;
      }
    }
    return undefined;
  }

  /** Watches the targets that were sent until each is proven, one never will be, or the time is over. */
  async prove(job: Job, ids: readonly string[]): Promise<{ readonly job: Job; readonly stopped?: string }> {
    const { withinMs } = this.#options;
    let current = job;
    let unproven: readonly Verdict[] = [];
    const poll = async (): Promise<PollResult> => {
      const open = current.targets.filter((target) => ids.includes(target.id) && wasSent(target) && !isProven(target));
      const verdicts = await Promise.all(open.map((target) => this.#judge(target, current)));
      const seen = new Map(verdicts.map((verdict) => [verdict.target.id, verdict.target]));
      current = await this.#context.journal.save({
        ...current,
        targets: current.targets.map((target) => seen.get(target.id) ?? target),
      });
      unproven = verdicts.filter(({ state }) => state !== "proven");
      const says = `${ids.length - unproven.length} of ${ids.length} proven`;
      if (unproven.length === 0) return { state: "done", says };
      return { state: unproven.some(({ state }) => state === "never") ? "failed" : "still running", says };
    };
    await pollUntilDone(poll, withinMs, this.#context);
    const open = unproven.flatMap(({ target: { id } }) => this.#followed.get(id) ?? []).filter((each) => each.open);
    await this.#context.recordSightings(sightingsAfter(current, open));
    const blocking = unproven.find(({ state }) => state === "never") ?? unproven[0];
    if (blocking === undefined || blocking.state === "proven") return { job: current };
    const time = blocking.state === "never" ? "" : ` within ${withinMs / 1000} s`;
    return { job: current, stopped: `${blocking.target.name} was not proven${time}: ${blocking.why}.` };
  }

  /** Certificates that no request from here explains, or no certificate any more. */
  #hasChanged({ id }: JobTarget, planned: TlsReport, tlsReport: TlsReport): boolean {
    const [then, now] = [certificatesServedIn(planned), certificatesServedIn(tlsReport)];
    if (now.length === 0) return then.length > 0 && !this.#earlier.explains(id, { sha256: noHttps });
    return now.some((leaf) => !then.some((each) => isSameLeaf(each, leaf)) && !this.#earlier.explains(id, leaf));
  }

  async #judge(sent: JobTarget, job: Job): Promise<Verdict> {
    const followed = await followTarget({ ...sent, state: "accepted" }, job, this.#context);
    this.#followed.set(sent.id, followed);
    await this.#recordSettled(job, [followed]);
    const { target, open, tlsReports = [] } = followed;
    const says = target.says ?? "it could not be looked at";
    if (target.state === "failed" || target.state === "incomplete chain") return { target, state: "never", why: says };
    if (!isSeen(target)) {
      const why = open ? says : `what it serves cannot be seen: ${says}`;
      return { target, state: open ? "not yet" : "never", why };
    }
    const distrust = distrustIn(tlsReports, job, target);
    if (distrust !== undefined) return { target, state: "never", why: `not trusted: ${distrust}` };
    const worse = this.#worseIn(tlsReports, target);
    if (worse !== undefined) return { target, state: "not yet", why: `it answers worse than before: ${worse}` };
    return { target: { ...target, provenAt: this.#context.now().toISOString() }, state: "proven" };
  }

  /** An address or a kind of client that got an answer before, and gets none now. */
  #worseIn(tlsReports: readonly TlsReport[], target: JobTarget): string | undefined {
    const before = this.#before.get(target.id);
    if (before === undefined) return undefined;
    const after = new Map(tlsReports.flatMap(({ addresses }) => addresses).map((each) => [each.address, each]));
    for (const { address, certificates } of answeredIn(before)) {
      const now = after.get(address);
      // A CDN gives other addresses at other times.
      if (now === undefined) continue;
      if (now.unreached) return `${address} answered before, and does not now`;
      const lost = clientsOf({ certificates }).filter((kind) => !clientsOf(now).includes(kind));
      const [kind] = lost.filter((each) => this.#isKept(each, target));
      if (kind !== undefined) return `${address} has no certificate any more for these clients: ${kind}`;
    }
    return undefined;
  }

  /** A certificate with another kind of key is not for clients that know only the kind before. */
  #isKept(kind: ClientKind, { beside = [] }: JobTarget): boolean {
    const [algorithm] = /^\w+(?= only)/.exec(kind) ?? [];
    return [this.#options.algorithm, ...beside.map((each) => each.algorithm), undefined].includes(algorithm);
  }
}

const clientsOf = ({ certificates }: Pick<AddressReport, "certificates">) =>
  certificates.flatMap(({ clients }) => clients);

/** Why clients do not trust what the job deployed, at the first address where they do not. */
function distrustIn(tlsReports: readonly TlsReport[], job: Job, target: JobTarget): string | undefined {
  const wanted = (target.beside ?? []).filter((each) => each.wanted);
  const certificates = tlsReports.flatMap(certificatesServedIn);
  const deployed = certificates.filter(
    (each) => isSameLeaf(each, expectationOf(job, target)) || wanted.some(({ sha256 }) => sha256 === each.sha256),
  );
  return deployed.flatMap(({ distrust }) => distrust ?? [])[0];
}
