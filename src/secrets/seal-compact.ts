import { type SparseView, sparseView, type View } from "./seal-view.js";

/** Stands between two runs of a compact view. */
export const BREAK = " ";

const ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
const SKIPPED = 1;
const breakCode = BREAK.charCodeAt(0);

/** What becomes of each ASCII character: another one, nothing, or a break. */
const fate = fates();

/**
 * What is left of a text if only base64 and hex matter: their digits in runs, without the white space, the padding, the
 * colons of `aa:bb` and the marks of quoted mail between them, and with the URL alphabet put into the other one.
 */
export function compacted(source: View): SparseView {
  const { text } = source;
  const codes = new Uint8Array(text.length);
  const places = new Uint32Array(text.length);
  let length = 0;
  let previous = breakCode;
  for (let at = 0; at < text.length; at += 1) {
    const code = fate[text.charCodeAt(at)] ?? breakCode;
    if (code === SKIPPED || (code === breakCode && previous === breakCode)) continue;
    codes[length] = code;
    places[length] = at;
    length += 1;
    previous = code;
  }
  return sparseView(Buffer.from(codes.buffer, 0, length).toString("latin1"), source, places);
}

function fates(): Uint8Array {
  const table = new Uint8Array(128).fill(breakCode);
  for (const separator of " \b\t\n\v\f\r=:>\\") table[separator.charCodeAt(0)] = SKIPPED;
  for (const digit of ALPHABET) table[digit.charCodeAt(0)] = digit.charCodeAt(0);
  table["-".charCodeAt(0)] = "+".charCodeAt(0);
  table["_".charCodeAt(0)] = "/".charCodeAt(0);
  return table;
}
