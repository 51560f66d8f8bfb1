import type { KeyObject } from "node:crypto";
import { dirname } from "node:path";
import { readBundle } from "../../certificates/bundle.js";
import type { ParsedCertificate } from "../../certificates/certificate.js";
import { buildChain, effectiveEnd } from "../../certificates/chain.js";
import { fits, openPrivateKey, publicKeyDer } from "../../certificates/private-key.js";
import { unlessThrown } from "../../lib/failure.js";
import { groupedBy } from "../../lib/lists.js";
import { unlessFailed } from "../../lib/tool-error.js";
import type { References } from "../../secrets/references/resolve.js";
import { type Contender, examinePair, type Fitness, refusedLast } from "../../tools/inventory/takeover.js";
import { filesBelow } from "./files-below.js";

/** A certificate that a tool keeps as files, with its key. Never the content of the key. */
export interface FilePair extends Contender {
  /** Paths, as deploy_certificate takes them after `file:`. */
  readonly certificate: string;
  readonly privateKey: string;
  /** Of the leaf, lower-case hexadecimal, like `sha1`. */
  readonly sha256: string;
  readonly sha1?: string | undefined;
  /** "EC" or "RSA". */
  readonly kind: string;
  readonly starts: string;
  /** Of the chain, if it ends before the leaf. */
  readonly ends: string;
  /** What clients do with it today. */
  readonly fitness: Fitness;
}

/** What lies there and is no pair that can be deployed. */
export interface UnfitFile {
  /** Names the file and the reason, in a sentence. */
  readonly says: string;
  /** Of the certificate in it; undefined if nobody can tell what it holds. */
  readonly leaf?: Contender;
}

export interface FoundPairs {
  readonly pairs: readonly FilePair[];
  /** What could not be read, one sentence each. */
  readonly problems: readonly string[];
  readonly unusable: readonly UnfitFile[];
}

interface CertificateInFile {
  readonly path: string;
  readonly pem: string;
  readonly certificates: readonly [ParsedCertificate, ...ParsedCertificate[]];
  /** The first one that is not a CA's: in the wrong order, not the first of all. */
  readonly server: ParsedCertificate;
}

interface UnreadKey {
  readonly path: string;
  readonly fault: string;
}

interface KeyInFile {
  readonly path: string;
  readonly pem: string;
  readonly key: KeyObject;
}

/** A key with the certificate that it belongs to, in one of the files that have it. */
interface Match extends CertificateInFile {
  readonly key: KeyInFile;
  readonly report: ReturnType<typeof examinePair>;
}

/**
 * The certificates below the operator's directories whose key lies there, too, read as a reference to each file would be.
 * Keys are matched to certificates by content, so it does not matter how a tool names its files: certbot's
 * live/NAME/fullchain.pem and privkey.pem, lego's NAME.crt and NAME.key, acme.sh's NAME/fullchain.cer and NAME.key.
 * @param roots roots that clients trust besides those of Node.js, in PEM: what lies above them in a file does not count
 */
export async function findFilePairs(
  references: Pick<References, "directories" | "certificateFile">,
  now: Date,
  roots: readonly string[] = [],
): Promise<FoundPairs> {
  const { paths, passedOver, ...found } = await filesBelow(references.directories);
  const problems = [...found.problems];
  const unusable: UnfitFile[] = passedOver.map((says) => ({ says }));
  const certificates: CertificateInFile[] = [];
  const keys: KeyInFile[] = [];
  const unread: UnreadKey[] = [];
  for (const path of paths) {
    const file = await unlessFailed(references.certificateFile(path), ({ details }) => {
      problems.push(details.happened);
      return undefined;
    });
    const bundle = file?.certificate === undefined ? undefined : readBundle(file.certificate);
    const server = bundle?.certificates.find(({ isCa }) => !isCa);
    if (file?.certificate !== undefined && bundle !== undefined && server !== undefined) {
      certificates.push({ path, pem: file.certificate, certificates: bundle.certificates, server });
    }
    const key = file?.key === undefined ? undefined : openPrivateKey(file.key, undefined);
    if (file?.key !== undefined && typeof key === "object") keys.push({ path, pem: file.key, key });
    const faults = [...(file?.faults ?? []), ...(typeof key === "string" ? ["the private key cannot be read."] : [])];
    if (file?.first === undefined) unread.push(...faults.map((fault) => ({ path, fault })));
    unusable.push(...unusableIn(path, faults, file?.first));
  }
  const keysByHalf = groupedBy(keys, ({ key }) => publicKeyOf(key));
  const pairs: FilePair[] = [];
  for (const [sha256, same] of groupedBy(certificates.toSorted(byPath), ({ server }) => server.x509.sha256)) {
    const matches = same.flatMap((each): Match[] => {
      const key = keyOf(each, keysByHalf.get(each.server.publicKey.toString("base64")) ?? []);
      return key === undefined ? [] : [{ ...each, key, report: examinePair(each.pem, key.pem, now, roots) }];
    });
    const [best] = matches.filter(({ report }) => report.keyFits).toSorted(byQuality);
    const [shortest] = same;
    if (best !== undefined) pairs.push(pairOf(best, sha256, roots));
    else if (shortest !== undefined)
      unusable.push({ says: whyUnusable(shortest, matches, unread), leaf: factsOf(shortest.server) });
  }
  return { pairs, problems, unusable };
}

