/** One element of DER: its tag, and where its content begins and ends. */
export interface Element {
  readonly tag: number;
  readonly content: number;
  readonly end: number;
}

const INTEGER = 0x02;
const OCTETS = 0x04;
const OBJECT_ID = 0x06;
const SEQUENCE = 0x30;

/** A structure of fewer bytes holds no key; it only looks as if. */
const SHORTEST_MODULUS = 64;

/** Schemes that encrypt a private key: PKCS#5 and PKCS#12. */
const encryptions = [Buffer.from("2a864886f70d0105", "hex"), Buffer.from("2a864886f70d010c01", "hex")];
const pkcs7 = Buffer.from("2a864886f70d0107", "hex");

/** The element at `at`; undefined where its head is not in `der`, whereas its content may be cut off. */
export function elementAt(der: Buffer, at: number): Element | undefined {
  const tag = der[at];
  const short = der[at + 1];
  if (tag === undefined || short === undefined) return undefined;
  if (short < 0x80) return { tag, content: at + 2, end: at + 2 + short };
  const bytes = short & 0x7f;
  if (bytes === 0 || bytes > 3 || at + 2 + bytes > der.length) return undefined;
  const content = at + 2 + bytes;
  return { tag, content, end: content + der.readUIntBE(at + 2, bytes) };
}

/**
 * How long the private key is, in bytes, whose DER begins like `head`: PKCS#8, encrypted or not, PKCS#1, SEC1 or
 * PKCS#12. Undefined for anything else: certificates, requests and public keys begin in other ways.
 */
export function privateKeyLength(head: Buffer): number | undefined {
  const whole = elementAt(head, 0);
  const first = whole && elementAt(head, whole.content);
  if (whole?.tag !== SEQUENCE || first === undefined || first.end > whole.end) return undefined;
  const second = elementAt(head, first.end);
  if (second === undefined || second.end > whole.end) return undefined;
  return isPrivate(head, first, second) ? whole.end : undefined;
}

function isPrivate(head: Buffer, first: Element, second: Element): boolean {
  if (first.tag === SEQUENCE) {
    return second.tag === OCTETS && encryptions.some((scheme) => startsWithId(head, first, scheme));
  }
  if (first.tag !== INTEGER || first.end !== first.content + 1) return false;
  const version = head[first.content];
  const size = second.end - second.content;
  if (version === 3) return second.tag === SEQUENCE && startsWithId(head, second, pkcs7);
  if (version !== 0 && version !== 1) return false;
  if (second.tag === INTEGER) return size >= SHORTEST_MODULUS;
  if (second.tag === OCTETS) return version === 1 && size >= 20 && size <= 72;
  return second.tag === SEQUENCE && head[second.content] === OBJECT_ID && head[second.end] === OCTETS;
}

function startsWithId(head: Buffer, { content }: Element, id: Buffer): boolean {
  return head[content] === OBJECT_ID && head.subarray(content + 2, content + 2 + id.length).equals(id);
}
