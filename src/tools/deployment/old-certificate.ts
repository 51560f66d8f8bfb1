import { getUserCertificateDetail } from "../../catalogue/alibaba-cas/get-user-certificate-detail.js";
import { showCertificate } from "../../catalogue/huawei-scm/show-certificate.js";
import { huaweiScm, type Service, tencentEdgeone, tencentSsl } from "../../catalogue/services.js";
import { readBundle } from "../../certificates/bundle.js";
import { toAscii } from "../../certificates/domain-names.js";
import { isSameLeaf, type LeafFingerprints, normalizeFingerprint } from "../../certificates/fingerprint.js";
import { firstOf } from "../../lib/lists.js";
import { mapConcurrent } from "../../lib/map-concurrent.js";
import { formatId, SafeText, safe, verbatim } from "../../lib/safe-text.js";
import { unlessFailed, unusable } from "../../lib/tool-error.js";
import type { ToolContext } from "../../pipeline/tool.js";
import { readLeaf } from "../certificate-detail.js";
import { readOnce } from "../cloud-reads.js";
import type { ListedCertificate } from "../inventory/certificates.js";
import { storedCertificates } from "../inventory/inventory.js";
import {
  CONCURRENT_READS,
  type DomainCertificate,
  type DomainInventory,
  type ListedDomain,
} from "../inventory/listing.js";
import { certificatesMeant, endsDiffer, idWithStore, storedCertificateOf } from "../inventory/used-by.js";

/** A certificate as its store shows it. */
interface Leaf extends LeafFingerprints {
  readonly names: readonly string[];
  /** As its store shows it; undefined where it does not. */
  readonly ends: string | undefined;
}

/** A certificate that is to be replaced wherever it is. */
export interface OldCertificate {
  /** Its ids at Tencent Cloud SSL, for looking up what else uses it. */
  readonly tencentIds: readonly string[];
  readonly leaves: readonly Leaf[];
  /** Whether a store or a domain has it at all. */
  readonly isKnown: boolean;
  /** What could not be seen, one sentence each. */
  readonly unseen: readonly SafeText[];
  /** Whether its cloud lists the domain with it. */
  readonly isOnDomain: (listed: ListedDomain) => boolean;
  /** The ids at Tencent Cloud SSL of those of its copies that hosts have and no store lists. */
  readonly copiesOnHosts: (hosts: readonly ListedDomain[]) => Promise<readonly string[]>;
}

/**
 * The certificate that an id or a name means: in the stores, and on the domains that have one that no store lists.
 * @throws {ToolError} of kind input, with the candidates, if it is several
 */
export async function findOldCertificate(
  text: string,
  { domains }: DomainInventory,
  context: ToolContext,
): Promise<OldCertificate> {
  const { certificates, unseen: unlisted } = await storedCertificates(context);
  const { stored, isName } = certificatesMeant(text, certificates);
  const isCalledSo = ({ id, name }: DomainCertificate) => id === text || (isName && name === text);
  const isStored = (listed: ListedDomain, held: DomainCertificate) =>
    storedCertificateOf(listed, held, stored) !== undefined;
  const elsewhere = domains.flatMap((listed) =>
    listed.certificates
      .filter((held) => isCalledSo(held) && !isStored(listed, held))
      .map((held): Candidate => ({ service: listed.service, on: listed.domain, ...held })),
  );
  refuseSeveral(text, [...stored.map((each) => ({ ...each, id: idWithStore(each) })), ...elsewhere]);
  const { leaves, unseen } = await leavesOf(text, stored, context);
  const copies = await copiesAmong(certificates, stored, leaves, context);
  const all = [...stored, ...copies.found];
  const unlistedId = stored.length === 0 && leaves.length > 0 ? [text] : [];
  const tencentIds = [...unlistedId, ...all.filter(({ service }) => service === tencentSsl).map(({ id }) => id)];
  return {
    tencentIds,
    leaves,
    isKnown: stored.length + elsewhere.length + leaves.length > 0,
    unseen: [...unlisted.map(verbatim), ...unseen, ...copies.unseen],
    isOnDomain: (listed: ListedDomain) =>
      listed.certificates.some((held) => isCalledSo(held) || storedCertificateOf(listed, held, all) !== undefined),
    copiesOnHosts: (hosts) => copiesOnHosts(hosts, { leaves, listed: certificates }, context),
  };
}

