import { tencentEdgeone, tencentSsl } from "../../catalogue/services.js";
import { describeCertificateOperateLogs } from "../../catalogue/tencent-ssl/describe-certificate-operate-logs.js";
import { coversAll, toAscii } from "../../certificates/domain-names.js";
import { arriving, certificateIdsSet } from "../../jobs/requests.js";
import { refuseAbsence } from "../../jobs/unreadable.js";
import { partition } from "../../lib/lists.js";
import { andMore, formatId, formatName, type SafeText, safe, titled, verbatim } from "../../lib/safe-text.js";
import { unusable } from "../../lib/tool-error.js";
import type { ToolContext } from "../../pipeline/tool.js";
import { findBindings } from "../certificate-usage.js";
import { readOnce } from "../cloud-reads.js";
import type { ListedCertificate } from "../inventory/certificates.js";
import { listDomains } from "../inventory/domains.js";
import { allPages, type ListedDomain } from "../inventory/listing.js";
import { idWithStore } from "../inventory/used-by.js";

const namedAtMost = 20;

/**
 * The candidates that no resource at Tencent Cloud and no listed domain has, and that nobody has downloaded, and why the
 * others are kept. Whatever is unknown counts as use.
 * @throws {ToolError} if one of these reads fails as a whole
 */
export async function unusedAmong(candidates: readonly ListedCertificate[], context: ToolContext) {
  const [isCa, servable] = partition(candidates, (each) => each.isCa);
  const [inForce, deletable] = partition(
    servable,
    ({ group, source }) => source !== "uploaded" && group !== "expired" && group !== "closed",
  );
  const downloads = await downloadedIds(context);
  const [downloaded, notDownloaded] = partition(deletable, ({ id }) => downloads.has(id));
  const domains = await edgeoneDomains(context);
  const idsOnDomains = idsOn(domains);
  const [onDomains, offDomains] = partition(notDownloaded, ({ id }) => idsOnDomains.has(id));
  const arrivingIds = await readArrivingIds(context);
  const [beingDeployed, notArriving] = partition(offDomains, ({ id }) => arrivingIds.has(id));
  const bindings = await findBindings(
    notArriving.map(({ id }) => id),
    context,
  );
  const usedBy = ({ id, ...stored }: ListedCertificate): SafeText => {
    const hosts = domains.filter((each) => idsOn([each]).has(id));
    const found = bindings.get(id);
    const named = idWithName({ id, ...stored });
    if (hosts.length > 0) return safe`${named} by ${namesOf(hosts)}`;
    return found?.state === "in use" ? safe`${named} by ${verbatim(found.counts)}` : named;
  };
  const stateOf = ({ id }: ListedCertificate) => bindings.get(id)?.state ?? "unknown";
  const because = (reason: SafeText, all: readonly ListedCertificate[], named = idWithName) =>
    all.length === 0 ? [] : [safe`${reason}: ${andMore(all, namedAtMost, named)}.`];
  const [unbound, used] = partition(notArriving, (each) => stateOf(each) === "unused");
  const open = domains.filter(mayServeUnlisted);
  const [mayBeServed, unused] = partition(unbound, (each) => open.some((listed) => mayServe(listed, each)));
  const hosts = open.filter((listed) => mayBeServed.some((each) => mayServe(listed, each)));
  return {
    certificates: unused,
    domains,
    // Not looked up where nothing could be deleted anyway: what was issued here is most likely used.
    mayBeUsed: [...inForce, ...downloaded, ...onDomains, ...beingDeployed, ...used, ...mayBeServed],
    kept: [
      ...because(safe`In use`, [...onDomains, ...notArriving.filter((each) => stateOf(each) === "in use")], usedBy),
      ...because(safe`Being deployed, and not seen to be served yet`, beingDeployed),
      ...because(
        safe`What uses them could not be found out`,
        notArriving.filter((each) => stateOf(each) === "unknown"),
      ),
      ...because(
        safe`May be served on ${namesOf(hosts)}, where the list of ${titled(tencentEdgeone.title)} does not show every certificate`,
        mayBeServed,
      ),
      ...because(safe`Downloaded according to the operation log, so something else may use them`, downloaded),
      ...because(safe`CA certificates: client verification is not reported by every product`, isCa),
      ...because(safe`Issued or ordered here: deleted only once expired, revoked or cancelled`, inForce),
    ],
  };
}

/** "abcd1234 (www.example.com)": by its id and its first name. */
export const idWithName = ({ domains: [name], ...stored }: ListedCertificate) => {
  const id = formatId(idWithStore(stored));
  return name === undefined ? id : safe`${id} (${formatName(name)})`;
};

/** EdgeOne's; no other service lists ids of Tencent Cloud. */
async function edgeoneDomains(context: ToolContext): Promise<readonly ListedDomain[]> {
  const { domains, unseen } = await listDomains(context, (service) => service === tencentEdgeone);
  const [why] = unseen;
  if (why !== undefined) throw unusable(`Not every use can be seen, so nothing is deleted. ${why}`, readFirst);
  return domains;
}

const idsOn = (domains: readonly ListedDomain[]): ReadonlySet<string> =>
  new Set(
    domains.flatMap(({ certificates, otherIds = [] }) => [...certificates.flatMap(({ id }) => id ?? []), ...otherIds]),
  );

/** The list shows it neither as without HTTPS nor with the ids of its certificates. */
const mayServeUnlisted = ({ https, certificates }: ListedDomain) =>
  https !== false && (certificates.length === 0 || certificates.some(({ id }) => id === undefined));

/** A host takes only what covers its name; a certificate whose names are not listed may. */
const mayServe = ({ domain }: ListedDomain, { domains: names }: ListedCertificate) =>
  names.length === 0 || coversAll(names, [toAscii(domain)]);

const namesOf = (hosts: readonly ListedDomain[]) => andMore(hosts, namedAtMost, ({ domain }) => formatName(domain));

const readFirst = "Let the operator make that readable, or name what is to be deleted with DeleteCertificate.";

/** The largest page. */
const LOG_PAGE = 1_000;

/** Before the service existed. How far back the log goes is not documented. */
const BEGINNING = "2015-01-01 00:00:00";

async function downloadedIds(context: ToolContext): Promise<ReadonlySet<string>> {
  let entries = 0;
  const { rows, incomplete } = await allPages(
    LOG_PAGE,
    async ({ offset }) => {
      const params = { Offset: offset, Limit: LOG_PAGE, StartTime: BEGINNING };
      const { OperateLogs, AllTotal } = await readOnce(context, describeCertificateOperateLogs, params);
      return { rows: OperateLogs, total: AllTotal };
    },
    // Entries have no id, and two may be alike.
    () => String(entries++),
  );
  if (incomplete !== undefined) {
    throw unusable(
      `The operation log of ${tencentSsl.title} could not be read in full, so not every download can be seen; nothing is deleted: ${incomplete}.`,
      readFirst,
    );
  }
  return new Set(rows.flatMap(({ Type, CertId }) => (Type?.toLowerCase() === "download" && CertId ? [CertId] : [])));
}

/** Ids that were sent to a resource and are not seen there yet: no look-up finds such a use. */
async function readArrivingIds({ journal, now }: ToolContext): Promise<ReadonlySet<string>> {
  const { requests, unreadable } = await journal.read();
  refuseAbsence(unreadable, "Whether a certificate is still being deployed");
  return new Set(arriving(requests, now()).flatMap(certificateIdsSet));
}
