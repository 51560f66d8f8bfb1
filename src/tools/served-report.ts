import type { Expectation } from "../certificates/sent-chain.js";
import type { ToolContext } from "../pipeline/tool.js";
import { deployWithChainAdvice, missingIntermediateText } from "../tls-check/descriptions.js";
import {
  answeredIn,
  certificatesServedIn,
  isExpected,
  servedAs,
  tlsReportOrReason,
  unreachedIn,
} from "../tls-check/served.js";
import type { AddressReport, ServedCertificate, TlsReport } from "../tls-check/tls-check.js";
import { namesForReply } from "./certificate-members.js";

const chainEndsFirst =
  "Its chain ends before the certificate (chain_ends): deploy it again with the CA's current chain before that day, or renew it.";
const chainHasEnded =
  "Its chain has ended (chain_ends): clients refuse it now; deploy it again with the CA's current chain, or renew it.";

/**
 * What one domain serves, for a reply.
 * @param expected with its fingerprint as `parseFingerprint` writes it; undefined if nothing is expected
 */
export function servedReport(tlsReport: TlsReport, expected: Expectation | undefined, now: Date) {
  const status = expected && servedAs(tlsReport, expected);
  const isIncomplete = tlsReport.addresses.some(({ certificates }) =>
    certificates.some(({ incomplete }) => incomplete),
  );
  const ofChain = chainAdvice(certificatesServedIn(tlsReport), now);
  const unreached = unreachedIn(tlsReport);
  return {
    domain: tlsReport.domain,
    ...(status !== undefined && { status }),
    ...(tlsReport.problem !== undefined && { problem: tlsReport.problem }),
    // That says nothing about what they serve.
    ...(unreached.length > 0 && { not_reached: unreached }),
    // Addresses that serve the same are grouped.
    served: grouped(answeredIn(tlsReport)).map(({ addresses, problem, certificates }) => ({
      addresses,
      ...(problem !== undefined && { problem }),
      certificates: certificates.map((each, _, all) => certificateReport(each, all.length > 1, expected)),
    })),
    // What clients see, and what to do.
    ...(isIncomplete || status === "incomplete chain"
      ? { next: `It is ${missingIntermediateText}. ${deployWithChainAdvice}` }
      : ofChain !== undefined && { next: ofChain }),
  };
}

/** What to do about chains that end early; the worst first. A leaf that has expired needs renewal, not another chain. */
function chainAdvice(served: readonly ServedCertificate[], now: Date): string | undefined {
  const early = served.filter(({ chainEnds, notAfter }) => chainEnds !== undefined && new Date(notAfter) > now);
  const hasEnded = ({ chainEnds }: ServedCertificate) => chainEnds !== undefined && new Date(chainEnds) <= now;
  if (early.some((each) => hasEnded(each) && !each.trusted)) return chainHasEnded;
  return early.some((each) => !hasEnded(each)) ? chainEndsFirst : undefined;
}

/** Checks each domain; if a check is not allowed, the report says so. */
export function checkServed(domains: readonly string[], context: ToolContext) {
  return Promise.all(
    [...new Set(domains)].map(async (domain) => {
      const tlsReport = await tlsReportOrReason(domain, context);
      return typeof tlsReport === "string"
        ? { domain, problem: tlsReport, served: [] }
        : servedReport(tlsReport, undefined, context.now());
    }),
  );
}

type Group = Omit<AddressReport, "address"> & { readonly addresses: string[] };

function grouped(addressReports: readonly AddressReport[]): readonly Group[] {
  const groups = new Map<string, Group>();
  for (const { address, ...look } of addressReports) {
    const key = JSON.stringify(look);
    const group = groups.get(key) ?? { ...look, addresses: [] };
    group.addresses.push(address);
    groups.set(key, group);
  }
  return [...groups.values()];
}

/** @param isOneOfMany whether other clients get another certificate there */
function certificateReport(certificate: ServedCertificate, isOneOfMany: boolean, expected: Expectation | undefined) {
  const { key, sha256, names, issuer, notAfter, daysLeft, chain, chainOrder, chainEnds, trusted, distrust } =
    certificate;
  return {
    key,
    ...(isOneOfMany && { clients: certificate.clients }),
    ...(expected !== undefined && { as_expected: isExpected(certificate, expected) }),
    sha256,
    ...namesForReply(names),
    issuer,
    not_after: notAfter,
    days_left: daysLeft,
    chain,
    chain_order: chainOrder,
    ...(chainEnds !== undefined && { chain_ends: chainEnds }),
    trusted,
    ...(distrust !== undefined && { distrust }),
  };
}
