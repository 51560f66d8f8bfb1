import { derTags, headerAt } from "../../certificates/der.js";
import { pemOf } from "../../certificates/pem.js";
import { codePoint, SafeText, safe, verbatim } from "../../lib/safe-text.js";
import { hiddenObject, type OutsideLine } from "./outside-blocks.js";

/** One object of a PEM or DER file. */
export interface Block {
  /** As in `-----BEGIN label-----`. */
  readonly label: string;
  readonly pem: string;
  readonly der: Buffer;
}

/** The objects of a PEM text, and what is wrong with the first damaged one. */
export interface PemText {
  readonly blocks: readonly Block[];
  /** A clause that names block, line and character; quotes nothing of the content but the wrong character. */
  readonly damage?: SafeText;
  /** A clause that says where there is more than these objects, which would be left out. */
  readonly leftOut?: SafeText;
}

interface Line extends OutsideLine {
  /** Number of characters before it in that line. */
  readonly offset: number;
}

const boundary = /^-----(BEGIN|END) ([A-Z0-9 ]{1,40})-----$/;
const boundaries = /-----(?:BEGIN|END) [A-Z0-9 ]{1,40}-----/g;
/** A boundary that a person or a word processor changed: fewer or other dashes, spaces, lower case. */
const nearBoundary = /^\s*[-\u2010-\u2015\u2212]{1,10} ?(BEGIN|END) [A-Z0-9 ]{1,40}[-\u2010-\u2015\u2212 ]{0,12}$/i;
/** Old encrypted keys name their encryption in such lines (RFC 1421). */
const header = /^[A-Za-z][A-Za-z0-9-]*: ?\S/;
/** The last line of OpenPGP's blocks (RFC 4880, section 6.1). */
const armorChecksum = /^=[A-Za-z0-9+/]{4}$/;
const numberedLine = /^\s*\d+[\t :|]/;
/** Found in DER and never in text; files may end in NUL or Ctrl-Z, and terminals color what they print. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: exactly these are to be found
const binary = /[\u0001-\u0008\u000e-\u0019\u001c-\u001f]/;

/**
 * Reads PEM text in any common state: CRLF, blank lines, indentation, text between the blocks, all on one line as in
 * variables. Reads the lines once; searching from each BEGIN for its END would take quadratic time on a text full of
 * BEGINs.
 */
export function readPem(text: string): PemText {
  const blocks: Block[] = [];
  let damage: SafeText | undefined;
  let open: { readonly label: string; readonly line: number; readonly body: Line[] } | undefined;
  let count = 0;
  let binaryLine: number | undefined;
  const outside: Line[] = [];
  const report = (what: SafeText, line: number) => {
    damage ??= safe`block ${count} (line ${line}) is damaged: ${what}`;
  };
  for (const line of linesOf(text)) {
    const [, mark, labelAsWritten = ""] = boundary.exec(line.text) ?? [];
    const label = labelAsWritten.trim().replace(/ +/g, " ");
    if (mark === "BEGIN") {
      if (open !== undefined) report(safe`its END line is missing before line ${line.number}`, open.line);
      count += 1;
      open = { label, line: line.number, body: [] };
    } else if (mark === "END") {
      if (open === undefined)
        damage ??= safe`line ${line.number} ends a block ${verbatim(label)} that has no BEGIN line`;
      else if (open.label !== label)
        report(safe`it begins as ${verbatim(open.label)} and line ${line.number} ends ${verbatim(label)}`, open.line);
      else {
        const read = blockOf(label, open.body);
        if (read instanceof SafeText) report(read, open.line);
        else blocks.push(read);
      }
      open = undefined;
    } else if (nearBoundary.test(line.text)) {
      damage ??= safe`line ${line.number} is meant as a BEGIN or END line but malformed: it needs capital letters and five hyphens on each side, as in -----BEGIN CERTIFICATE-----`;
    } else if (open !== undefined) open.body.push(line);
    else {
      outside.push(line);
      if (binary.test(line.text)) binaryLine ??= line.number;
    }
  }
  if (open !== undefined) report(safe`its END line is missing`, open.line);
  // Other formats are binary, too; only next to PEM is it something that would be left out.
  if (binaryLine !== undefined && blocks.length > 0) {
    damage ??= safe`line ${binaryLine} is binary: PEM and DER cannot be joined in one file`;
  }
  const leftOut = hiddenObject(outside);
  return { blocks, ...(damage !== undefined && { damage }), ...(leftOut !== undefined && { leftOut }) };
}

/**
 * Variables often hold a two-character `\n`, or a space, instead of a line break; JSON is escaped, `/` and `+` too by
 * some, and twice inside a string of JSON. PEM itself has no backslash.
 */
