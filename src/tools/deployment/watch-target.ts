import { noHttps } from "../../catalogue/serving.js";
import { describeHostUpdateRecordDetail } from "../../catalogue/tencent-ssl/describe-host-update-record-detail.js";
import type { Expectation } from "../../certificates/sent-chain.js";
import { isSeen, type JobTarget } from "../../jobs/job.js";
import { isRecent } from "../../jobs/requests.js";
import { asInDns } from "../../lib/domain-name.js";
import { unlessFailed } from "../../lib/tool-error.js";
import type { ToolContext } from "../../pipeline/tool.js";
import type { TlsReport } from "../../tls-check/tls-check.js";
import { isTransient } from "../cloud-reads.js";
import { isFailed, readUpdateRecord, recordItemLines, type UpdateRecord } from "../wait-for/update-record.js";
import { seenAtEdge } from "./seen-at-edge.js";

export interface WatchedTarget {
  readonly target: JobTarget;
  /** Whether looking again may show more. */
  readonly open: boolean;
  /** What was seen at the edge of each of its domains. */
  readonly tlsReports?: readonly TlsReport[];
}

/** Far more than one look should connect to. */
const domainsAtMost = 50;

interface Wanted {
  readonly expected: Expectation;
  /** Domains that other targets of the job decide about: a load balancer may be behind them. */
  readonly elsewhere: readonly string[];
}

/**
 * Looks at a target that the cloud accepted. It is served only if the edge was seen serving what is expected with its
 * chain, or nothing if that is "none", for each of its domains; what a record of the cloud says is reported as such.
 * Whether clients trust it is found out anew.
 */
export async function watchTarget(
  { untrusted: _, ...target }: JobTarget,
  wanted: Wanted,
  context: ToolContext,
): Promise<WatchedTarget> {
  const followed = withLeft(await observedTarget(target, wanted, context));
  return { ...followed, ...awaitingRollout(followed, context.now()) };
}

/**
 * An earlier change that was on its way may still arrive and disappear later: until the time of a rollout has passed,
 * the right certificate at the edge proves nothing. After that time nobody waits any longer.
 */
function awaitingRollout(followed: WatchedTarget, now: Date): WatchedTarget {
  const { target, open } = followed;
  const isOnItsWay = isRecent({ at: Date.parse(target.acceptedAt ?? "") }, now);
  if (isSeen(target) && target.supersedes !== undefined && isOnItsWay) {
    const says = `${target.says}; but ${target.supersedes} was on its way before, and may still arrive`;
    return watched({ ...target, state: "accepted" }, says, true);
  }
  if (!open || target.acceptedAt === undefined || isOnItsWay) return followed;
  return watched(target, `${target.says}; it was accepted more than an hour ago`, false);
}

/** Whatever else is served, what the request left as it was still has the old certificate. */
function withLeft(followed: WatchedTarget): WatchedTarget {
  const { left, says } = followed.target;
  if (left === undefined) return followed;
  return { ...followed, target: { ...followed.target, says: says === undefined ? left : `${says}; ${left}` } };
}

async function observedTarget(target: JobTarget, wanted: Wanted, context: ToolContext): Promise<WatchedTarget> {
  const { recordId, domain } = target;
  if (recordId !== undefined) return followRecord(target, recordId, wanted, context);
  if (domain !== undefined) return atEdge(target, [domain], wanted.expected, context);
  return watched(target, "nothing says which domain to look at", false);
}

async function followRecord(
  target: JobTarget,
  recordId: number,
  wanted: Wanted,
  context: ToolContext,
): Promise<WatchedTarget> {
  const record = await unlessFailed(readUpdateRecord(recordId, context), (error) => {
    const says = `record ${recordId} could not be read: ${error.details.happened}`;
    return watched(target, says, isTransient(error, describeHostUpdateRecordDetail));
  });
  if ("target" in record) return record;
  const reports = `record ${recordId} reports ${record.says}`;
  const followed = await followItems(target, record, reports, wanted, context);
  // Each resource has its own state, which a count does not show.
  return { ...followed, target: { ...followed.target, resources: recordItemLines(record.items) } };
}

