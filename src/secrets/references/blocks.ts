/** One object of a PEM or DER file. */
export interface Block {
  /** As in `-----BEGIN label-----`. */
  readonly label: string;
  readonly pem: string;
  readonly der: Buffer;
}

const boundary = /-----(BEGIN|END) ([A-Z0-9 ]{1,40})-----/;
const boundaries = new RegExp(boundary, "g");
const base64 = /^[A-Za-z0-9+/]+={0,2}$/;

/**
 * The objects in a file as it is found in the wild: with a byte order mark, CRLF, blank lines, indentation, text
 * between the blocks, all on one line as variables hold it, or DER instead of PEM.
 */
export function blocksIn(bytes: Buffer): readonly Block[] {
  const label = labelOfDer(bytes);
  return label === undefined ? blocksInText(textOf(bytes)) : [{ label, pem: pemOf(label, bytes), der: bytes }];
}

/** Text in UTF-8, or in UTF-16 as Windows tools write it. */
export function textOf(bytes: Buffer): string {
  const utf16 = bytes[0] === 0xff && bytes[1] === 0xfe;
  return new TextDecoder(utf16 ? "utf-16le" : "utf-8").decode(bytes);
}

/** Goes through the lines once; a search from each BEGIN for its END would take forever on a file of BEGINs. */
function blocksInText(text: string): Block[] {
  const found: Block[] = [];
  let label: string | undefined;
  let body: string[] = [];
  for (const line of linesOf(text)) {
    const [, mark, name = ""] = boundary.exec(line) ?? [];
    if (mark === "BEGIN") label = name;
    else if (mark === "END" && label === name) found.push(...blockOf(name, body));
    if (mark === undefined) body.push(line);
    else body = [];
    if (mark === "END") label = undefined;
  }
  return found;
}

/** Variables often hold `\n` in two characters, or a space, where a line ended. No PEM has a backslash of its own. */
function linesOf(text: string): string[] {
  const unescaped = text.replaceAll("\\r", "").replaceAll("\\n", "\n");
  return unescaped.replace(boundaries, "\n$&\n").split(/[\r\n]+/);
}

/** Nothing where the body is damaged. Lines with a colon say how an old-style key is encrypted. */
function blockOf(label: string, body: readonly string[]): Block[] {
  const headers = body.filter((line) => line.includes(":")).map((line) => line.trim());
  const data = body
    .filter((line) => !line.includes(":"))
    .join("")
    .replace(/\s/g, "");
  if (!base64.test(data)) return [];
  const der = Buffer.from(data, "base64");
  return [{ label, pem: pemOf(label, der, headers), der }];
}

function pemOf(label: string, der: Buffer, headers: readonly string[] = []): string {
  const lines = der.toString("base64").match(/.{1,64}/g) ?? [];
  const head = headers.length === 0 ? [] : [...headers, ""];
  return [`-----BEGIN ${label}-----`, ...head, ...lines, `-----END ${label}-----`, ""].join("\n");
}

/** How each kind of DER begins inside its outermost sequence, in hex. */
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

/** What a DER sequence holds; undefined where the bytes are none. */
function insideSequence(bytes: Buffer): Buffer | undefined {
  const [tag, length = 0] = bytes;
  if (tag !== 0x30 || length > 0x84) return undefined;
  return bytes.subarray(length < 0x80 ? 2 : 2 + (length & 0x7f));
}
