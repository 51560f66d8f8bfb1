import type { EdgeoneHost, Warning } from "../../catalogue/operation.js";
import { describeAccelerationDomains } from "../../catalogue/tencent-edgeone/describe-acceleration-domains.js";
import {
  isOfEdgeone,
  type ListedHostCertificate,
  listedFor,
  listingOf,
} from "../../catalogue/tencent-edgeone/listed-hosts.js";
import { describeCertificateDetailWithoutKey } from "../../catalogue/tencent-ssl/describe-certificate-detail.js";
import { describeCertificates } from "../../catalogue/tencent-ssl/describe-certificates.js";
import { describeHostTeoInstanceList } from "../../catalogue/tencent-ssl/describe-host-teo-instance-list.js";
import { anyIssued, hostPages } from "../../catalogue/tencent-ssl/hosts-by-certificate.js";
import { describeHost } from "../../catalogue/tencent-ssl/preconditions.js";
import { asInDns } from "../../lib/domain-name.js";
import { formatId, joined, type SafeText, safe } from "../../lib/safe-text.js";
import { describeServedCertificate } from "../../tls-check/descriptions.js";
import {
  type ListedLeaf,
  listedIn,
  listUnread,
  lostClientsWarning,
  otherServedCertificates,
  possibleLossesWarning,
  possibleLossWarning,
  type Unread,
} from "../../tls-check/other-certificates.js";
import type { ServedCertificate } from "../../tls-check/tls-check.js";
import { inBrackets } from "./certificate.js";
import { byAspect, type DescribedValue, type Fact, type HostState, plainReading, type Reading } from "./reading.js";
import type { ReadResult, StateReader } from "./state-reader.js";
import { couldNotBeRead, notListed, notVisible } from "./texts.js";

/**
 * The list of its site has all certificates of a host. Where that cannot be read, the other read that shows hosts takes a
 * certificate, lists the hosts where it could be used, and may show one certificate of several.
 * @param hostsInSameRead the hosts of its site in the same plan, which are listed by the same reads
 * @param looks whether its edge may be checked for what that other read does not list
 */
export async function readHost(
  host: EdgeoneHost,
  hostsInSameRead: readonly string[],
  source: StateReader,
  looks: boolean,
): Promise<Reading> {
  const object = describeHost(host.zone, host.host);
  const { given } = host;
  const fitting = host.listingCertificateId ?? (await anyFitting(source));
  const whole = await listedBySite(host, hostsInSameRead, source);
  const isListed = !("why" in whole);
  // Of a host whose certificates are known, it only shows whether the new one covers it.
  const isAsked = fitting !== undefined && (!isListed || given?.includes(fitting));
  const found = isAsked ? await foundFor(host, fitting, source) : undefined;
  const reading = (now: SafeText | DescribedValue, more: Partial<Reading> = {}): Reading => ({
    object,
    now: byAspect({ "server certificate": now }),
    facts: [],
    certificates: given ?? [],
    ...more,
  });
  // A job has checked already and warns itself.
  const warns = given !== undefined && host.besides === undefined;
  const unread = warns && !isListed ? [listUnread(whole)] : [];
  if (!isListed && fitting === undefined) return { ...plainReading(object, notVisible), warnings: unread };
  if (!isListed && found !== undefined && "why" in found) {
    return reading(couldNotBeRead(found.why), { warnings: unread });
  }
  const covered = found !== undefined && "covered" in found ? found : undefined;
  if (!isListed && covered === undefined) {
    return reading(notListed, { warnings: unread });
  }
  const all = isListed
    ? await wholeOn(whole, source)
    : await readHostCertificates(host, covered?.listed ?? [], source, looks);
  const fact: Fact | undefined =
    covered && fitting !== undefined
      ? [safe`${object}: covered by ${formatId(fitting)}`, covered.covered ? safe`yes` : safe`no`]
      : undefined;
  return reading(all, {
    facts: fact && fitting !== undefined && given?.includes(fitting) ? [fact] : [],
    certificates: [...new Set([...all.ids, ...(given ?? [])])].filter((id) => !isOfEdgeone(id)),
    warnings: warns ? [...(await lostAlgorithmWarnings(host.host, all, given, source)), ...unread] : [],
    ...(all.isWhole && { state: { kind: "host", zone: host.zone, host: host.host, state: all.ids } }),
  });
}

