import type { Subject } from "../../catalogue/operation.js";
import { noHttps, resourceId } from "../../catalogue/serving.js";
import type { LeafFingerprints } from "../../certificates/fingerprint.js";
import { safe, verbatim } from "../../lib/safe-text.js";
import { describeChain, describeServed } from "../../tls-check/descriptions.js";
import { answeredIn, certificatesServedIn, tlsReportOrReason, unreachedIn } from "../../tls-check/served.js";
import type { ServedCertificate, TlsReport } from "../../tls-check/tls-check.js";
import { readSetting, settingAndEdge } from "./alibaba-domain.js";
import { byAspect, type ChainState, type Fact, plainReading, type Reading, type ServedAtAddresses } from "./reading.js";
import type { StateReader } from "./state-reader.js";
import { couldNotBeRead, notVisible } from "./texts.js";

type Domain = Extract<Subject, { readonly kind: "served-domain" }>;

/** What a domain has now: what its cloud says that it is set to, if a read tells, and what visitors get. */
export async function readServed(subject: Domain, source: StateReader): Promise<Reading> {
  const { at, domain } = subject;
  const [edge, setting] = await Promise.all([readEdge(subject, source), at && readSetting(at, domain, source)]);
  if (setting === undefined) return edge;
  const { arriving, lastSet } = source.options;
  const last = at && lastSet?.get(resourceId(at, domain));
  const both = settingAndEdge(setting, edge.now("HTTPS"), arriving?.get(domain) ?? [], last);
  return { ...edge, now: (aspect) => (aspect === "HTTPS" ? both : edge.now(aspect)) };
}

/** What visitors of a domain get now. */
async function readEdge({ name, domain }: Domain, { options }: StateReader): Promise<Reading> {
  const tlsReport = await tlsReportOrReason(domain, options);
  if (typeof tlsReport === "string") return plainReading(name, notVisible);
  if (tlsReport.addresses.length === 0)
    return plainReading(name, couldNotBeRead(verbatim(tlsReport.problem ?? "no address")));
  const unreached = unreachedIn(tlsReport);
  // Reachability is not part of the domain's state.
  const facts: Fact[] =
    unreached.length > 0 ? [[safe`${name}: not reached`, verbatim(unreached.join(" ")), false]] : [];
  if (unreached.length === tlsReport.addresses.length) {
    return { ...plainReading(name, couldNotBeRead(safe`no address could be reached`)), facts };
  }
  const coming = options.arriving?.get(domain) ?? [];
  const now = byAspect({
    HTTPS: { words: describeServed(tlsReport), is: servedState(tlsReport, coming) },
    chain: { words: describeChain(tlsReport), is: chainState(tlsReport, coming) },
  });
  return { object: name, now, facts, certificates: [] };
}

function servedState(tlsReport: TlsReport, arriving: ServedAtAddresses["arriving"]): ServedAtAddresses {
  const leavesOf = (certificates: TlsReport["addresses"][number]["certificates"]) =>
    certificates.length === 0
      ? [{ sha256: noHttps }]
      : certificates.map(leafOf).sort((one, other) => (one.sha256 < other.sha256 ? -1 : 1));
  return {
    at: new Map(answeredIn(tlsReport).map(({ address, certificates }) => [address, leavesOf(certificates)])),
    arriving,
  };
}

const leafOf = ({ sha256, sha1 }: ServedCertificate): LeafFingerprints => ({ sha256, sha1 });

function chainState(tlsReport: TlsReport, arriving: ChainState["arriving"]): ChainState {
  const lengths = new Map<string, { readonly leaf: LeafFingerprints; readonly lengths: readonly number[] }>();
  for (const certificate of certificatesServedIn(tlsReport)) {
    const { sha256, chain } = certificate;
    const known = lengths.get(sha256)?.lengths ?? [];
    lengths.set(sha256, { leaf: leafOf(certificate), lengths: [...new Set([...known, chain.length])] });
  }
  return { lengths, arriving };
}