async function followItems(
  target: JobTarget,
  record: UpdateRecord,
  reports: string,
  { expected, elsewhere }: Wanted,
  context: ToolContext,
): Promise<WatchedTarget> {
  if (!record.finished) return watched(target, reports, true);
  const failed = record.items.filter(isFailed);
  if (failed.length > 0) {
    return watched({ ...target, state: "failed" }, `${reports}; ${recordItemLines(failed).join("; ")}`, false);
  }
  const domainsOf = (items: UpdateRecord["items"]) => [...new Set(items.flatMap(({ Domains }) => Domains))];
  const isElsewhere = (domain: string) => elsewhere.includes(asInDns(domain));
  const left = domainsOf(record.items).filter(isElsewhere);
  const domains = domainsOf(record.items).filter((domain) => !isElsewhere(domain));
  const says = [reports, ...left.map((domain) => `${domain} has a target of its own`)].join("; ");
  // A resource without its own domain, such as a listener, cannot be looked at.
  const nameless = record.items.filter(({ Domains }) => Domains.length === 0).length;
  if (domains.length === 0) return watched(target, `${says}; it names no domain that could be looked at`, false);
  if (domains.length > domainsAtMost) {
    return watched(target, `${says}; its ${domains.length} domains are too many to look at`, false);
  }
  const arriving = domainsOf(record.items.filter(({ ResourceType }) => edgeTypes.includes(ResourceType ?? "")));
  const followed = await atEdge(target, domains, expected, context, {
    before: `${says}; `,
    mayStillArrive: (domain) => arriving.includes(domain),
  });
  if (nameless === 0 || !isSeen(followed.target)) return followed;
  const doubt = `${followed.target.says}; ${nameless} resources have no domain that could be looked at`;
  return { ...followed, ...watched(target, doubt, false) };
}

/** Products that visitors connect to. In front of a load balancer there may be an edge outside the record. */
const edgeTypes: readonly string[] = ["cdn", "teo", "live", "vod", "waf", "ddos"];

async function atEdge(
  target: JobTarget,
  domains: readonly string[],
  expected: Expectation,
  context: ToolContext,
  {
    before = "",
    mayStillArrive = () => true,
  }: { readonly before?: string; readonly mayStillArrive?: (domain: string) => boolean } = {},
): Promise<WatchedTarget> {
  const seen = await Promise.all(
    domains.map(async (domain) => ({ domain, ...(await seenAtEdge(domain, expected, context, target.beside)) })),
  );
  const tlsReports = seen.flatMap(({ tlsReport }) => tlsReport ?? []);
  const notServing = seen.filter(({ served }) => served !== "everywhere");
  const [only, ...others] = seen;
  // With several names, the findings go into a list.
  const desired = expected.sha256 === noHttps ? "no HTTPS" : "served";
  const isOne = only !== undefined && others.length === 0;
  const says = `${before}${isOne ? only.says : `${desired} under ${seen.length - notServing.length} of ${seen.length} names`}`;
  const at = isOne
    ? target
    : { ...target, seen: [...notServing, ...seen.filter((it) => !notServing.includes(it))].map((it) => it.says) };
  if (notServing.length === 0) {
    const state = seen.some(({ incomplete }) => incomplete) ? "incomplete chain" : "served";
    const trust = seen.some(({ untrusted }) => untrusted) ? { untrusted: true as const } : {};
    return { target: { ...at, state, ...trust, says: `${says}${describeOthers(target)}` }, open: false, tlsReports };
  }
  const open = notServing.some(({ domain, served }) => served === "not yet" && mayStillArrive(domain));
  return { ...watched(at, says, open), tlsReports };
}

/** "; beside it, for other clients, b (RSA)" */
function describeOthers({ beside = [] }: JobTarget): string {
  const named = beside.flatMap(({ certificateId: id, algorithm }) => (id && algorithm ? [`${id} (${algorithm})`] : []));
  return named.length === 0 ? "" : `; beside it, for other clients, ${named.join(", ")}`;
}

function watched(target: JobTarget, says: string, open: boolean): WatchedTarget {
  return { target: { ...target, says }, open };
}