/** Its certificates by the list of its site; or why that does not tell them. */
async function listedBySite(
  { zone, host }: EdgeoneHost,
  hostsInSameRead: readonly string[],
  source: StateReader,
): Promise<readonly ListedHostCertificate[] | Unread> {
  const answer = await source.ask(describeAccelerationDomains, listingOf(zone, host, hostsInSameRead));
  if (!answer.found) return { why: String(answer.why) };
  const listed = listedFor(zone, host, answer.value);
  return typeof listed === "string" ? { why: listed, host } : listed;
}

/** What the read that takes a certificate shows of the host, and whether that covers it; undefined if it is not there. */
async function foundFor(host: EdgeoneHost, fitting: string, source: StateReader) {
  for (const covered of [true, false]) {
    const answer = await certificatesOn(host, fitting, covered, source);
    if (!answer.found) return { why: answer.why };
    if (answer.value !== undefined) return { covered, listed: answer.value };
  }
  return undefined;
}

/** The certificates of a host: by id, by what else its edge shows, and in words. */
interface HostCertificates extends DescribedValue {
  readonly ids: readonly string[];
  readonly besides: readonly ServedCertificate[];
  /** Of each id, as far as it is known. */
  readonly algorithms: ReadonlyMap<string, string | undefined>;
  /** Whether the ids are complete, and in force. */
  readonly isWhole: boolean;
  /** Warns that the edge may serve another one, and why that is unknown. */
  readonly unseen?: Warning;
  /** Of which the algorithm is not known, in a list that is complete. */
  readonly unknown?: readonly string[];
}

/** All that the host has, by the list of its site. */
async function wholeOn(listed: readonly ListedHostCertificate[], source: StateReader): Promise<HostCertificates> {
  const ids = listed.map(({ id }) => id);
  const shown = new Map(listed.map(({ id, algorithm }) => [id, algorithm]));
  const algorithms = await algorithmsOf(ids, source, shown);
  const unknown = ids.filter((id) => algorithms.get(id) === undefined);
  const unbound = new Set(listed.flatMap(({ id, failed }) => (failed ? [id] : [])));
  return {
    ids,
    algorithms,
    besides: [],
    words: await describeAll(ids, algorithms, [], source, unbound),
    is: { ids: [...ids].sort().join() || "none", besides: "" },
    isWhole: unbound.size === 0,
    ...(unknown.length > 0 && { unknown }),
  };
}

/** The read lists one certificate per host; if it has two of different algorithms, its edge shows both. */
async function readHostCertificates(
  host: EdgeoneHost,
  listed: readonly string[],
  source: StateReader,
  looks: boolean,
): Promise<HostCertificates> {
  const ids = [...new Set([...listed, ...(host.besides?.ids ?? [])])];
  const [only = ""] = ids;
  const unknown = host.besides === undefined && ids.length === 1;
  const tlsReport = unknown && looks ? await otherCertificatesServed(host.host, only, source) : [];
  const besides = typeof tlsReport === "string" ? [] : tlsReport;
  const shown = [
    ...(host.besides?.served ?? []),
    ...besides.map((each) => safe`${describeServedCertificate(each)} (${formatId(each.algorithm)})`),
  ];
  const algorithms = await algorithmsOf(ids, source);
  const words = await describeAll(ids, algorithms, shown, source);
  const unseen =
    typeof tlsReport === "string"
      ? possibleLossWarning(host.host, tlsReport)
      : unknown && !looks
        ? possibleLossesWarning
        : undefined;
  const is: HostState = {
    ids: [...ids].sort().join() || "none",
    ...(unseen === undefined && { besides: served(host, besides) }),
    isPartial: true,
  };
  const isWhole = unseen === undefined && shown.length === 0;
  return { ids, algorithms, besides, words, is, isWhole, ...(unseen && { unseen }) };
}

/** @param shown of each certificate, where it cannot be read itself */
async function algorithmsOf(
  ids: readonly string[],
  source: StateReader,
  shown: ReadonlyMap<string, string | undefined> = new Map(),
): Promise<ReadonlyMap<string, string | undefined>> {
  const all = ids.map(async (id) => [id, (await keyOf(id, source))?.algorithm ?? shown.get(id)] as const);
  return new Map(await Promise.all(all));
}

