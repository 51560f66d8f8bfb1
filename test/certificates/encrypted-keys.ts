import { createCipheriv, type KeyObject, pbkdf2Sync, randomBytes } from "node:crypto";
import { pemOf } from "../../src/certificates/pem.js";

const element = (tag: number, ...parts: readonly Buffer[]): Buffer => {
  const content = Buffer.concat(parts);
  const { length } = content;
  const size = length < 0x80 ? [length] : length < 0x100 ? [0x81, length] : [0x82, length >> 8, length & 0xff];
  return Buffer.concat([Buffer.from([tag, ...size]), content]);
};
const sequence = (...parts: readonly Buffer[]) => element(0x30, ...parts);
const octets = (content: Buffer) => element(0x04, content);
const oid = (hex: string) => element(0x06, Buffer.from(hex, "hex"));

const pbes2 = oid("2a864886f70d01050d");
const pbkdf2 = oid("2a864886f70d01050c");
const hmacSm3 = oid("2a811ccf5501831102");
const sm4Cbc = oid("2a811ccf55016802");

/** A private key as GmSSL 3 writes every one: PBES2 of PBKDF2 with HMAC-SM3, 65,536 rounds, and SM4-CBC. */
export function asGmsslWrites(key: KeyObject, password: string, cipher: Buffer = sm4Cbc): string {
  const [salt, iv] = [randomBytes(8), randomBytes(16)];
  const encryption = createCipheriv("sm4-cbc", pbkdf2Sync(password, salt, 65_536, 16, "sm3"), iv);
  const encrypted = [encryption.update(key.export({ type: "pkcs8", format: "der" })), encryption.final()];
  const numbers = [Buffer.from("0203010000", "hex"), Buffer.from("020110", "hex")];
  const derivation = sequence(pbkdf2, sequence(octets(salt), ...numbers, sequence(hmacSm3)));
  const algorithm = sequence(pbes2, sequence(derivation, sequence(cipher, octets(iv))));
  return pemOf("ENCRYPTED PRIVATE KEY", sequence(algorithm, octets(Buffer.concat(encrypted))));
}

/** The identifier of AES-128-CBC, with which nothing combines HMAC-SM3. */
export const aesCbc = oid("608648016503040102");

/** The encryption key of an SM2 pair as a CA delivers it (GM/T 0009, SM2EnvelopedKey): its cipher, in hex, and noise. */
export function sm2EnvelopedKey(cipher = "2a811ccf55016801"): Buffer {
  const number = (length: number) => element(0x02, Buffer.alloc(length, 0x3f));
  const encrypted = sequence(number(32), number(32), octets(randomBytes(32)), octets(randomBytes(16)));
  const bits = (length: number) => element(0x03, Buffer.concat([Buffer.alloc(1), randomBytes(length)]));
  return sequence(sequence(oid(cipher)), encrypted, bits(65), bits(32));
}
