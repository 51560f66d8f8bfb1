import { noHttps } from "../../catalogue/serving.js";
import { isFingerprint, isSameLeaf } from "../../certificates/fingerprint.js";
import type { Expectation } from "../../certificates/sent-chain.js";
import type { Beside } from "../../jobs/job.js";
import type { ToolContext } from "../../pipeline/tool.js";
import { describeClients, describeServedCertificate, missingIntermediateText } from "../../tls-check/descriptions.js";
import { isPattern } from "../../tls-check/host-name.js";
import { answeredIn, isExpected, servesOnly, tlsReportOrReason, unreachedIn } from "../../tls-check/served.js";
import type { AddressReport, ServedCertificate, TlsReport } from "../../tls-check/tls-check.js";

/** What the edge shows for one domain. */
interface Seen {
  /** "never": looking again would show no more. */
  readonly served: "everywhere" | "not yet" | "never";
  readonly says: string;
  /** Whether an address serves another certificate, or another chain. */
  readonly another?: boolean;
  /** Whether an address sends what was expected, but without an intermediate that clients need. */
  readonly incomplete?: boolean;
  /** Whether an address serves it and clients do not trust it. */
  readonly untrusted?: boolean;
  /** What every address serves; absent if nobody could look. */
  readonly tlsReport?: TlsReport;
}

/**
 * Whether each address of `domain` serves `expected`: its SHA-256 in lower-case hexadecimal, or "none" for no HTTPS.
 * @param beside certificates that some clients get as well, on purpose
 */
export async function seenAtEdge(
  domain: string,
  expected: Expectation,
  context: Pick<ToolContext, "tlsCheck" | "signal">,
  beside: readonly Beside[] = [],
): Promise<Seen> {
  // Alibaba Cloud writes .example.com for all names below example.com.
  if (isPattern(domain)) {
    const how = `check_served_certificate with a host below it that exists, and fingerprint ${expected.sha256}, shows whether it is served`;
    return {
      served: "never",
      says: `${domain} stands for many names and cannot be looked at by itself${isFingerprint(expected.sha256) ? `: ${how}` : ""}`,
    };
  }
  const tlsReport = await tlsReportOrReason(domain, context);
  if (typeof tlsReport === "string") return { served: "never", says: `${domain}: ${tlsReport}` };
  const seen: Seen = { ...compare(withoutBeside(beside, expected, tlsReport), expected), tlsReport };
  const missing = seen.served === "everywhere" ? missingBeside(tlsReport, beside) : undefined;
  return missing === undefined ? seen : { ...seen, served: "not yet", says: `${seen.says}; ${missing}` };
}

/** Where a certificate that the job was asked to serve beside its own is not served yet. */
function missingBeside(tlsReport: TlsReport, beside: readonly Beside[]): string | undefined {
  for (const { sha256, algorithm = "other", wanted } of beside) {
    if (!wanted) continue;
    const first = answeredIn(tlsReport).find(({ certificates }) =>
      certificates.every((each) => each.sha256 !== sha256),
    );
    if (first !== undefined) return `${first.address}: not yet the ${algorithm} certificate beside it`;
  }
  return undefined;
}

/** Ignores the certificates for clients of another algorithm: they may be renewed in the meantime. */
function withoutBeside(beside: readonly Beside[], expected: Expectation, tlsReport: TlsReport): TlsReport {
  const isBeside = (served: ServedCertificate) =>
    !isSameLeaf(served, expected) &&
    beside.some(({ sha256, algorithm }) => sha256 === served.sha256 || algorithm === served.algorithm);
  const addresses = tlsReport.addresses.map((each) => ({
    ...each,
    certificates: each.certificates.filter((certificate) => !isBeside(certificate)),
  }));
  return { ...tlsReport, addresses };
}

/** What clients get there instead of what was expected. */
function insteadAt({ certificates }: AddressReport, expected: Expectation): string {
  const others = certificates.filter((each) => !isExpected(each, expected));
  if (others.length === 0) return "no certificate";
  const [withLeaf] = others.filter((each) => isSameLeaf(each, expected));
  if (withLeaf !== undefined)
    return withLeaf.incomplete ? `the certificate ${missingIntermediateText}` : "the certificate with another chain";
  if (others.length === certificates.length) return "another certificate";
  const told = others.map((each) => `${describeServedCertificate(each)}${describeClients(each, certificates)}`);
  return `some clients get another certificate: ${told.join(" and ")}`;
}

/** Uses the same rule as every tool (`servedAs`); unreachable addresses are named but do not count. */
function compare(tlsReport: TlsReport, expected: Expectation): Seen {
  const { domain, addresses, problem } = tlsReport;
  if (addresses.length === 0) return { served: "not yet", says: `${domain}: ${problem ?? "no address to look at"}` };
  const [answered, unreached] = [answeredIn(tlsReport), unreachedIn(tlsReport)];
  const unreachedNote = unreached.length === 0 ? "" : `; could not be reached: ${unreached.join(" ")}`;
  const rest = answered.filter((each) => !servesOnly(each, expected));
  const some = `at ${answered.length - rest.length} of ${answered.length} addresses`;
  const count = `${domain}: ${expected.sha256 === noHttps ? "no HTTPS" : "served"} ${some}`;
  const [first] = rest;
  if (first !== undefined) {
    const instead = first.problem ?? insteadAt(first, expected);
    const another = rest.some(({ certificates }) => certificates.some((each) => !isExpected(each, expected)));
    return { served: "not yet", says: `${count}; ${first.address}: ${instead}${unreachedNote}`, another };
  }
  if (answered.length === 0) return { served: "not yet", says: `${count}${unreachedNote}` };
  const all = answered.flatMap(({ certificates }) => certificates);
  if (all.some(({ incomplete }) => incomplete)) {
    return {
      served: "everywhere",
      says: `${domain}: ${some}, but ${missingIntermediateText}${unreachedNote}`,
      incomplete: true,
    };
  }
  const [distrust] = all.flatMap((each) => each.distrust ?? []);
  if (distrust === undefined) return { served: "everywhere", says: `${count}${unreachedNote}` };
  return { served: "everywhere", says: `${count}; not trusted: ${distrust}${unreachedNote}`, untrusted: true };
}