/**
 * The certificates of a host, with their algorithms if there are several.
 * @param unbound those that could not be put into force, which is why what a host has may be sent again
 */
async function describeAll(
  ids: readonly string[],
  algorithms: ReadonlyMap<string, string | undefined>,
  atEdge: readonly SafeText[],
  source: StateReader,
  unbound: ReadonlySet<string> = new Set(),
): Promise<SafeText> {
  const isSeveral = ids.length + atEdge.length > 1;
  const named = await Promise.all(
    ids.map(async (id) => {
      const algorithm = isSeveral ? algorithms.get(id) : undefined;
      const named = algorithm === undefined ? formatId(id) : safe`${formatId(id)} (${formatId(algorithm)})`;
      const described = safe`${named}${await inBrackets(id, source)}`;
      return unbound.has(id) ? safe`${described} (EdgeOne lists it as not bound)` : described;
    }),
  );
  const all = [...named, ...atEdge.map((each) => safe`at its edge ${each}`)];
  return ids.length === 0 ? safe`none` : safe`certificate ${joined(all, safe` and `)}`;
}

/** What else is served, in a form to compare with a later check. */
function served(host: EdgeoneHost, besides: readonly ServedCertificate[]): string {
  return [...(host.besides?.served ?? []).map(String), ...besides.map(({ sha256 }) => sha256)].sort().join();
}

/** What its edge serves apart from the listed certificate, or why that is unknown, in words. */
async function otherCertificatesServed(
  domain: string,
  id: string,
  source: StateReader,
): Promise<readonly ServedCertificate[] | string> {
  const key = await keyOf(id, source);
  return key === undefined ? "its certificate could not be read" : otherServedCertificates(domain, key, source.options);
}

/** Clients that lose service by the change: those that accept only an algorithm that the host will no longer have. */
async function lostAlgorithmWarnings(
  domain: string,
  { algorithms, besides, unseen, unknown = [] }: HostCertificates,
  given: readonly string[],
  source: StateReader,
): Promise<Warning[]> {
  const then = [...(await algorithmsOf(given, source, algorithms)).values()];
  if (then.includes(undefined)) return [];
  const now = [...algorithms.values(), ...besides.map(({ algorithm }) => algorithm)];
  const lost = [...new Set(now)].flatMap((each) => (each === undefined || then.includes(each) ? [] : [each]));
  const gone = unknown.filter((id) => !given.includes(id));
  return [
    ...lost.map((each) => lostClientsWarning(domain, each)),
    ...(gone.length > 0
      ? [possibleLossWarning(domain, `the kind of key of ${gone.join(", ")} could not be read`)]
      : []),
    ...(unseen !== undefined && given.length === 1 ? [unseen] : []),
  ];
}

/** Algorithm and SHA-1 of a certificate of Tencent Cloud SSL, if known. */
async function keyOf(id: string, source: StateReader): Promise<ListedLeaf | undefined> {
  const answer = await source.ask(describeCertificateDetailWithoutKey, { CertificateId: id });
  return answer.found ? listedIn(answer.value.CertificatePublicKey) : undefined;
}

/** The host's certificates, searched among the hosts that `fitting` covers or does not; undefined if not there. */
async function certificatesOn(
  { host, zone }: EdgeoneHost,
  fitting: string,
  covered: boolean,
  source: StateReader,
): Promise<ReadResult<readonly string[] | undefined>> {
  const pages = hostPages(
    fitting,
    covered,
    (params) => source.ask(describeHostTeoInstanceList, params),
    (page) => (page.found ? page.value.InstanceList : []),
  );
  for await (const page of pages) {
    if (!page.found) return page;
    // The documents misspell ZoneId (docs/cloud-behaviour.md 3.9), so a row may come without it.
    const rows = page.value.InstanceList.filter(
      (row) => asInDns(row.Host ?? "") === asInDns(host) && (row.ZoneId ?? zone) === zone,
    );
    if (rows.length > 0) return { found: true, value: rows.flatMap(({ CertId }) => (CertId ? [CertId] : [])) };
  }
  return { found: true, value: undefined };
}

async function anyFitting(source: StateReader): Promise<string | undefined> {
  const answer = await source.ask(describeCertificates, anyIssued.params);
  return answer.found ? anyIssued.idIn(answer.value) : undefined;
}