/** One of those that a text may mean. */
interface Candidate {
  readonly service: Service;
  readonly id?: string | undefined;
  readonly region?: string | undefined;
  readonly ends?: string | undefined;
  /** The domain that has it, if no store lists it. */
  readonly on?: string;
}

/** Copies of one certificate may have one name in several stores; the same name in one store, or another end, may not. */
function isOther(one: Candidate, other: Candidate): boolean {
  if (endsDiffer(one.ends, other.ends)) return true;
  if (one.service.cloud !== other.service.cloud || one.id === undefined || other.id === undefined) return false;
  const inTwoStores = one.region !== undefined && other.region !== undefined && one.region !== other.region;
  return one.id !== other.id && !inTwoStores;
}

const namedAtMost = 10;

/** @throws {ToolError} of kind input unless all are one certificate */
function refuseSeveral(text: string, candidates: readonly Candidate[]): void {
  if (!candidates.some((one, index) => candidates.slice(index + 1).some((other) => isOther(one, other)))) return;
  const words = [...new Set(candidates.map(describeCandidate))];
  throw unusable(
    `${formatId(text)} means several certificates: ${firstOf(words, namedAtMost).join("; ")}.`,
    "Ask the person which is meant, and give its id as it is written here, or name the targets.",
  );
}

const describeCandidate = ({ service, id, ends, on }: Candidate) =>
  [
    `${service.title}${id === undefined ? "" : ` ${formatId(id)}`}`,
    ...(on === undefined ? [] : [`on ${formatId(on)}`]),
    ends === undefined ? "no expiry shown" : `expires ${ends.slice(0, 10)}`,
  ].join(", ");

async function leavesOf(text: string, stored: readonly ListedCertificate[], context: ToolContext) {
  const leaves: Leaf[] = [];
  const unseen: SafeText[] = [];
  for (const each of stored) {
    const leaf = await unlessFailed(fingerprintsOf(each, context), ({ details }) => {
      const why = verbatim(details.happened);
      unseen.push(safe`Which domains serve ${formatId(idWithStore(each))} under another id was not looked at: ${why}`);
      return undefined;
    });
    if (leaf) leaves.push({ ...leaf, names: each.domains, ends: each.ends });
  }
  if (stored.length > 0) return { leaves, unseen };
  // The list may have been cut.
  const unlisted = context.services.has(tencentSsl) ? await unlistedLeaf(text, context) : undefined;
  return { leaves: unlisted ? [unlisted] : [], unseen };
}

/**
 * The other entries of the stores that are the same certificate: each cloud has its own copy, and a store may have several.
 * Names and end tell which are worth a read; the fingerprint decides.
 */
async function copiesAmong(
  certificates: readonly ListedCertificate[],
  stored: readonly ListedCertificate[],
  leaves: readonly Leaf[],
  context: ToolContext,
) {
  const likely = certificates.filter((each) => !stored.includes(each) && leaves.some((leaf) => mayBeCopy(each, leaf)));
  const read = await mapConcurrent(likely, CONCURRENT_READS, async (each) => {
    const unknown = (why: SafeText) =>
      safe`Whether ${formatId(idWithStore(each))} is a copy of the old certificate could not be read: ${why}`;
    const leaf = await unlessFailed(fingerprintsOf(each, context), ({ details }) =>
      unknown(verbatim(details.happened)),
    );
    return { each, leaf: leaf ?? unknown(safe`its store shows no fingerprint.`) };
  });
  return {
    found: read.flatMap(({ each, leaf }) =>
      !(leaf instanceof SafeText) && leaves.some((it) => isSameLeaf(it, leaf)) ? [each] : [],
    ),
    unseen: read.flatMap(({ leaf }) => (leaf instanceof SafeText ? [leaf] : [])),
  };
}

