import { asInDns } from "../../lib/domain-name.js";
import { batches, distinctBy } from "../../lib/lists.js";
import type { ReplyOf } from "../documented-reply.js";
import { uniqueNames } from "../naming.js";
import type { describeAccelerationDomains } from "./describe-acceleration-domains.js";

/* What the list of a site tells of a host's certificates: all of them, where other reads show one (docs/cloud-behaviour.md 4.2). */

/** A certificate that visitors of a host get, as the list of its site shows it. */
export interface ListedHostCertificate {
  readonly id: string;
  /** Of its key; undefined if the list does not say. */
  readonly algorithm?: string | undefined;
  /** It was set, and the cloud says that it could not be put into force. */
  readonly failed?: boolean;
}

/** EdgeOne's own certificates may be named differently: the form of their ids is not documented. */
export const isOfEdgeone = (id: string) => id.startsWith("teo-");

/** docs/cloud-behaviour.md 4.2: the values that a filter takes. */
const valuesAtMost = 20;

/**
 * The parameters of the read that lists a host.
 * @param hosts those of its site that are looked at besides, always in the same order: hosts that fit into one read share it
 */
export function listingOf(ZoneId: string, host: string, hosts: readonly string[]) {
  const hostsInSameRead = batches(uniqueNames(hosts), valuesAtMost).find((names) => names.includes(host)) ?? [host];
  return { ZoneId, Limit: 200, Filters: [{ Name: "domain-name", Values: hostsInSameRead }] };
}

/** The certificates of a host; a text says why the list does not tell. */
export function listedFor(
  zone: string,
  host: string,
  { AccelerationDomains: rows }: ReplyOf<typeof describeAccelerationDomains>,
): readonly ListedHostCertificate[] | string {
  const row = rows.find(
    ({ DomainName, ZoneId }) => asInDns(DomainName ?? "") === asInDns(host) && (ZoneId || zone) === zone,
  );
  if (row === undefined) return "the host is not listed";
  const { Mode, List = [] } = row.Certificate ?? {};
  if (Mode === "disable") return [];
  const named = List.flatMap(({ CertId: id, SignAlgo, Status }) =>
    id ? [{ id, algorithm: algorithmIn(SignAlgo), failed: isFailed(Status) }] : [],
  );
  // Without a mode, an empty list is no proof that it has none (docs/cloud-behaviour.md 4.2).
  if (named.length === 0 || named.length < List.length) return "its certificates are not listed";
  return distinctBy(named, ({ id }) => id);
}

/** `issued` means issued and not bound (docs/cloud-behaviour.md 4.2). */
const isFailed = (status: string | null | undefined) => ["failed", "issued"].includes(status?.toLowerCase() ?? "");

const algorithms: Readonly<Record<string, string>> = {
  RSA: "RSA",
  ECC: "ECDSA",
  EC: "ECDSA",
  ECDSA: "ECDSA",
  SM2: "SM2",
};

/**
 * The kind of key, where `SignAlgo` is no more than that and a size. By its name it could be how the authority signed, as
 * in sha256WithRSAEncryption, which says nothing of the key.
 */
function algorithmIn(signAlgo: string | null | undefined): string | undefined {
  const [, kind = ""] = /^([a-z]+\d?)(?:[ _-]?\d{3,4})?$/i.exec(signAlgo?.trim() ?? "") ?? [];
  return algorithms[kind.toUpperCase()];
}
