import { announcedLength, type Block, type PemText, pemOf, readPem } from "./pem.js";
import { UnfitContent } from "./unfit-content.js";

export type { Block } from "./pem.js";

/** The undamaged objects in a file; for masking, and for archives, which also hold other files. */
export function blocksIn(bytes: Buffer): readonly Block[] {
  return read(bytes).blocks;
}

/**
 * The objects in a file in any usual form: PEM in the usual encodings, base64 of PEM, or DER.
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
  const binary = ofDer(bytes);
  if (binary.length > 0) return { blocks: binary };
  const text = blockText(bytes);
  const decoded = base64In(text);
  if (decoded === undefined) return withRealLabels(readPem(text));
  const inside = ofDer(decoded);
  return inside.length > 0 ? { blocks: inside } : withRealLabels(readPem(blockText(decoded)));
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

/** The content of a text that is nothing but base64, as Kubernetes keeps certificates; undefined for any other text. */
export function base64In(text: string): Buffer | undefined {
  const compact = text.replace(/\s/g, "");
  return compact.length >= 64 && /^[A-Za-z0-9+/]+={0,2}$/.test(compact) ? Buffer.from(compact, "base64") : undefined;
}

/** Microsoft's certificate services label PKCS#7 as a certificate; OpenSSL's trusted ones end with trust settings. */
function withRealLabels({ blocks, ...rest }: PemText): PemText {
  return {
    ...rest,
    blocks: blocks.map((block) => {
      if (block.label === "CERTIFICATE" && labelOfDer(block.der) === "PKCS7") return { ...block, label: "PKCS7" };
      if (block.label !== "TRUSTED CERTIFICATE") return block;
      const der = block.der.subarray(0, announcedLength(block.der));
      return { label: "CERTIFICATE", pem: pemOf("CERTIFICATE", der), der };
    }),
  };
}

function ofDer(bytes: Buffer): Block[] {
  const label = labelOfDer(bytes);
  return label === undefined ? [] : [{ label, pem: pemOf(label, bytes), der: bytes }];
}

/** How each kind of DER starts inside its outermost sequence, in hex. */
const beginnings: readonly (readonly [RegExp, string])[] = [
  [/^02010[01]30/, "PRIVATE KEY"],
  [/^02010002/, "RSA PRIVATE KEY"],
  [/^02010104/, "EC PRIVATE KEY"],
  [/^020103/, "PKCS12"],
  [/^06/, "PKCS7"],
];
const nestedBeginnings: readonly (readonly [RegExp, string])[] = [
  [/^02010030/, "CERTIFICATE REQUEST"],
  [/^06/, "ENCRYPTED PRIVATE KEY"],
  [/^(a003|02)/, "CERTIFICATE"],
];

function labelOfDer(bytes: Buffer): string | undefined {
  const inner = insideSequence(bytes);
  if (inner === undefined) return undefined;
  const nested = insideSequence(inner);
  return nested === undefined ? labelBy(beginnings, inner) : labelBy(nestedBeginnings, nested);
}

function labelBy(table: typeof beginnings, bytes: Buffer): string | undefined {
  const start = bytes.subarray(0, 8).toString("hex");
  return table.find(([beginning]) => beginning.test(start))?.[1];
}

/** The content of a DER sequence; undefined if the bytes are not one. */
function insideSequence(bytes: Buffer): Buffer | undefined {
  const [tag, length = 0] = bytes;
  if (tag !== 0x30 || length > 0x84) return undefined;
  return bytes.subarray(length < 0x80 ? 2 : 2 + (length & 0x7f));
}
