import { pemOf } from "../../certificates/pem.js";
import { decodeText, encodingOf, type TextEncoding } from "../../lib/decode-text.js";
import { unlessThrown } from "../../lib/failure.js";
import { type SafeText, safe } from "../../lib/safe-text.js";
import { privateKeyLength } from "../redaction/der.js";
import { isPrivateKey } from "./key.js";
import { announcedLength, type Block, labelOfDer, missingBytes, type PemText, readPem } from "./pem.js";

/** The undamaged objects in a file; for masking, and for archives, which also hold other files. */
export function blocksIn(bytes: Buffer): readonly Block[] {
  return readBlocks(bytes).blocks;
}

/**
 * The objects in a file in any usual form: PEM in the usual encodings, base64 or hex of PEM, or DER; with what is
 * damaged or would be left out, so that the rest does not pass for the whole file.
 */
export function readBlocks(bytes: Buffer): PemText {
  const binary = readDer(bytes);
  if (binary !== undefined) return binary;
  const inside = decodedIn(decodeText(bytes)) ?? bytes;
  return readDer(inside) ?? withRealLabels(readText(inside));
}

function readText(bytes: Buffer): PemText {
  const encoding = encodingOf(bytes);
  const text = new TextDecoder(encoding).decode(bytes);
  const pem = readPem(text);
  // Other formats have NULs, too; only next to PEM are they a sign of something that would be left out.
  const line = pem.leftOut === undefined && pem.blocks.length > 0 ? otherEncodingAt(bytes, encoding, text) : undefined;
  if (line === undefined) return pem;
  const leftOut = safe`from line ${line} on the file is in another encoding, as Windows PowerShell's >> appends UTF-16: save all of it in UTF-8`;
  return { ...pem, leftOut };
}

/** What no text in UTF-16 has, unless it goes on in an encoding of one byte for each character. */
const narrow = /-----(BEGIN|END) |[A-Za-z0-9+/]{64}/;
/** Five hyphens, with the bytes of each the other way round. */
const swapped = "\u2d00".repeat(5);

/** The line from which on a text is in another encoding than at its beginning; undefined if it is not. */
function otherEncodingAt(bytes: Buffer, encoding: TextEncoding, text: string): number | undefined {
  if (encoding === "utf-8") {
    // Files may end in NULs, or in Ctrl-Z.
    const nul = text.indexOf("\0");
    // biome-ignore lint/suspicious/noControlCharactersInRegex: exactly these are to be passed over
    return nul >= 0 && /[^\0\s\u001a]/.test(text.slice(nul)) ? lineCount(text.slice(0, nul)) : undefined;
  }
  const other = narrow.exec(bytes.toString("latin1"));
  if (other !== null) return lineCount(new TextDecoder(encoding).decode(bytes.subarray(0, other.index)));
  const index = text.indexOf(swapped);
  return index >= 0 ? lineCount(text.slice(0, index)) : undefined;
}

const lineCount = (text: string) => text.split(/\r\n|\r|\n/).length;

/** What is encoded in a text: in hex, in base64, or as in a URL or a form; undefined if it is none of these as a whole. */
function decodedIn(text: string): Buffer | undefined {
  const compact = compacted(text);
  if (isHex(compact)) return Buffer.from(compact, "hex");
  const [, space] = /^\s*-----BEGIN(%20|\+)[A-Z0-9+%]+-----(?:%0d)?%0a/i.exec(text) ?? [];
  if (space === undefined) return base64In(text);
  return unlessThrown(() => Buffer.from(decodeURIComponent(space === "+" ? text.replaceAll("+", " ") : text)));
}

/** The content of a text that is nothing but base64, as Kubernetes keeps certificates; undefined for any other text. */
export function base64In(text: string): Buffer | undefined {
  const compact = compacted(text);
  if (compact.length < SHORTEST || isHex(compact)) return undefined;
  return /^[A-Za-z0-9+/]+={0,2}$/.test(compact) ? Buffer.from(compact, "base64") : undefined;
}

/** In characters; a shorter text encodes no key and no certificate. */
const SHORTEST = 64;

const compacted = (text: string) => text.replace(/\s/g, "");
const isHex = (compact: string) => compact.length >= SHORTEST && /^[0-9a-f]+$/i.test(compact);

