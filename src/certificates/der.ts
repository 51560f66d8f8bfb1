/*
 * As much of ASN.1's DER as certificates and signing requests need beyond node:crypto. A whole ASN.1 package would cost
 * every start of the server a fifth of a second.
 */

export interface Element {
  readonly tag: number;
  readonly content: Buffer;
  /** Tag, length and content. */
  readonly whole: Buffer;
}

export const derTags = { sequence: 0x30, oid: 0x06, octets: 0x04, integer: 0x02, boolean: 0x01 } as const;

/** Tag of a constructed element with a context-specific number. */
export const contextTag = (number: number) => 0xa0 | number;

/** Tag of a primitive element with a context-specific number. */
export const primitiveContextTag = (number: number) => 0x80 | number;

/**
 * The consecutive elements in `bytes`.
 * @throws {RangeError} if they are incomplete
 */
export function elements(bytes: Buffer): Element[] {
  const found: Element[] = [];
  for (let start = 0; start < bytes.length; ) {
    const header = headerAt(bytes, start);
    if (header === undefined || header.end > bytes.length) throw new RangeError("An element is cut off");
    const { tag, content, end } = header;
    found.push({ tag, content: bytes.subarray(content, end), whole: bytes.subarray(start, end) });
    start = end;
  }
  return found;
}

/**
 * The members of the sequence at the start of `bytes`.
 * @throws {RangeError} if there is none
 */
export function sequenceMembers(bytes: Buffer): Element[] {
  const [outer] = elements(bytes);
  if (outer?.tag !== derTags.sequence) throw new RangeError("There is no sequence");
  return elements(outer.content);
}

/** The elements without children in an element, in order. */
export function leavesOf(element: Element): Element[] {
  return element.tag === derTags.sequence ? elements(element.content).flatMap(leavesOf) : [element];
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

/** Where the element at a position has its content; undefined if its header is not whole. The content may be cut off. */
export function headerAt(bytes: Buffer, at = 0): { tag: number; content: number; end: number } | undefined {
  const tag = bytes[at];
  const short = bytes[at + 1];
  if (tag === undefined || short === undefined) return undefined;
  if (short < 0x80) return { tag, content: at + 2, end: at + 2 + short };
  const size = short & 0x7f;
  const content = at + 2 + size;
  if (size === 0 || size > 4 || content > bytes.length) return undefined;
  return { tag, content, end: content + bytes.readUIntBE(at + 2, size) };
}
