import { limits } from "../../catalogue/limits.js";
import type { Content } from "../../catalogue/params.js";
import { decodeText } from "../../lib/decode-text.js";
import { distinctBy } from "../../lib/lists.js";
import { type SafeText, safe } from "../../lib/safe-text.js";
import { unusable } from "../../lib/tool-error.js";
import { blocksIn, readBlocks } from "./blocks-in-file.js";
import { conversionOf, type OtherFormat } from "./conversion.js";
import { distinctKeys, isPrivateKey, type KeyHandling, openKeyText } from "./key.js";
import { binaryFormat, otherFormat } from "./other-formats.js";
import type { Block } from "./pem.js";
import { UnfitContent } from "./refuse.js";

/**
 * The part of a file, variable or text that a parameter needs, in the form that the clouds accept.
 * @throws {ToolError} that names what is missing, and only the kinds of what was found
 */
export async function pickContent(bytes: Buffer, content: Content, handling: KeyHandling = {}): Promise<string> {
  switch (content) {
    case "private key":
      return openKeyText(onlyKey(objectsIn(bytes), bytes), handling);
    case "certificate":
      return chainIn(objectsIn(bytes), bytes);
    case "csr":
      return csrIn(objectsIn(bytes), bytes);
    case "letter":
      return letterIn(bytes);
    case "password":
      return passwordIn(bytes);
    case "archive":
      throw unusable("no parameter accepts an archive.", "Name one of its parts, as in vault:ID#key.");
  }
}

/**
 * Archives come first: what they hold may be readable in them, but is not the whole of them.
 * @throws {ToolError} of kind input if something is damaged or left out: the rest must not pass for the whole file
 */
function objectsIn(bytes: Buffer): readonly Block[] {
  const format = binaryFormat(bytes);
  if (format !== undefined) throw unsupported(format, `it is ${format.name}, which is not supported here.`);
  const { blocks, damage, leftOut } = readBlocks(bytes);
  // A format of its own may hold its objects in base64.
  const other = damage === undefined && blocks.length === 0 ? otherFormat(bytes, blocks) : undefined;
  if (other !== undefined) throw unsupported(other, `it is ${other.name}, which is not supported here.`);
  const fault = damage ?? leftOut;
  if (fault !== undefined) throw damaged(fault);
  return blocks;
}

function damaged(damage: SafeText): UnfitContent {
  return new UnfitContent(
    { what: "damaged", damage },
    `${damage}.`,
    "Get the file from its source again, or repair that place, and call again.",
  );
}

/** Every private key in a text as PEM, for masking. */
export function keysIn(bytes: Buffer): readonly string[] {
  return blocksIn(bytes).flatMap((block) => (isPrivateKey(block) ? [block.pem] : []));
}

export const isCertificate = ({ label }: Block): boolean => label === "CERTIFICATE" || label === "X509 CERTIFICATE";

export function withoutRepeats(blocks: readonly Block[]): readonly Block[] {
  return distinctBy(blocks, ({ der }) => der.toString("base64"));
}

function onlyKey(blocks: readonly Block[], bytes: Buffer): Block {
  const [key, ...more] = distinctKeys(withoutRepeats(blocks.filter(isPrivateKey)));
  if (key === undefined) throw missing("private key", blocks, bytes);
  if (more.length === 0) return key;
  const count = more.length + 1;
  const fault = { what: "several keys", count } as const;
  throw new UnfitContent(fault, `it holds ${count} private keys.`, "Name a file that holds the one to use.");
}

/** What stands in one file with a chain and is no part of it. */
const besideChains =
  /^((X509 |ATTRIBUTE )?CERTIFICATE|(NEW )?CERTIFICATE REQUEST|X509 CRL|(.* )?(PRIVATE|PUBLIC|ENVELOPED) KEY|(.* )?PARAMETERS|PGP (SIGNATURE|PUBLIC KEY BLOCK|PRIVATE KEY BLOCK))$/;

