import { settingIn } from "../../catalogue/alibaba-domains.js";
import { certificateReadOf, isAlibabaEdge } from "../../catalogue/alibaba-edges.js";
import { asAlibabaWrites } from "../../catalogue/alibaba-params.js";
import { liveDomain, planned, servedDomain, unseenSubject } from "../../catalogue/planned-change.js";
import { noHttps } from "../../catalogue/serving.js";
import { readBundle } from "../../certificates/bundle.js";
import { isSameLeaf } from "../../certificates/fingerprint.js";
import { type Expectation, satisfies } from "../../certificates/sent-chain.js";
import type { JobTarget, PreviousState } from "../../jobs/job.js";
import { distinctBy } from "../../lib/lists.js";
import { formatId, SafeText, safe, verbatim } from "../../lib/safe-text.js";
import { unlessFailed } from "../../lib/tool-error.js";
import type { ToolContext } from "../../pipeline/tool.js";
import { countCertificates, describeServedCertificate } from "../../tls-check/descriptions.js";
import {
  answeredIn,
  isExpected,
  servedAs,
  servesOnly,
  tlsReportOrReason,
  unreachedIn,
} from "../../tls-check/served.js";
import type { ServedCertificate, TlsReport } from "../../tls-check/tls-check.js";
import { pauseFor } from "../cloud-reads.js";
import { type ListingContext, readForListing } from "../inventory/listing.js";
import type { Deployer, ObservedState, Rollback, TargetActions, WayBack } from "./deployer.js";
import type { DesiredCertificate } from "./desired-certificate.js";
import { describeTarget, hostOfTarget } from "./targets.js";

/* What a domain of Alibaba Cloud or Huawei Cloud serves, as its edge shows it, and how it gets something else. */

type Context = Pick<ToolContext, "tlsCheck" | "signal">;

/** What a domain serves, compared with what it should serve. */
export async function observe(target: JobTarget, expected: Expectation, context: Context): Promise<ObservedState> {
  const host = hostOfTarget(target);
  if (host === undefined)
    return { hasDesired: false, says: safe`what a wildcard serves cannot be seen, only what its hosts serve` };
  const tlsReport = await checkTls(host, context);
  if (typeof tlsReport === "string")
    return { hasDesired: false, says: safe`What it serves now could not be seen: ${verbatim(tlsReport)}` };
  const answered = answeredIn(tlsReport);
  const all = answered.flatMap(({ certificates }) => certificates);
  const hasDesired = answered.every((each) => servesOnly(each, expected));
  const before = beforeAtEdge(all);
  const seenCertificates = before.none ? [{ sha256: noHttps }] : before.served;
  return {
    before,
    hasDesired,
    isAtEdge: true,
    seenCertificates,
    incomplete: hasDesired && all.some(({ incomplete }) => incomplete),
    otherChain: all.some((each) => isSameLeaf(each, expected) && !isExpected(each, expected)),
  };
}

/**
 * Like {@link observe}, but with what the cloud says is set where the edge could not be seen: of a wildcard, nothing
 * else tells what to put back.
 */
export async function observeOrSetting(
  target: JobTarget,
  expected: Expectation,
  context: Context & ListingContext,
): Promise<ObservedState> {
  const observed = await observe(target, expected, context);
  const { service, domain = "" } = target;
  if (observed.before !== undefined || !isAlibabaEdge(service)) return observed;
  const reading = readForListing(context, certificateReadOf(service), { DomainName: asAlibabaWrites(domain) });
  const setting = settingIn(await unlessFailed(reading, () => undefined), domain);
  if (setting === undefined) return observed;
  if (!setting.https) return { ...observed, hasDesired: expected.sha256 === noHttps, before: { none: true } };
  const leaf = readBundle(setting.pem ?? "")?.leaf;
  if (leaf === undefined) return observed;
  const { sha256, sha1 } = leaf.x509;
  const served = { sha256, sha1, names: [...leaf.names], notAfter: leaf.notAfter.toISOString() };
  return { ...observed, before: { served: [served] } };
}

/** The line of the plan that says what visitors get before and after. */
export function changeOf(target: JobTarget, then: SafeText) {
  return planned(subjectOf(target), "HTTPS", then);
}

/** The line of the plan that says whether Huawei Cloud Live redirects HTTP afterwards. */
export function redirectChangeOf(target: JobTarget, then: SafeText) {
  return planned(liveDomain(describeTarget(target), target.projectId ?? "", target.domain ?? ""), "redirect", then);
}

/** The certificate that a target gets; one from a store with its id there. */
export function certificateGiven({ storedAs, ...facts }: DesiredCertificate["facts"]): SafeText {
  const words = describeServedCertificate(facts);
  return storedAs === undefined ? words : safe`certificate ${formatId(storedAs)}, ${words}`;
}

