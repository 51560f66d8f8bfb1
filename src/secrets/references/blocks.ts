import { type SafeText, safe } from "../../lib/safe-text.js";
import { privateKeyLength } from "../redaction/der.js";
import { announcedLength, type Block, labelOfDer, missingBytes, type PemText, pemOf, readPem } from "./pem.js";
import { UnfitContent } from "./refuse.js";

export type { Block } from "./pem.js";

/** The undamaged objects in a file; for masking, and for archives, which also hold other files. */
export function blocksIn(bytes: Buffer): readonly Block[] {
  return read(bytes).blocks;
}

/**
 * The objects in a file in any usual form: PEM in the usual encodings, base64 or hex of PEM, or DER.
 * @throws {ToolError} of kind input if one is damaged: the rest must not pass for the whole file
 */
export function wholeBlocksIn(bytes: Buffer): readonly Block[] {
  const { blocks, damage } = read(bytes);
  if (damage === undefined) return blocks;
  throw new UnfitContent(
    { what: "damaged", damage },
    `${damage}.`,
    "Get the file from its source again, or repair that place, and call again.",
  );
}

function read(bytes: Buffer): PemText {
  const binary = readDer(bytes);
  if (binary !== undefined) return binary;
  const inside = decodedIn(blockText(bytes)) ?? bytes;
  return readDer(inside) ?? withRealLabels(readPem(blockText(inside)));
}

/** Text in UTF-8, or in UTF-16 as Windows tools write it, with or without a byte order mark. */
export function blockText(bytes: Buffer): string {
  return new TextDecoder(encodingOf(bytes)).decode(bytes);
}

function encodingOf(bytes: Buffer): "utf-8" | "utf-16le" | "utf-16be" {
  const [first, second, third, fourth] = bytes;
  if (first === 0xff && second === 0xfe) return "utf-16le";
  if (first === 0xfe && second === 0xff) return "utf-16be";
  if (first !== 0 && second === 0 && third !== 0 && fourth === 0) return "utf-16le";
  return first === 0 && second !== 0 && third === 0 && fourth !== 0 ? "utf-16be" : "utf-8";
}

/** What is encoded in a text: in hex, in base64, or as in a URL or a form; undefined if it is none of these as a whole. */
function decodedIn(text: string): Buffer | undefined {
  const compact = compacted(text);
  if (isHex(compact)) return Buffer.from(compact, "hex");
  const [, space] = /^\s*-----BEGIN(%20|\+)[A-Z0-9+%]+-----(?:%0d)?%0a/i.exec(text) ?? [];
  if (space === undefined) return base64In(text);
  try {
    return Buffer.from(decodeURIComponent(space === "+" ? text.replaceAll("+", " ") : text));
  } catch {
    return undefined;
  }
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
  const damage = rest.damage ?? mislabelled(blocks);
  return { blocks: blocks.map(withRealLabel), ...(damage !== undefined && { damage }) };
}

const ofCertificates = /^((X509|TRUSTED) )?CERTIFICATE$/;

/** A label by which a key would be treated as public, or a certificate as a key. */
function mislabelled(blocks: readonly Block[]): SafeText | undefined {
  for (const [index, { label, der }] of blocks.entries()) {
    if (ofCertificates.test(label) && isKey(der))
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
    (/^((RSA|EC) )?PRIVATE KEY$/.test(label) && real.endsWith("PRIVATE KEY"));
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
