import type { Warning } from "../catalogue/operation.js";
import { caution, outage } from "../catalogue/warnings.js";
import { readBundle } from "../certificates/bundle.js";
import { algorithmOf } from "../certificates/public-key.js";
import { distinctBy } from "../lib/lists.js";
import { brief, formatId, safe, verbatim } from "../lib/safe-text.js";
import { answeredIn, tlsReportOrReason } from "./served.js";
import type { ServedCertificate } from "./tls-check.js";

/** A certificate that a cloud lists for a domain. */
export type ListedLeaf = Pick<ServedCertificate, "sha1" | "algorithm">;

/**
 * Certificates of another algorithm that a domain serves next to the listed one, to clients that need or prefer it. A
 * string says why that cannot be seen: until the edge serves the listed one itself, what it serves may be from before.
 */
export async function otherServedCertificates(
  domain: string,
  listed: ListedLeaf,
  context: Parameters<typeof tlsReportOrReason>[1],
): Promise<readonly ServedCertificate[] | string> {
  const tlsReport = await tlsReportOrReason(domain, context);
  if (typeof tlsReport === "string") return tlsReport;
  const answered = answeredIn(tlsReport);
  if (answered.length === 0) return tlsReport.problem ?? "none of its addresses answers";
  const isListed = ({ sha1 }: ServedCertificate) => sha1 === listed.sha1;
  if (!answered.every(({ certificates }) => certificates.some(isListed))) {
    return "its edge does not serve the listed certificate at every address";
  }
  const others = answered
    .flatMap(({ certificates }) => certificates)
    .filter((each) => each.algorithm !== listed.algorithm);
  return distinctBy(others, ({ sha256 }) => sha256);
}

/** The leaf of a chain from the cloud; undefined if it cannot be read. */
export function listedIn(pem: string | null | undefined): ListedLeaf | undefined {
  const leaf = pem ? readBundle(pem)?.leaf : undefined;
  return leaf && { sha1: leaf.x509.sha1, algorithm: algorithmOf(leaf.key) };
}

/** @param why why the certificate of this algorithm is lost; continues the sentence */
export function lostClientsWarning(domain: string, algorithm: string, why = safe``): Warning {
  return outage(safe`${edgeOneHost(domain)}: clients that take only ${formatId(algorithm)} are turned away${why}.`);
}

export function possibleLossWarning(domain: string, why: string): Warning {
  const unseen = verbatim(why.replace(/\.$/, ""));
  return caution(
    safe`${edgeOneHost(domain)}: whether it also has a certificate of another algorithm (RSA, ECDSA) could not be seen: ${unseen}. If so, this removes it.`,
  );
}

/**
 * The list of its site, which names all certificates of a host, was not read; what else shows them shows one, and a check
 * of the edge no SM2. A person reads it once for all hosts that it concerns.
 */
export function listUnread({ why, host }: Unread): Warning {
  const unread = verbatim(why.replace(/\.$/, ""));
  if (host !== undefined) {
    return caution(
      safe`${edgeOneHost(host)} may have certificates that are not shown here: the list that has all of them (DescribeAccelerationDomains) does not tell: ${unread}. One that no check of the edge shows either, such as SM2, is removed, and roll_back cannot put it back.`,
    );
  }
  return caution(
    safe`These EdgeOne hosts may have certificates that are not shown here: the list that has all of them was not read (DescribeAccelerationDomains): ${unread}. One that no check of the edge shows either, such as SM2, is removed, and roll_back cannot put it back.`,
  );
}

/** Why the certificates of a host are not known from the list of its site. */
export interface Unread {
  readonly why: string;
  /** The one that it is about, where the list was read. */
  readonly host?: string;
}

/** The same, for more hosts than are checked for one change. */
export const possibleLossesWarning = caution(
  safe`Whether these hosts also have certificates of another algorithm (RSA, ECDSA) was not checked: they are too many. Any such certificate is removed.`,
);

const edgeOneHost = (domain: string) => safe`EdgeOne host ${brief(domain)}`;