/** Labels that may differ from what the block holds without being wrong, or that `labelOfDer` cannot tell apart. */
const usualLabel =
  /^(((X509|ATTRIBUTE) )?CERTIFICATE|(NEW )?CERTIFICATE REQUEST|X509 CRL|.*(PRIVATE|PUBLIC) KEY|.*PARAMETERS|PKCS.*|CMS|PGP .*)$/;

/**
 * The content decides where a label is wrong: Microsoft's certificate services label PKCS#7 as a certificate, people put
 * `RSA PRIVATE KEY` around PKCS#8, and a misspelt label must not hide a certificate. OpenSSL's trusted ones end with trust
 * settings.
 */
function withRealLabels({ blocks, ...rest }: PemText): PemText {
  const damage = rest.damage ?? mislabelled(blocks) ?? wrapped(blocks);
  const real = blocks.flatMap((block) => {
    const inside = pemInside(block);
    return inside.length === 0 ? [withRealLabel(block)] : inside;
  });
  return { blocks: real, ...rest, ...(damage !== undefined && { damage }) };
}

/** The blocks of PEM that a block holds in place of DER: what certutil -encode makes of a PEM file. */
function pemInside({ der }: Block): readonly Block[] {
  return der.toString("latin1", 0, 64).trimStart().startsWith("-----BEGIN ") ? readPem(decodeText(der)).blocks : [];
}

function wrapped(blocks: readonly Block[]): SafeText | undefined {
  const index = blocks.findIndex((block) => pemInside(block).length > 0);
  return index < 0
    ? undefined
    : safe`block ${index + 1} holds PEM in base64 once more, as certutil -encode makes it of a PEM file: decode it, as with certutil -decode, and name the result`;
}

const ofCertificates = /^((X509|TRUSTED) )?CERTIFICATE$/;

/** A label by which a key would be treated as public, or a certificate as a key. */
function mislabelled(blocks: readonly Block[]): SafeText | undefined {
  for (const [index, block] of blocks.entries()) {
    const { label, der } = block;
    if (ofCertificates.test(label) && (isKey(der) || pemInside(block).some(isPrivateKey)))
      return safe`block ${index + 1} holds a private key under the label of a certificate: keep the file as secret as a key, and correct the label`;
    if (label.endsWith("PRIVATE KEY") && labelOfDer(der) === "CERTIFICATE")
      return safe`block ${index + 1} holds a certificate under the label of a private key`;
  }
  return undefined;
}

const isKey = (der: Buffer) => privateKeyLength(der) !== undefined && labelOfDer(der) !== "PKCS12";

function withRealLabel(block: Block): Block {
  const { label, der } = block;
  const real = labelOfDer(der);
  if (real !== undefined && ofCertificates.test(label) && isKey(der)) return blockWith(real, der);
  if (label === "TRUSTED CERTIFICATE") return blockWith("CERTIFICATE", der.subarray(0, announcedLength(der)));
  if (real === undefined || real === label || block.pem.includes("\nProc-Type:")) return block;
  const isWrong =
    !usualLabel.test(label) ||
    (label === "CERTIFICATE" && /^PKCS(7|12)$/.test(real)) ||
    (/^((RSA|EC|ENCRYPTED) )?PRIVATE KEY$/.test(label) && real.endsWith(" KEY"));
  return isWrong ? blockWith(real, der) : block;
}

/** The objects of a file in DER, one after the other; undefined if it is none. */
function readDer(bytes: Buffer): PemText | undefined {
  const blocks: Block[] = [];
  let rest = bytes;
  for (let label = labelOfDer(rest); label !== undefined; label = labelOfDer(rest)) {
    // PKCS#12 and PKCS#7 may leave their length open.
    const length = announcedLength(rest) || rest.length;
    if (length > rest.length) {
      return { blocks, damage: safe`block ${blocks.length + 1} is damaged: ${missingBytes(length - rest.length)}` };
    }
    blocks.push(blockWith(label, rest.subarray(0, length)));
    rest = rest.subarray(length);
  }
  if (blocks.length === 0) return undefined;
  if (rest.every((byte) => byte <= 0x20)) return { blocks };
  return { blocks, damage: safe`after block ${blocks.length}, in DER, follows what is not DER` };
}

function blockWith(label: string, der: Buffer): Block {
  return { label, pem: pemOf(label, der), der };
}
