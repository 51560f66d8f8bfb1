/** The base64 of bytes inside something longer: it depends on the number of bytes before them, modulo 3. */
export function base64Forms(bytes: Buffer): string[] {
  return [0, 1, 2].map((before) => {
    const padded = Buffer.concat([Buffer.alloc(before), bytes]).toString("base64");
    // Only characters that encode nothing but these bytes.
    return padded.slice(Math.ceil((before * 4) / 3), Math.floor(((before + bytes.length) * 4) / 3));
  });
}

export function hexForms(bytes: Buffer): string[] {
  const hex = bytes.toString("hex");
  return [hex, hex.toUpperCase()];
}

/** Possible base64 or hex text, on one line or several. */
const encodedRun = /[\w+/-]+(?:\r?\n[ \t]*[\w+/-]+)*/y;

/** Bytes to check when telling text from binary data. */
const SAMPLE = 9;

interface Decoded {
  readonly from: number;
  readonly to: number;
  readonly text: string;
}

/**
 * The texts encoded in base64 or hex within a text; binary data is skipped. UTF-16 counts as text.
 * @param starts of the runs that are long enough to hold a secret
 */
export function* encodedTexts(text: string, starts: readonly number[]): Generator<Decoded> {
  let done = 0;
  for (const from of starts) {
    if (from < done) continue;
    encodedRun.lastIndex = from;
    const [run = ""] = encodedRun.exec(text) ?? [];
    done = from + run.length;
    const bytes = decoded(run.replace(/\s+/g, ""));
    if (bytes === undefined) continue;
    yield { from, to: done, text: bytes.toString("latin1").replaceAll("\0", "") };
  }
}

/** The start of the encoding within a run is unknown: it may be cut off, or other characters may touch it. */
function decoded(run: string): Buffer | undefined {
  if (/^[0-9a-fA-F]+$/.test(run)) {
    const both = [run, run.slice(1)].map((digits) => Buffer.from(digits, "hex"));
    const hex = both.find((bytes) => bytes.subarray(0, SAMPLE).every(isOfText));
    if (hex !== undefined) return hex;
  }
  const skipped = [0, 1, 2, 3].find((start) => isTextAt(run, start));
  return skipped === undefined ? undefined : Buffer.from(run.slice(skipped), "base64");
}

const values = new Uint8Array(128);
for (const [value, digit] of [..."ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"].entries())
  values[digit.charCodeAt(0)] = value;
values["-".charCodeAt(0)] = 62;
values["_".charCodeAt(0)] = 63;

/** Whether base64 from `start` decodes to text. Checks a sample, because decoding all of it takes long. */
function isTextAt(run: string, start: number): boolean {
  let bits = 0;
  for (let at = start; at < start + (SAMPLE * 4) / 3; at += 4) {
    for (let digit = at; digit < at + 4; digit += 1) bits = (bits << 6) | (values[run.charCodeAt(digit)] ?? 0);
    if (!isOfText((bits >> 16) & 0xff) || !isOfText((bits >> 8) & 0xff) || !isOfText(bits & 0xff)) return false;
    bits = 0;
  }
  return true;
}

function isOfText(byte: number): boolean {
  return (byte >= 0x20 && byte < 0x7f) || byte === 0 || byte === 0x0a || byte === 0x0d || byte === 0x09;
}
