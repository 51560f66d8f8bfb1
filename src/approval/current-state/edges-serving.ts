import type { EdgeSighting } from "../../catalogue/current-state-types.js";
import { countedNames, uniqueNames } from "../../catalogue/naming.js";
import type { CertificateDetail } from "../../catalogue/tencent-ssl/describe-certificate-detail.js";
import { readBundle } from "../../certificates/bundle.js";
import { coversAll } from "../../certificates/domain-names.js";
import { mapConcurrent } from "../../lib/map-concurrent.js";
import { formatId, formatName, joined, type SafeText, safe, verbatim } from "../../lib/safe-text.js";
import { isPattern } from "../../tls-check/host-name.js";
import { answeredIn, tlsReportOrReason, unreachedIn } from "../../tls-check/served.js";
import type { DescribedValue, Fact } from "./reading.js";
import type { StateReader } from "./state-reader.js";

/** Hosts that are looked at before one change: each needs a connection per kind of client and address. */
const MAX_CHECKS = 40;

const CONCURRENT_EDGE_CHECKS = 4;

interface EdgesReading {
  readonly described: DescribedValue;
  readonly state: EdgeSighting;
  readonly facts: readonly Fact[];
}

/**
 * Whether any domain that may serve a certificate does: its own names, the listed domains that it covers, and those that
 * list it. An edge shows what no list does: a copy uploaded to another cloud has another id there.
 */
export async function edgesServing(id: string, detail: CertificateDetail, source: StateReader): Promise<EdgesReading> {
  const names = uniqueNames([...(detail.Domain ? [detail.Domain] : []), ...detail.SubjectAltName]);
  const leaf = detail.CertificatePublicKey ? readBundle(detail.CertificatePublicKey)?.leaf : undefined;
  const listing = await source.listDomains();
  const unseen: SafeText[] = listing.unseen.map((sentence) => verbatim(sentence));
  if (leaf === undefined) {
    unseen.push(safe`The certificate could not be read, so no edge can be compared with it.`);
    return readingOf(id, { serving: [], clear: 0, unseen });
  }
  const holding = listing.domains.filter(({ certificates }) => certificates.some((each) => each.id === id));
  const covered = listing.domains.filter(({ domain, https }) => https !== false && coversAll(names, [domain]));
  const all = uniqueNames([...names, ...[...holding, ...covered].map(({ domain }) => domain)]);
  const patterns = all.filter(isPattern);
  if (patterns.length > 0) {
    unseen.push(safe`${countedNames(safe`wildcard`, patterns)}: no host is known to connect to.`);
  }
  const hosts = all.filter((name) => !isPattern(name));
  if (hosts.length > MAX_CHECKS) {
    unseen.push(safe`${hosts.length - MAX_CHECKS} more domains that it covers: too many to look at.`);
  }
  const sha256 = leaf.x509.sha256;
  const looks = await mapConcurrent(hosts.slice(0, MAX_CHECKS), CONCURRENT_EDGE_CHECKS, async (host) => ({
    host,
    ...(await checkHost(host, sha256, source)),
  }));
  const serving = looks.filter(({ serves }) => serves === true).map(({ host }) => host);
  const clear = looks.filter(({ serves }) => serves === false).length;
  const blind = looks.flatMap(({ host, serves, unseen: hidden }) =>
    serves === true ? [] : hidden.map((why) => safe`${formatName(host)}: ${verbatim(why)}`),
  );
  return readingOf(id, { serving, clear, unseen: [...unseen, ...blind] });
}

/** What is known of a host. */
interface EdgeLook {
  /** Whether it serves the certificate at any address that answered; absent if none did. */
  readonly serves?: boolean;
  /** What of it could not be seen: addresses, kinds of clients, or all. */
  readonly unseen: readonly string[];
}

async function checkHost(host: string, sha256: string, { options }: StateReader): Promise<EdgeLook> {
  const tlsReport = await tlsReportOrReason(host, options);
  if (typeof tlsReport === "string") return { unseen: [tlsReport] };
  const { problem } = tlsReport;
  const answered = answeredIn(tlsReport);
  const partly = answered.flatMap((each) => (each.unseen ? [`${each.address}: ${each.problem ?? ""}`] : []));
  const unseen = [...(problem === undefined ? [] : [problem]), ...unreachedIn(tlsReport), ...partly];
  if (answered.length === 0) return { unseen: unseen.length > 0 ? unseen : ["none of its addresses answers"] };
  return { serves: answered.some(({ certificates }) => certificates.some((each) => each.sha256 === sha256)), unseen };
}

function readingOf(id: string, state: EdgeSighting): EdgesReading {
  const { serving, clear, unseen } = state;
  const words =
    serving.length > 0
      ? countedNames(safe`domain`, serving)
      : clear === 0
        ? safe`unknown: no domain could be looked at`
        : safe`none of the domains looked at (${clear})`;
  const about = safe`Certificate ${formatId(id)}: not seen`;
  return {
    // Which hosts answered, and how many there are, may vary from look to look.
    described: { words, is: [...serving].sort().join() },
    state,
    facts: unseen.length > 0 ? [[about, joined(unseen, safe` `), false]] : [],
  };
}
