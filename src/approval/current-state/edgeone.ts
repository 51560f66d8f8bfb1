import type { EdgeoneHost, Warning } from "../../catalogue/operation.js";
import { describeCertificateDetailWithoutKey } from "../../catalogue/tencent-ssl/describe-certificate-detail.js";
import { describeCertificates } from "../../catalogue/tencent-ssl/describe-certificates.js";
import { describeHostTeoInstanceList } from "../../catalogue/tencent-ssl/describe-host-teo-instance-list.js";
import { anyIssued, hostPages } from "../../catalogue/tencent-ssl/edgeone-hosts.js";
import { describeHost } from "../../catalogue/tencent-ssl/preconditions.js";
import { asInDns } from "../../lib/domain-name.js";
import { formatId, joined, type SafeText, safe } from "../../lib/safe-text.js";
import { describeServedCertificate } from "../../tls-check/descriptions.js";
import {
  type ListedLeaf,
  listedIn,
  lostClientsWarning,
  otherServedCertificates,
  possibleLossesWarning,
  possibleLossWarning,
} from "../../tls-check/other-certificates.js";
import type { ServedCertificate } from "../../tls-check/tls-check.js";
import { inBrackets } from "./certificate.js";
import { byAspect, type DescribedValue, type Fact, type HostState, plainReading, type Reading } from "./reading.js";
import type { ReadResult, StateReader } from "./state-reader.js";
import { couldNotBeRead, notVisible } from "./texts.js";

/**
 * The only read that shows a host takes a certificate and lists the hosts where it could be used.
 * @param looks whether its edge may be checked for what that read does not list
 */
export async function readHost(host: EdgeoneHost, source: StateReader, looks: boolean): Promise<Reading> {
  const object = describeHost(host.zone, host.host);
  const { given } = host;
  const fitting = host.listingCertificateId ?? (await anyFitting(source));
  if (fitting === undefined) return plainReading(object, notVisible);
  const reading = (now: SafeText | DescribedValue, more: Partial<Reading> = {}): Reading => ({
    object,
    now: byAspect({ "server certificate": now }),
    facts: [],
    certificates: given ?? [],
    ...more,
  });
  for (const covered of [true, false]) {
    const answer = await certificatesOn(host, fitting, covered, source);
    if (!answer.found) return reading(couldNotBeRead(answer.why));
    const { value: listed } = answer;
    if (listed === undefined) continue;
    const all = await readHostCertificates(host, listed, source, looks);
    const fact: Fact = [safe`${object}: covered by ${formatId(fitting)}`, covered ? safe`yes` : safe`no`];
    return reading(all, {
      facts: given?.includes(fitting) ? [fact] : [],
      certificates: [...new Set([...all.ids, ...(given ?? [])])],
      // A job has checked already and warns itself.
      warnings:
        given === undefined || host.besides !== undefined
          ? []
          : await lostAlgorithmWarnings(host.host, all, given, source),
      ...(all.isWhole && { state: { kind: "host", zone: host.zone, host: host.host, state: all.ids } }),
    });
  }
  return reading(safe`not among the hosts that this API lists`);
}

/** The certificates of a host: by id, by what else its edge shows, and in words. */
interface HostCertificates extends DescribedValue {
  readonly ids: readonly string[];
  readonly besides: readonly ServedCertificate[];
  /** Whether the ids are complete. */
  readonly isWhole: boolean;
  /** Warns that the edge may serve another one, and why that is unknown. */
  readonly unseen?: Warning;
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
  const several = ids.length + shown.length > 1;
  const named = await Promise.all(
    ids.map(async (id) => {
      const algorithm = several ? (await keyOf(id, source))?.algorithm : undefined;
      const named = algorithm === undefined ? formatId(id) : safe`${formatId(id)} (${formatId(algorithm)})`;
      return safe`${named}${await inBrackets(id, source)}`;
    }),
  );
  const all = [...named, ...shown.map((each) => safe`at its edge ${each}`)];
  const words = ids.length === 0 ? safe`none` : safe`certificate ${joined(all, safe` and `)}`;
  const unseen =
    typeof tlsReport === "string"
      ? possibleLossWarning(host.host, tlsReport)
      : unknown && !looks
        ? possibleLossesWarning
        : undefined;
  const is: HostState = {
    ids: [...ids].sort().join() || "none",
    ...(unseen === undefined && { besides: served(host, besides) }),
  };
  return { ids, besides, words, is, isWhole: unseen === undefined && shown.length === 0, ...(unseen && { unseen }) };
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
  { ids, besides, unseen }: HostCertificates,
  given: readonly string[],
  source: StateReader,
): Promise<Warning[]> {
  const algorithmsOf = async (certificates: readonly string[]) =>
    (await Promise.all(certificates.map((id) => keyOf(id, source)))).map((key) => key?.algorithm);
  const then = await algorithmsOf(given);
  if (then.includes(undefined)) return [];
  const now = [...(await algorithmsOf(ids)), ...besides.map(({ algorithm }) => algorithm)];
  const lost = [...new Set(now)].flatMap((each) => (each === undefined || then.includes(each) ? [] : [each]));
  const warnings = lost.map((each) => lostClientsWarning(domain, each));
  return unseen !== undefined && given.length === 1 ? [...warnings, unseen] : warnings;
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
