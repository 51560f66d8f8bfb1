import { createDecipheriv, createHmac } from "node:crypto";
import { unlessThrown } from "../lib/failure.js";

/* Decrypts a server's handshake in TLS 1.3 (RFC 8446, 5.2 and 7.3). */

/** Decrypts the records of a handshake in order; undefined for one that it does not fit. */
export type Decrypt = (record: Buffer) => { readonly type: number; readonly content: Buffer } | undefined;

interface Suite {
  readonly hash: "sha256" | "sha384";
  readonly cipher: "aes-128-gcm" | "aes-256-gcm" | "chacha20-poly1305";
  readonly keyBytes: number;
}

/** By number: all suites that OpenSSL offers. */
const suites: ReadonlyMap<number, Suite> = new Map<number, Suite>([
  [0x1301, { hash: "sha256", cipher: "aes-128-gcm", keyBytes: 16 }],
  [0x1302, { hash: "sha384", cipher: "aes-256-gcm", keyBytes: 32 }],
  [0x1303, { hash: "sha256", cipher: "chacha20-poly1305", keyBytes: 32 }],
]);

const head = 5;
const ivBytes = 12;
const tagBytes = 16;

/** @param hello the body of the ServerHello, which names the suite */
export function decryptWith(secret: Buffer, hello: Buffer): Decrypt | undefined {
  const suite = suites.get(suiteIn(hello) ?? 0);
  if (suite === undefined) return undefined;
  const { cipher, hash, keyBytes } = suite;
  const key = expanded(secret, "key", keyBytes, hash);
  const iv = expanded(secret, "iv", ivBytes, hash);
  let sequence = 0;
  return (record) => {
    const nonce = Buffer.from(iv);
    nonce.writeUInt32BE((nonce.readUInt32BE(ivBytes - 4) ^ sequence) >>> 0, ivBytes - 4);
    sequence += 1;
    if (record.length < head + tagBytes) return undefined;
    // The typings distinguish kinds of cipher by their literal names.
    const decipher =
      cipher === "chacha20-poly1305"
        ? createDecipheriv(cipher, key, nonce, { authTagLength: tagBytes })
        : createDecipheriv(cipher, key, nonce, { authTagLength: tagBytes });
    decipher.setAAD(record.subarray(0, head), { plaintextLength: record.length - head - tagBytes });
    decipher.setAuthTag(record.subarray(record.length - tagBytes));
    const inner = unlessThrown(() =>
      Buffer.concat([decipher.update(record.subarray(head, -tagBytes)), decipher.final()]),
    );
    // Zeros may follow the type, which is at the end.
    const end = inner?.findLastIndex((byte) => byte !== 0) ?? -1;
    return inner && end >= 0 ? { type: inner.readUInt8(end), content: inner.subarray(0, end) } : undefined;
  };
}

/** After version, random and session id. */
function suiteIn(hello: Buffer): number | undefined {
  const at = 34 + 1 + (hello[34] ?? 0);
  return hello.length < at + 2 ? undefined : hello.readUInt16BE(at);
}

/** HKDF-Expand-Label without a context. `length` is at most one hash, so one round is enough. */
function expanded(secret: Buffer, label: string, length: number, hash: Suite["hash"]): Buffer {
  const name = Buffer.from(`tls13 ${label}`);
  const info = Buffer.concat([Buffer.from([0, length, name.length]), name, Buffer.from([0, 1])]);
  return createHmac(hash, secret).update(info).digest().subarray(0, length);
}