/** In the given order. The clouds expect the leaf first; this is up to the author of the file. */
function chainIn(blocks: readonly Block[], bytes: Buffer): string {
  const certificates = withoutRepeats(blocks.filter(isCertificate));
  if (certificates.length === 0) throw missing("certificate", blocks, bytes);
  // Most likely the chain.
  if (blocks.some(({ label }) => /^(PKCS(7|12)$|PKCS #7|CMS$)/.test(label))) {
    const format = otherFormat(bytes, blocks);
    if (format !== undefined)
      throw unsupported(format, `it holds ${format.name}, which is not supported here, beside a certificate.`);
  }
  const unknown = blocks.findIndex(({ label }) => !besideChains.test(label));
  if (unknown >= 0) {
    throw damaged(
      safe`block ${unknown + 1} is of a kind that is not known here and may hold a part of the chain: convert it to PEM certificates, or take it out`,
    );
  }
  const { certificates: most } = limits.chain;
  if (certificates.length > most) {
    throw new UnfitContent(
      { what: "long chain", count: certificates.length, most },
      `it holds ${certificates.length} certificates; at most ${most} are taken.`,
      "Leave out all but the leaf and its chain.",
    );
  }
  return certificates.map(({ pem }) => pem.replaceAll("X509 CERTIFICATE", "CERTIFICATE")).join("");
}

function csrIn(blocks: readonly Block[], bytes: Buffer): string {
  const request = blocks.find(({ label }) => /^(NEW )?CERTIFICATE REQUEST$/.test(label));
  if (request === undefined) throw missing("certificate signing request", blocks, bytes);
  return request.pem;
}

function missing(wanted: string, blocks: readonly Block[], bytes: Buffer) {
  const other = otherFormat(bytes, blocks);
  if (other !== undefined) return unsupported(other, `it is ${other.name}, which is not supported here.`);
  const labels = [...new Set(blocks.map(({ label }) => label))];
  const unread = isPage(bytes)
    ? "a web page, as of an error or a login, that was saved in its place"
    : "nothing that can be read as PEM or DER";
  // Labels come from the file: unusual ones are not repeated.
  const kinds = labels.map((label) => (isUsual(label) ? label : "another kind of block"));
  const found = labels.length === 0 ? unread : kinds.join(", ");
  return new UnfitContent(
    { what: "missing", found: labels.filter(isUsual) },
    `it holds no ${wanted}, but ${found}.`,
    `Name what holds the ${wanted}, PEM or DER.`,
  );
}

function unsupported(format: OtherFormat, happened: string): UnfitContent {
  return new UnfitContent({ what: "other format", format }, happened, conversionOf(format, "name").join(" "));
}

const isPage = (bytes: Buffer) => /^\s*<(!doctype\s+html|html)\b/i.test(decodeText(bytes.subarray(0, 512)));

function isUsual(label: string): boolean {
  return /^((NEW )?CERTIFICATE( REQUEST)?|((RSA|EC|ENCRYPTED) )?(PRIVATE|PUBLIC) KEY|EC PARAMETERS)$/.test(label);
}

const MAGIC: readonly Buffer[] = [
  Buffer.from("%PDF-"),
  Buffer.from([0xff, 0xd8, 0xff]),
  Buffer.from([0x89, 0x50, 0x4e, 0x47]),
];

/**
 * A scanned letter as base64. Only files that start like a JPG, PNG or PDF pass: otherwise this parameter could send
 * any file of the allowed directories to a cloud.
 */
function letterIn(bytes: Buffer): string {
  const decoded = isScan(bytes) ? bytes : Buffer.from(bytes.toString("latin1"), "base64");
  if (isScan(decoded)) return decoded.toString("base64");
  throw unusable("it is not a JPG, PNG or PDF.", "Name a scan of the signed letter, 1 KB to 1.4 MB.");
}

function isScan(bytes: Buffer): boolean {
  return MAGIC.some((magic) => bytes.subarray(0, magic.length).equals(magic));
}

const MAX_LENGTH = 1024;

/** One line of text, without a trailing newline. */
function passwordIn(bytes: Buffer): string {
  const password = decodeText(bytes).replace(/\r?\n$/, "");
  // Also keeps a key file from being sent to a cloud as a password.
  // biome-ignore lint/suspicious/noControlCharactersInRegex: exactly these are to be found
  if (password === "" || password.length > MAX_LENGTH || /[\u0000-\u001f\u007f\ufffd]|-----BEGIN /.test(password)) {
    throw unusable(
      `it is not a password: one line of text, 1 to ${MAX_LENGTH} characters, is expected.`,
      "Name a file or variable that holds the password and nothing else.",
    );
  }
  return password;
}
