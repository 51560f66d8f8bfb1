import { derTags, headerAt } from "../../certificates/der.js";

const { integer, octets, oid, sequence } = derTags;

type Header = NonNullable<ReturnType<typeof headerAt>>;

/** A structure with fewer bytes only looks like a key. */
const SHORTEST_MODULUS = 64;

/** Schemes that encrypt a private key: PKCS#5 and PKCS#12. */
const encryptions = [Buffer.from("2a864886f70d0105", "hex"), Buffer.from("2a864886f70d010c01", "hex")];
const pkcs7 = Buffer.from("2a864886f70d0107", "hex");

/**
 * Length in bytes of the private key whose DER starts like `head`: PKCS#8 (encrypted or not), PKCS#1, SEC1 or
 * PKCS#12. Undefined for anything else: certificates, requests and public keys start differently.
 */
export function privateKeyLength(head: Buffer): number | undefined {
  const whole = headerAt(head, 0);
  const first = whole && headerAt(head, whole.content);
  if (whole?.tag !== sequence || first === undefined) return undefined;
  const second = headerAt(head, first.end);
  if (second === undefined || second.end > whole.end) return undefined;
  return isPrivate(head, first, second) ? whole.end : undefined;
}

/** Whether these bytes end too early to tell, and more of them may show a private key. */
export function isCutOffKey(head: Buffer): boolean {
  const whole = headerAt(head, 0);
  const first = whole && headerAt(head, whole.content);
  if (whole?.tag !== sequence || first === undefined || first.end > whole.end) return false;
  if (first.tag === sequence)
    return first.end >= head.length && encryptions.some((scheme) => startsWithId(head, first, scheme));
  const second = first.tag === integer ? headerAt(head, first.end) : undefined;
  return second?.tag === sequence && second.end >= head.length && head[second.content] === oid;
}

function isPrivate(head: Buffer, first: Header, second: Header): boolean {
  if (first.tag === sequence) {
    return second.tag === octets && encryptions.some((scheme) => startsWithId(head, first, scheme));
  }
  if (first.tag !== integer || first.end !== first.content + 1) return false;
  const version = head[first.content];
  const size = second.end - second.content;
  if (version === 3) return second.tag === sequence && startsWithId(head, second, pkcs7);
  if (version !== 0 && version !== 1) return false;
  if (second.tag === integer) return size >= SHORTEST_MODULUS;
  if (second.tag === octets) return version === 1 && size >= 20 && size <= 72;
  return second.tag === sequence && head[second.content] === oid && head[second.end] === octets;
}

function startsWithId(head: Buffer, { content }: Header, id: Buffer): boolean {
  return head[content] === oid && head.subarray(content + 2, content + 2 + id.length).equals(id);
}

/** Shorter numbers (a version, a public exponent, a short coefficient) are not searched for. */
const SHORTEST_PART = 16;

/**
 * The secret parts of a private key, which are the same in each of its structures and in a JWK: RSA's exponents and
 * primes, the number of an elliptic curve, the ciphertext of an encrypted key. All of an unknown structure.
 */
export function secretPartsOf(der: Buffer): Buffer[] {
  // Some structures keep leading zeros and others drop them; every digit counts.
  return partsIn(der)
    .flatMap((part) => (part[0] === 0 ? [part, part.subarray(part.findIndex((byte) => byte !== 0))] : [part]))
    .filter(({ length }) => length >= SHORTEST_PART);
}

function partsIn(der: Buffer): Buffer[] {
  const elements = childrenOf(der);
  const bodies = elements.map(({ content, end }) => der.subarray(content, end));
  const [first, second, third] = elements.map(({ tag }) => tag);
  if (first === integer && second === sequence && third === octets) return insidePkcs8(bodies[2] ?? der);
  if ((first === integer || first === sequence) && second === octets) return bodies.slice(1, 2);
  const integers = elements.filter(({ tag }) => tag === integer).length;
  // PKCS#1: version, modulus, public exponent and the secret ones. DSA: version, p, q, g, y, x.
  if (integers >= 9) return bodies.slice(3, 9);
  return integers === 6 ? bodies.slice(5, 6) : [der];
}

function insidePkcs8(key: Buffer): Buffer[] {
  const inner = headerAt(key, 0);
  if (inner?.tag === sequence) return partsIn(key);
  return [inner === undefined ? key : key.subarray(inner.content, inner.end)];
}

/** The elements inside the SEQUENCE at the start of `der`. */
function childrenOf(der: Buffer): Header[] {
  const children: Header[] = [];
  const whole = headerAt(der, 0);
  if (whole?.tag !== sequence) return children;
  for (let at = whole.content; at < Math.min(whole.end, der.length); ) {
    const child = headerAt(der, at);
    if (child === undefined) break;
    children.push(child);
    at = child.end;
  }
  return children;
}