function linesOf(text: string): Line[] {
  const unescaped = text
    .replace(/\\{1,4}r/g, "")
    .replace(/\\{1,4}n/g, "\n")
    .replace(/\\{1,4}\//g, "/")
    .replace(/\\{1,4}u00([0-7][0-9a-f])/gi, (_, hex) => String.fromCharCode(Number.parseInt(hex, 16)));
  return unescaped.split(/\r\n|\r|\n/).flatMap((whole, index) => {
    const lines: Line[] = [];
    let at = 0;
    const push = (from: number, to: number) => {
      if (to > from) lines.push({ text: whole.slice(from, to), number: index + 1, offset: from });
    };
    for (const found of whole.matchAll(boundaries)) {
      push(at, found.index);
      at = found.index + found[0].length;
      push(found.index, at);
    }
    push(at, whole.length);
    return lines;
  });
}

function blockOf(label: string, body: readonly Line[]): Block | SafeText {
  const headerLines = body.filter(({ text }) => header.test(text.trim()));
  const isChecksum = ({ text }: Line) => label.startsWith("PGP ") && armorChecksum.test(text.trim());
  const data = body.filter((line) => !headerLines.includes(line) && !isChecksum(line));
  // Only keys are encrypted, and only OpenSSL's key reader takes such lines.
  const headers = label.endsWith("PRIVATE KEY") ? headerLines : [];
  if (data.length > 1 && data.every(({ text }) => numberedLine.test(text))) {
    return safe`its lines begin with numbers, as an editor or a log shows them`;
  }
  for (const { text, number, offset } of data) {
    const wrong = /[^A-Za-z0-9+/=\s]/u.exec(text);
    if (wrong !== null) {
      return safe`line ${number}, character ${offset + wrong.index + 1} is ${characterName(wrong[0])}, which is not base64`;
    }
  }
  const base64 = data.map(({ text }) => text.replace(/\s/g, "")).join("");
  if (base64 === "") return safe`it is empty`;
  if (!/^[A-Za-z0-9+/]+={0,2}$/.test(base64)) return safe`it has an equals sign before its end`;
  if (base64.replace(/=+$/, "").length % 4 === 1) return safe`a character of its base64 is missing or too many`;
  const der = Buffer.from(base64, "base64");
  const missing = headers.length > 0 || label === "OPENSSH PRIVATE KEY" ? 0 : announcedLength(der) - der.length;
  if (missing > 0) return missingBytes(missing);
  return {
    label,
    pem: pemOf(
      label,
      der,
      headers.map(({ text }) => text.trim()),
    ),
    der,
  };
}

/** That an object ends before its DER says so. */
export function missingBytes(count: number): SafeText {
  return count === 1 ? safe`1 byte at its end is missing` : safe`${count} bytes at its end are missing`;
}

function characterName(character: string): SafeText {
  return verbatim(/^[!-~]$/.test(character) ? `"${character}"` : codePoint(character));
}

/** The length in bytes that the DER element at the start declares; 0 if the bytes are not DER. */
export function announcedLength(bytes: Buffer): number {
  const header = headerAt(bytes);
  return header?.tag === derTags.sequence ? header.end : 0;
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
  // PKCS #5 and PKCS #12.
  [/^06..2a864886f70d01(05|0c)/, "ENCRYPTED PRIVATE KEY"],
  // China's SM1, SSF33 and SM4 (GM/T 0006), as in the SM2EnvelopedKey of GM/T 0009.
  [/^060[78]2a811ccf5501(65|66|68)/, "SM2 ENVELOPED KEY"],
  [/^06(092a864886f70d0101|072a8648ce3d0201|032b65)/, "PUBLIC KEY"],
  [/^(a003|02)/, "CERTIFICATE"],
];

/**
 * The label under which PEM has the object that starts here; undefined if it is none of those read here. The first bytes
 * suffice. A revocation list passes for a certificate.
 */
export function labelOfDer(bytes: Buffer): string | undefined {
  const inner = insideSequence(bytes);
  if (inner === undefined) return undefined;
  const nested = insideSequence(inner);
  return nested === undefined ? labelBy(beginnings, inner) : labelBy(nestedBeginnings, nested);
}

/** In bytes. */
const LONGEST_BEGINNING = 12;

function labelBy(table: typeof beginnings, bytes: Buffer): string | undefined {
  const start = bytes.subarray(0, LONGEST_BEGINNING).toString("hex");
  return table.find(([beginning]) => beginning.test(start))?.[1];
}

/** The content of a DER sequence; undefined if the bytes are not one. */
function insideSequence(bytes: Buffer): Buffer | undefined {
  const [tag, length = 0] = bytes;
  if (tag !== 0x30 || length > 0x84) return undefined;
  return bytes.subarray(length < 0x80 ? 2 : 2 + (length & 0x7f));
}