/** The line of the plan that says how the chain changes, if it does. */
export function chainChangeOf(
  target: JobTarget,
  { otherChain }: ObservedState,
  { certificates }: Pick<DesiredCertificate, "certificates">,
) {
  return otherChain ? [planned(subjectOf(target), "chain", countCertificates(certificates))] : [];
}

function subjectOf(target: JobTarget) {
  const host = hostOfTarget(target);
  const name = describeTarget(target);
  if (isAlibabaEdge(target.service)) return servedDomain(name, target.domain ?? "", target.service);
  return host === undefined ? unseenSubject(name) : servedDomain(name, host);
}

/** How long the edge may take to show the first sign of a request with unknown outcome. */
const pausesForSign = [1_000, 2_000, 2_000];

/**
 * Nothing more than that it took effect, if any address already serves the certificate with its chain: then the request
 * must have arrived. Undefined otherwise.
 */
export async function appliedAtEdge(
  target: JobTarget,
  expected: Expectation,
  context: Context & Pick<ToolContext, "pause">,
): Promise<Partial<JobTarget> | undefined> {
  const host = hostOfTarget(target);
  // Seeing it proves nothing if it was served before, or if another change is on its way.
  const wasServed = target.before?.served?.some(
    (leaf) => isSameLeaf(leaf, expected) && satisfies(leaf.chain, expected.chain),
  );
  if (host === undefined || wasServed === true || target.supersedes !== undefined) return undefined;
  for (const ms of [0, ...pausesForSign]) {
    if (ms > 0) await pauseFor(context, ms);
    const tlsReport = await checkTls(host, context);
    if (typeof tlsReport === "string") continue;
    if (isSign(tlsReport, expected)) return {};
  }
  return undefined;
}

/** An address may have had no HTTPS before, so to confirm that HTTPS is off, all of them must be without it. */
function isSign(tlsReport: TlsReport, expected: Expectation): boolean {
  if (expected.sha256 === noHttps) return servedAs(tlsReport, expected) === "serving";
  return answeredIn(tlsReport).some(({ certificates }) => certificates.some((each) => isExpected(each, expected)));
}

/** A string says why nothing can be seen: the check is not allowed, the name does not resolve, or no address answers. */
async function checkTls(host: string, context: Context): Promise<TlsReport | string> {
  const tlsReport = await tlsReportOrReason(host, context);
  if (typeof tlsReport === "string" || answeredIn(tlsReport).length > 0) return tlsReport;
  return tlsReport.addresses.length > 0
    ? unreachedIn(tlsReport).join(" ")
    : (tlsReport.problem ?? "it has no address.");
}

function beforeAtEdge(leaves: readonly ServedCertificate[]): PreviousState {
  if (leaves.length === 0) return { none: true };
  return { served: leavesForJournal(distinctBy(leaves, ({ sha256, sent }) => `${sha256} ${JSON.stringify(sent)}`)) };
}

/** What the journal keeps of certificates that an edge served. */
export function leavesForJournal(served: readonly ServedCertificate[]): PreviousState["served"] {
  return served.map(({ sha256, sha1, names, notAfter, sent }) => {
    return { sha256, sha1, names: [...names], notAfter, chain: sent };
  });
}

/** What a domain without HTTPS serves. */
export const httpsOff: Expectation = { sha256: noHttps };

/** The actions for a domain whose edge shows what it serves: to serve `expected`, which may be no HTTPS. */
export function actionsAtEdge(expected: Expectation, step: TargetActions["step"], context: ToolContext): TargetActions {
  return {
    observe: (at) => observeOrSetting(at, expected, context),
    verifyApplied: (at) => appliedAtEdge(at, expected, context),
    step,
  };
}

/** How a domain gets back what its edge served, or no HTTPS. */
export async function backAtEdge(
  { before, service }: JobTarget,
  off: NonNullable<Deployer["off"]>,
  { deployment, deploymentContext, previousOf }: Rollback,
): Promise<WayBack> {
  const { served = [], none } = before ?? {};
  if (none) return backToOff(off(safe`no HTTPS, as before`, deploymentContext));
  const [leaf, ...more] = served;
  if (leaf === undefined) return { cannot: safe`what it served before could not be seen` };
  if (more.length > 0) return { cannot: safe`its addresses served several certificates before` };
  const previous = await previousOf(leaf, service);
  if (previous instanceof SafeText) return { cannot: previous };
  const { chain, ...facts } = previous.facts;
  // If only the chain changed, what is served now would pass as the previous state.
  const exact = isSameLeaf(facts, deployment.certificate) && chain && { ...chain, exact: true };
  return { previous: exact ? { ...previous, facts: { ...facts, chain: exact } } : previous };
}

export const backToOff = (actions: TargetActions): WayBack => ({ expected: httpsOff, putsBack: "no HTTPS", actions });
