import { isAscii } from "node:buffer";
import { hash } from "node:crypto";

export type Bytes = string | Uint8Array;
export type HashName = "sha1" | "sha256";

/** Gives the HMAC of a text, under a key and with a hash that are settled. */
export type Hmac = (text: string, encoding: "hex" | "base64") => string;

/** Makes a key ready to be used. */
export type HmacUnder = (algorithm: HashName, key: Bytes) => Hmac;

/** The block of SHA-1 and of SHA-256, in bytes. */
const BLOCK = 64;
/** Most texts that are signed fit, in bytes. */
const ROOM = 1024;
/** That one unit of a text takes, in UTF-8. */
const MOST_BYTES = 3;

/**
 * HMAC (RFC 2104) of two hashes, each taken in one step: for texts as short as those that are signed, the object that
 * `createHmac` makes takes as long as the hashing does. `createHmac` is what it is tested against.
 */
export function hmacUnder(algorithm: HashName, key: Bytes): Hmac {
  const bytes = Buffer.from(key);
  const short = bytes.length > BLOCK ? hash(algorithm, bytes, "buffer") : bytes;
  const before = following(padded(short, 0x36, BLOCK));
  const outer = padded(short, 0x5c, BLOCK + hash(algorithm, "", "buffer").length);
  return (text, encoding) => {
    outer.write(hash(algorithm, before(text), "binary"), BLOCK, "binary");
    return hash(algorithm, outer, encoding);
  };
}

/** The same, keeping the last key ready: a client signs with one for as long as it lives. */
export function keptHmac(): HmacUnder {
  let last: { readonly algorithm: HashName; readonly key: Bytes; readonly hmac: Hmac } | undefined;
  return (algorithm, key) => {
    if (last?.key !== key || last.algorithm !== algorithm) last = { algorithm, key, hmac: hmacUnder(algorithm, key) };
    return last.hmac;
  };
}

/** Puts a text after `block`, in the way that takes the least time. */
function following(block: Buffer): (text: string) => Bytes {
  // A key that is text is a block that is text, because the mask leaves the highest bit as it is.
  if (isAscii(block)) {
    const start = block.toString("latin1");
    return (text) => start + text;
  }
  const room = Buffer.concat([block], ROOM);
  return (text) =>
    BLOCK + text.length * MOST_BYTES <= ROOM
      ? room.subarray(0, BLOCK + room.write(text, BLOCK))
      : Buffer.concat([block, Buffer.from(text)]);
}

/** `length` bytes that begin with a block of the key, each of its bytes XORed with `mask`. */
function padded(key: Uint8Array, mask: number, length: number): Buffer {
  const bytes = Buffer.alloc(length);
  bytes.set(key);
  for (let index = 0; index < BLOCK; index += 1) bytes[index] = (bytes[index] ?? 0) ^ mask;
  return bytes;
}
