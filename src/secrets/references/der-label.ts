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

/**
 * The label under which PEM has the object that starts here; undefined if it is none of those read here. The first bytes
 * suffice. A revocation list passes for a certificate, a public key for an encrypted one.
 */
export function labelOfDer(bytes: Buffer): string | undefined {
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
