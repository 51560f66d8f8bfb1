import type { KeyObject } from "node:crypto";
import { limits } from "../../catalogue/limits.js";
import { fits, type KeyObstacle, openPrivateKey } from "../../certificates/private-key.js";
import { X509 } from "../../certificates/x509.js";
import { blocksIn } from "../references/blocks-in-file.js";
import { isPrivateKey } from "../references/key.js";
import type { Block } from "../references/pem.js";
import { isCertificate, withoutRepeats } from "../references/pick-content.js";
import { type PartName, partNames } from "../references/syntax.js";
import { UnfitArchive, unzip } from "./unzip.js";

const { archive: archiveLimits } = limits;

/** The parts of a downloaded archive, as PEM. Parts that it does not hold are missing. */
export type ArchiveParts = Readonly<Partial<Record<PartName, string>>>;

/** The parts that an archive holds; none of anything else. */
export function archivePartsOf({ parts }: { readonly parts?: ArchiveParts | undefined }): readonly PartName[] {
  return partNames.filter((name) => parts?.[name] !== undefined);
}

/**
 * Opens the output of DownloadCertificate: a base64 ZIP with the same certificate in the layouts of several servers.
 * Its paths vary, so files are found by suffix and their parts by content (docs/cloud-behaviour.md 3.6). A name in
 * the archive is never used as a path.
 * @throws {UnfitArchive}
 */
export function openArchive(base64: string, matches: KeyMatch = (x509, key) => fits({ x509 }, key)): ArchiveParts {
  const zip = Buffer.from(base64.slice(0, maxBase64Length), "base64");
  const files = unzip(zip, (name) => /\.(crt|cer|pem|key)$/i.test(name));
  const contents = files.map(blocksIn);
  const keys = withoutRepeats(contents.flat().filter(isPrivateKey));
  const chains = contents.map((blocks) => blocks.filter(isCertificate)).filter((chain) => chain.length > 0);
  const certificates = withoutRepeats(chains.flat());
  // Counted before parsing: each key may be tried with each certificate.
  if (keys.length > archiveLimits.keys) throw new UnfitArchive(`it holds more than ${archiveLimits.keys} private keys`);
  if (certificates.length > archiveLimits.certificates) {
    throw new UnfitArchive(`it holds more than ${archiveLimits.certificates} certificates`);
  }
  // No certificate in use is longer, and those that are take long to parse.
  const ofUsualSize = certificates.filter(({ der }) => der.length <= limits.chain.certificateBytes);
  const parsed = new Map(ofUsualSize.map((block) => [block, X509.read(block.pem)]));
  const opened = new Map(keys.map((block) => [block, openPrivateKey(block.pem, undefined)]));
  const belongTogether = (certificate: Block, key: Block) => {
    const [x509, privateKey] = [parsed.get(certificate), opened.get(key)];
    return x509 !== undefined && typeof privateKey === "object" && matches(x509, privateKey);
  };
  const leaf =
    certificates.find((certificate) => keys.some((key) => belongTogether(certificate, key))) ??
    onlyOne(certificates.filter((certificate) => parsed.get(certificate)?.isCa === false));
  const key =
    leaf === undefined
      ? onlyOne(keys)
      : (keys.find((each) => belongTogether(leaf, each)) ?? uncheckedKey(keys, opened));
  return partsOf(key, leaf, leaf === undefined ? [] : issuersOf(leaf, chains, parsed));
}

type KeyMatch = (certificate: X509, key: KeyObject) => boolean;

/** Longer text is not decoded whole; one character beyond the largest accepted ZIP is enough to refuse it. */
const maxBase64Length = Math.ceil(archiveLimits.zippedBytes / 3) * 4 + 4;

function partsOf(key: Block | undefined, leaf: Block | undefined, issuers: readonly Block[]): ArchiveParts {
  const chain = issuers.map(({ pem }) => pem).join("");
  return {
    ...(key === undefined ? {} : { key: key.pem }),
    ...(leaf === undefined ? {} : { leaf: leaf.pem, fullchain: leaf.pem + chain }),
    ...(chain === "" ? {} : { chain }),
  };
}

type ParsedCertificates = ReadonlyMap<Block, X509 | undefined>;

/** The certificates after the leaf in the authority's bundle or, without one, those found from issuer to issuer. */
function issuersOf(leaf: Block, chains: readonly (readonly Block[])[], parsed: ParsedCertificates): readonly Block[] {
  const bundles = chains.filter(([first]) => first?.der.equals(leaf.der));
  const [, ...bundled] = bundles.reduce((longest, each) => (each.length > longest.length ? each : longest), []);
  return bundled.length > 0 ? bundled : followIssuers(leaf, [...parsed.keys()], parsed);
}

function followIssuers(from: Block, certificates: readonly Block[], parsed: ParsedCertificates): readonly Block[] {
  const others = certificates.filter((block) => block !== from);
  const issuer = others.find((candidate) => hasIssued(parsed.get(candidate), parsed.get(from)));
  return issuer === undefined ? [] : [issuer, ...followIssuers(issuer, others, parsed)];
}

/** Compares names and key ids. */
function hasIssued(issuer: X509 | undefined, certificate: X509 | undefined): boolean {
  return issuer !== undefined && certificate?.checkIssued(issuer) === true;
}

/**
 * The only key, if it cannot be checked here because it is encrypted or of an unsupported kind.
 * @throws {UnfitArchive} if it was checked and belongs to another certificate: a mismatch must not pass for a pair
 */
function uncheckedKey(keys: readonly Block[], opened: ReadonlyMap<Block, KeyObject | KeyObstacle>): Block | undefined {
  if (keys.some((key) => typeof opened.get(key) === "object")) {
    throw new UnfitArchive("its private key does not belong to its certificate");
  }
  return onlyOne(keys);
}

function onlyOne(blocks: readonly Block[]): Block | undefined {
  return blocks.length === 1 ? blocks[0] : undefined;
}
