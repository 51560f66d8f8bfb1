/** Bytes in base64 or hex as they look wherever they stand in something longer. */
export interface Encoded {
  readonly text: string;
  /** The same with the last character as it is when nothing comes after. */
  readonly ending: string;
  /** Where the byte at an index of the bytes is in the text; in base64 it may be a fraction. */
  position(index: number): number;
  /** Whether a character before or after belongs to the bytes in part. */
  readonly sharesFirst: boolean;
  readonly sharesLast: boolean;
}

/** Base64 depends on how many bytes come before, modulo 3. Only characters that nothing else has a part in are kept. */
export function base64Forms(bytes: Buffer): Encoded[] {
  return [0, 1, 2].map((before) => {
    const skipped = Math.ceil((before * 4) / 3);
    const last = Math.floor(((before + bytes.length) * 4) / 3);
    const padded = Buffer.concat([Buffer.alloc(before), bytes]).toString("base64");
    return {
      text: padded.slice(skipped, last),
      ending: padded.slice(skipped).replace(/=+$/, ""),
      position: (index) => ((before + index) * 4) / 3 - skipped,
      sharesFirst: before > 0,
      sharesLast: (before + bytes.length) % 3 > 0,
    };
  });
}

export function hexForms(bytes: Buffer): Encoded[] {
  const hex = bytes.toString("hex");
  return [hex, hex.toUpperCase()].map((text) => ({
    text,
    ending: text,
    position: (index) => index * 2,
    sharesFirst: false,
    sharesLast: false,
  }));
}
