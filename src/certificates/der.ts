/**
 * As much of ASN.1's DER as certificates and signing requests need beyond node:crypto. A whole ASN.1 package would cost
 * every start of the server a fifth of a second.
 */

export interface Element {
  readonly tag: number;
  readonly content: Buffer;
  /** Tag, length and content. */
  readonly whole: Buffer;
}

export const derTags = { sequence: 0x30, oid: 0x06, boolean: 0x01 } as const;

/** Tag of a constructed element with a context-specific number. */
export const numbered = (number: number) => 0xa0 | number;

/** Tag of a primitive element with a context-specific number. */
export const numberedValue = (number: number) => 0x80 | number;

/**
 * The consecutive elements in `bytes`.
 * @throws {RangeError} if they are incomplete
 */
export function elements(bytes: Buffer): Element[] {
  const found: Element[] = [];
  for (let start = 0; start < bytes.length; ) {
    const { from, to } = contentAt(bytes, start);
    found.push({ tag: bytes.readUInt8(start), content: bytes.subarray(from, to), whole: bytes.subarray(start, to) });
    start = to;
  }
  return found;
}

/**
 * The members of the sequence at the start of `bytes`.
 * @throws {RangeError} if there is none
 */
export function inside(bytes: Buffer): Element[] {
  const [outer] = elements(bytes);
  if (outer?.tag !== derTags.sequence) throw new RangeError("There is no sequence");
  return elements(outer.content);
}

/** The object identifier in `element`, in dotted form; empty if there is none. */
export function oidOf(element: Element | undefined): string {
  if (element?.tag !== derTags.oid) return "";
  const numbers: number[] = [];
  let number = 0;
  for (const byte of element.content) {
    number = number * 128 + (byte & 0x7f);
    if (byte < 0x80) {
      numbers.push(number);
      number = 0;
    }
  }
  const [first = 0, ...others] = numbers;
  const arc = Math.min(Math.floor(first / 40), 2);
  return [arc, first - arc * 40, ...others].join(".");
}

function contentAt(bytes: Buffer, start: number): { from: number; to: number } {
  const first = bytes.readUInt8(start + 1);
  const lengthBytes = first < 0x80 ? 0 : first & 0x7f;
  const length = lengthBytes === 0 ? first : bytes.readUIntBE(start + 2, lengthBytes);
  const from = start + 2 + lengthBytes;
  if (from + length > bytes.length) throw new RangeError("An element is cut off");
  return { from, to: from + length };
}
