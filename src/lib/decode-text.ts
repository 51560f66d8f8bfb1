import { readFileSync } from "node:fs";
import { systemCodeOf } from "./failure.js";

/** The encodings in which people's editors and shells write text. */
export type TextEncoding = "utf-8" | "utf-16le" | "utf-16be";

/** By the byte order mark, or by where ASCII characters have their zero bytes. */
export function encodingOf(bytes: Uint8Array): TextEncoding {
  const [first, second, third, fourth] = bytes;
  if (first === 0xff && second === 0xfe) return "utf-16le";
  if (first === 0xfe && second === 0xff) return "utf-16be";
  if (first !== 0 && second === 0 && third !== 0 && fourth === 0) return "utf-16le";
  return first === 0 && second !== 0 && third === 0 && fourth !== 0 ? "utf-16be" : "utf-8";
}

/**
 * The text of a file that a person wrote: in UTF-8, or in UTF-16 as Windows tools write it, with or without a byte order
 * mark, which is no part of the text.
 */
export function decodeText(bytes: Uint8Array): string {
  return new TextDecoder(encodingOf(bytes)).decode(bytes);
}

/**
 * The text of such a file.
 * @throws {Error} with the path and the system's code, if it cannot be read
 */
export function readTextFile(path: string): string {
  try {
    return decodeText(readFileSync(path));
  } catch (error) {
    throw new Error(`${path} cannot be read (${systemCodeOf(error) ?? "unknown"})`);
  }
}