/** Whether what the store lists has the names and the end of a leaf: the fingerprint is worth a read. */
export function mayBeCopy(stored: ListedCertificate, { names, ends }: Pick<Leaf, "names" | "ends">): boolean {
  // An order that failed or was cancelled never had a certificate; one that was revoked has an end.
  const isIssued = stored.group !== "pending" && (stored.group !== "closed" || stored.ends !== undefined);
  const isCertificate = !stored.isCa && isIssued;
  return isCertificate && namesKey(names) === namesKey(stored.domains) && !endsDiffer(ends, stored.ends);
}

/** Stores differ in whether they repeat the main name, and in the order. */
const namesKey = (names: readonly string[]) => [...new Set(names.map(toAscii))].sort().join(" ");

/** Hosts of EdgeOne have certificates by their ids at Tencent Cloud SSL, whose own list may be cut or unreadable. */
async function copiesOnHosts(
  hosts: readonly ListedDomain[],
  { leaves, listed }: { readonly leaves: readonly Leaf[]; readonly listed: readonly ListedCertificate[] },
  context: ToolContext,
): Promise<readonly string[]> {
  if (!context.services.has(tencentSsl)) return [];
  const known = new Set(listed.filter(({ service }) => service === tencentSsl).map(({ id }) => id));
  const held = hosts.filter(({ service }) => service === tencentEdgeone).flatMap(({ certificates }) => certificates);
  const ids = new Set(held.flatMap(({ id }) => (id === undefined || known.has(id) ? [] : [id])));
  const copies: string[] = [];
  for (const id of ids) {
    const leaf = await unlistedLeaf(id, context);
    if (leaf !== undefined && leaves.some((it) => isSameLeaf(it, leaf))) copies.push(id);
  }
  return copies;
}

/** Of a stored certificate; some stores show only the SHA-1, and undefined is for one that shows none. */
export async function fingerprintsOf(
  stored: ListedCertificate,
  context: ToolContext,
): Promise<LeafFingerprints | undefined> {
  const { id, service, region } = stored;
  if (service === tencentSsl) return leafAtTencent(id, context);
  if (service === huaweiScm) {
    const at = { project_id: context.huaweiProjectId, certificate_id: id };
    const { fingerprint } = await readOnce(context, showCertificate, at);
    return leafShown(fingerprint);
  }
  const at = { CertRegion: region, CertId: Number(id) };
  const { Cert: pem, Fingerprint } = await readOnce(context, getUserCertificateDetail, at);
  const leaf = pem ? readBundle(pem)?.leaf : undefined;
  return leaf === undefined ? leafShown(Fingerprint) : leaf.x509;
}

/** Where the store shows a SHA-1 and no certificate. */
function leafShown(fingerprint: string | null | undefined): LeafFingerprints | undefined {
  const digits = normalizeFingerprint(fingerprint ?? "");
  return digits === "" ? undefined : { sha256: digits };
}

async function leafAtTencent(id: string, context: ToolContext): Promise<Leaf | undefined> {
  const leaf = await readLeaf(id, context);
  if (leaf === undefined) return undefined;
  const { sha256, sha1, notAfter } = leaf.x509;
  return { sha256, sha1, names: leaf.names, ends: notAfter.toISOString() };
}

/** A name, or an id of another cloud, is unknown there. */
function unlistedLeaf(id: string, context: ToolContext): Promise<Leaf | undefined> {
  return unlessFailed(leafAtTencent(id, context), (error) => {
    if (error.details.code === undefined) throw error;
    return undefined;
  });
}
