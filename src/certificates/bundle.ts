import { limits } from "../catalogue/limits.js";
import { type SafeText, safe } from "../lib/safe-text.js";
import { type CertificateList, type ParsedCertificate, parseCertificate } from "./certificate.js";

/** A PEM text with a leaf and what follows it. */
export interface Bundle {
  readonly leaf: ParsedCertificate;
  /** The leaf and what follows it, in the order of the text; blocks that do not parse are left out. */
  readonly certificates: CertificateList;
  /** Positions of the blocks that do not parse, from 1. */
  readonly unparsable: readonly number[];
  /** Whether the text contains anything besides certificates. */
  readonly hasOtherText: boolean;
  readonly hasPrivateKey: boolean;
}

/** Stops at the next `-----`: a search from each BEGIN to the end of the text would take forever on a file of BEGINs. */
const block = /-----BEGIN CERTIFICATE-----(?:(?!-----)[\s\S])+-----END CERTIFICATE-----/g;
const keyBlock = /-----BEGIN [A-Z ]*PRIVATE KEY-----/;

/** The certificates in a PEM text, each as a text of its own. */
export function certificateBlocks(pem: string): string[] {
  return pem.match(block) ?? [];
}

/** Why a text is too large to read, in a sentence; undefined if it is not. Checked before anything is parsed. */
export function whyTooLarge(pem: string): string | undefined {
  if (pem.length > limits.argument.pem) {
    return `The text has ${pem.length} characters; at most ${limits.argument.pem} are read: leave out all but the leaf and its chain.`;
  }
  const count = certificateBlocks(pem).length;
  const { certificates: most } = limits.chain;
  return count > most
    ? `There are ${count} certificates in the text; at most ${most} are read: leave out all but the leaf and its chain.`
    : undefined;
}

/** The bundle read last: a job checks the same one for each of its targets. */
let lastRead: { readonly pem: string; readonly bundle: Bundle | undefined } | undefined;

/** Undefined if there is no block, the first one does not parse, or the text is too large. */
export function readBundle(pem: string): Bundle | undefined {
  if (lastRead?.pem !== pem) lastRead = { pem, bundle: whyTooLarge(pem) === undefined ? parseBundle(pem) : undefined };
  return lastRead.bundle;
}

function parseBundle(pem: string): Bundle | undefined {
  const read = certificateBlocks(pem).map(parseCertificate);
  const [leaf, ...rest] = read;
  if (leaf === undefined) return undefined;
  return {
    leaf,
    certificates: [leaf, ...rest.filter((certificate) => certificate !== undefined)],
    unparsable: read.flatMap((certificate, index) => (certificate === undefined ? [index + 1] : [])),
    hasOtherText: pem.replace(block, "").trim() !== "",
    hasPrivateKey: keyBlock.test(pem),
  };
}

/** The name of a bundle's certificate in messages; `index` from 0. */
export function certificateLabel(index: number): SafeText {
  return index === 0 ? safe`The certificate` : safe`Certificate ${index + 1} of the chain`;
}
