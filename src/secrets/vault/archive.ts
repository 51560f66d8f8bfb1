import { createPrivateKey, type KeyObject, X509Certificate } from "node:crypto";
import { keyMatchesCertificate } from "../../key-match.js";
import { type Block, blocksIn } from "../references/blocks.js";
import type { PartName } from "../references/grammar.js";
import { isPrivateKey } from "../references/key.js";
import { isCertificate, withoutRepeats } from "../references/pick.js";
import { UnfitArchive, unzip } from "./unzip.js";

/** The parts of a downloaded archive, as PEM; one that it does not hold is missing. */
export type ArchiveParts = Readonly<Partial<Record<PartName, string>>>;

/**
 * Opens what DownloadCertificate hands out: base64 of a ZIP with the same certificate laid out for several servers.
 * Which paths it has differs, so files are found by suffix and their parts by content (FACTS.md 6.6). A name in the
 * archive is never used as a path.
 * @throws {UnfitArchive}
 */
export function openArchive(base64: string): ArchiveParts {
  const files = unzip(Buffer.from(base64, "base64"), (name) => /\.(crt|cer|pem|key)$/i.test(name));
  const contents = Object.values(files).map((bytes) => blocksIn(Buffer.from(bytes)));
  const keys = withoutRepeats(contents.flat().filter(isPrivateKey));
  const chains = contents.map((blocks) => blocks.filter(isCertificate)).filter((chain) => chain.length > 0);
  const leaf = leafAmong(withoutRepeats(chains.flat()), keys);
  const key = leaf === undefined ? onlyOne(keys) : (keys.find((each) => belong(leaf, each)) ?? untried(keys));
  return partsOf(key, leaf, leaf === undefined ? [] : issuersOf(leaf, chains));
}

function partsOf(key: Block | undefined, leaf: Block | undefined, issuers: readonly Block[]): ArchiveParts {
  const chain = issuers.map(({ pem }) => pem).join("");
  return {
    ...(key === undefined ? {} : { key: key.pem }),
    ...(leaf === undefined ? {} : { leaf: leaf.pem, fullchain: leaf.pem + chain }),
    ...(chain === "" ? {} : { chain }),
  };
}

/** The certificate that a key of the archive belongs to, or else the one that is no authority's. */
function leafAmong(certificates: readonly Block[], keys: readonly Block[]): Block | undefined {
  const ofKey = certificates.find((certificate) => keys.some((key) => belong(certificate, key)));
  return ofKey ?? onlyOne(certificates.filter((certificate) => read(certificate)?.ca === false));
}

/** What follows the leaf in the bundle that the authority made, or, without one, whatever leads from issuer to issuer. */
function issuersOf(leaf: Block, chains: readonly (readonly Block[])[]): readonly Block[] {
  const bundles = chains.filter(([first]) => first?.der.equals(leaf.der));
  const [, ...bundled] = bundles.reduce((longest, each) => (each.length > longest.length ? each : longest), []);
  return bundled.length > 0 ? bundled : followed(leaf, withoutRepeats(chains.flat()));
}

function followed(from: Block, certificates: readonly Block[]): readonly Block[] {
  const others = certificates.filter(({ der }) => !der.equals(from.der));
  const issuer = others.find((candidate) => issued(candidate, from));
  return issuer === undefined ? [] : [issuer, ...followed(issuer, others)];
}

function issued(issuer: Block, certificate: Block): boolean {
  const parent = read(issuer);
  return parent !== undefined && read(certificate)?.checkIssued(parent) === true;
}

/** False as well for kinds of key that Node.js does not read. */
function belong(certificate: Block, key: Block): boolean {
  const [x509, opened] = [read(certificate), open(key)];
  return x509 !== undefined && opened !== undefined && keyMatchesCertificate(opened, x509);
}

/**
 * The only key, where it cannot be tried here because it is encrypted or of another kind.
 * @throws {UnfitArchive} where it was tried and is another certificate's: nothing may pass for a pair that is none
 */
function untried(keys: readonly Block[]): Block | undefined {
  if (keys.some((key) => open(key) !== undefined)) {
    throw new UnfitArchive("its private key does not belong to its certificate");
  }
  return onlyOne(keys);
}

function open(key: Block): KeyObject | undefined {
  try {
    return createPrivateKey(key.pem);
  } catch {
    return undefined;
  }
}

function read(certificate: Block): X509Certificate | undefined {
  try {
    return new X509Certificate(certificate.pem);
  } catch {
    return undefined;
  }
}

function onlyOne(blocks: readonly Block[]): Block | undefined {
  return blocks.length === 1 ? blocks[0] : undefined;
}