function pairOf(
  { path, key, server, certificates, report }: Match,
  sha256: string,
  roots: readonly string[],
): FilePair {
  return {
    certificate: path,
    privateKey: key.path,
    sha256,
    sha1: server.x509.sha1,
    names: server.names,
    kind: server.key.type,
    starts: server.notBefore.toISOString(),
    ends: effectiveEnd(certificates, roots).toISOString(),
    fitness: report.fitness,
  };
}

/**
 * What clients accept first, and of that what has least that should not be there, then the longer chain. Of what they
 * refuse, the longer chain, as those with a root of their own need it.
 */
function byQuality(one: Match, other: Match): number {
  const longer = chainOf(other) - chainOf(one);
  const cleaner = one.report.findings.length - other.report.findings.length;
  return (
    refusedLast(one.report, other.report) || (one.report.fitness === "fit" ? cleaner || longer : longer || cleaner)
  );
}

const chainOf = ({ certificates }: Match) => buildChain(certificates).path.length;

/** The key of a certificate: one beside it before one elsewhere. */
function keyOf({ path, server }: CertificateInFile, keys: readonly KeyInFile[]): KeyInFile | undefined {
  const byPlace = (one: KeyInFile, other: KeyInFile) =>
    Number(isBeside(other.path, path)) - Number(isBeside(one.path, path)) || byPath(one, other);
  const ordered = keys.toSorted(byPlace);
  return ordered.find(({ key }) => fits(server, key)) ?? ordered[0];
}

const isBeside = (one: string, other: string) => dirname(one) === dirname(other);

/** The shortest first, which is not that of an archive. */
function byPath(one: { readonly path: string }, other: { readonly path: string }): number {
  return one.path.length - other.path.length || (one.path < other.path ? -1 : 1);
}

const publicKeyOf = (key: KeyObject) => unlessThrown(() => publicKeyDer(key).toString("base64"));

const factsOf = ({ names, notBefore, notAfter }: ParsedCertificate): Contender => ({
  names,
  starts: notBefore.toISOString(),
  ends: notAfter.toISOString(),
});

function whyUnusable({ path }: CertificateInFile, [match]: readonly Match[], unread: readonly UnreadKey[]): string {
  const says = match?.report.findings.find(({ level }) => level === "error")?.says;
  if (match !== undefined && says !== undefined) return `${match.path} with the key ${match.key.path}: ${says}`;
  const beside = unread.filter((each) => isBeside(each.path, path)).map((each) => ` ${each.path}: ${each.fault}`);
  return `${path}: no private key that could be read belongs to it.${beside.slice(0, namedAtMost).join("")}`;
}

/** Keys that a sentence names. */
const namedAtMost = 3;

/** What a file could not be used for. After damage, a CA's certificate may be the one above the leaf. */
function unusableIn(path: string, faults: readonly string[], first: string | undefined): UnfitFile[] {
  const leaf = first === undefined ? undefined : readBundle(first)?.leaf;
  return faults.map((fault) => ({
    says: `${path}: ${fault}`,
    ...(leaf && !leaf.isCa && { leaf: factsOf(leaf) }),
  }));
}
