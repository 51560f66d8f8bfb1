import { createDecipheriv, getCiphers } from "node:crypto";
import { unlessThrown } from "../lib/failure.js";
import { derTags, leavesOf, oidOf, sequenceMembers } from "./der.js";
import { integerValue, keyBlockIn, pbkdf2 } from "./unfit-key.js";

/** An encryption that cannot be undone here. */
export interface UnsupportedEncryption {
  /** As people call it. */
  readonly name: string;
  /** Whether OpenSSL 3 still has it, in its legacy provider. */
  readonly legacy: boolean;
}

const hmacSm3 = "1.2.156.10197.1.401.2";

/**
 * What OpenSSL's default provider lacks of PKCS #5, PKCS #12 and the ciphers of PBES2: identifiers, name and OpenSSL's
 * name. Who runs Node.js with the legacy provider has those that are in it.
 */
const lacking: readonly (readonly [oids: RegExp, name: string, inOpenssl: string])[] = [
  [/^1\.2\.840\.113549\.1\.5\.[14]$/, "MD2", "md2"],
  [/^(1\.2\.840\.113549\.1\.5\.(3|10)|1\.3\.14\.3\.2\.7)$/, "single DES", "des-cbc"],
  [/^1\.2\.840\.113549\.(1\.5\.(6|11)|1\.12\.1\.[56]|3\.2)$/, "RC2", "rc2-cbc"],
  [/^1\.2\.840\.113549\.1\.12\.1\.[12]$/, "RC4", "rc4"],
  [/^1\.2\.840\.113549\.3\.[89]$/, "RC5", "rc5-cbc"],
  [/^1\.2\.840\.113533\.7\.66\.10$/, "CAST5", "cast5-cbc"],
  [/^1\.3\.6\.1\.4\.1\.3029\.1\.2$/, "Blowfish", "bf-cbc"],
  [/^1\.2\.410\.200004\.1\.4$/, "SEED", "seed-cbc"],
  [/^1\.3\.6\.1\.4\.1\.188\.7\.1\.1\.2$/, "IDEA", "idea-cbc"],
  [/^2\.16\.840\.1\.101\.3\.4\.1\.[24]?6$/, "AES-GCM", "none in PBES2"],
  [/^1\.2\.156\.10197\.1\.401\.2$/, "HMAC-SM3", "none in PBES2"],
];

const inLegacyProvider = ["des-cbc", "rc2-cbc", "rc4", "cast5-cbc", "bf-cbc", "seed-cbc", "idea-cbc"];

/** The known encryption of a private key that cannot be undone here; undefined for any other, and for an open key. */
export function unsupportedEncryption(pem: string): UnsupportedEncryption | undefined {
  if (smEncryptionIn(pem) !== undefined) return undefined;
  const [, cipher = ""] = /^DEK-Info: ?([A-Z0-9-]+)/m.exec(pem) ?? [];
  const found = cipher === "" ? lackingIn(oidsOf(pem)) : lackingCipher(cipher.toLowerCase());
  if (found === undefined) return undefined;
  const [, name, inOpenssl] = found;
  return { name, legacy: inLegacyProvider.includes(inOpenssl) };
}

function lackingIn(oids: readonly string[]) {
  return lacking.find(
    ([pattern, , inOpenssl]) => !getCiphers().includes(inOpenssl) && oids.some((oid) => pattern.test(oid)),
  );
}

/** Of the old encryption (RFC 1421), which names the cipher as OpenSSL does: rc2-40-cbc beside rc2-cbc. */
function lackingCipher(cipher: string) {
  const familyOf = (name: string) => name.split("-")[0];
  if (getCiphers().includes(cipher)) return undefined;
  return lacking.find(([, , inOpenssl]) => familyOf(inOpenssl) === familyOf(cipher));
}

function oidsOf(pem: string): readonly string[] {
  return algorithmOf(pem).flatMap((leaf) => (leaf.tag === derTags.oid ? [oidOf(leaf)] : []));
}

/** The parts of the algorithm with which a key in PKCS #8 is encrypted, in order; none of any other key. */
function algorithmOf(pem: string) {
  const { label, der } = keyBlockIn(pem) ?? {};
  if (label !== "ENCRYPTED PRIVATE KEY" || der === undefined) return [];
  return unlessThrown(() => sequenceMembers(der).slice(0, 1).flatMap(leavesOf)) ?? [];
}

/** SM4-CBC with a key that PBKDF2 derives with HMAC-SM3. */
export interface SmEncryption {
  /** Salt, rounds, length of the key and digest, as PBKDF2 takes them after the password. */
  readonly derivation: readonly [Buffer, number, number, string];
  /** @throws {Error} if the password was another one, with few exceptions */
  decrypt(key: Buffer): Buffer;
}

/** In bytes. */
const SM4_KEY = 16;

const smOids = ["1.2.840.113549.1.5.13", pbkdf2, hmacSm3, "1.2.156.10197.1.104.2"].join();

/** What GmSSL 3 makes of every private key (its src/pkcs8.c): OpenSSL has both algorithms and does not combine them. */
export function smEncryptionIn(pem: string): SmEncryption | undefined {
  if (oidsOf(pem).join() !== smOids) return undefined;
  const algorithm = algorithmOf(pem);
  const [salt, iv] = algorithm.filter(({ tag }) => tag === derTags.octets);
  const [rounds] = algorithm.filter(({ tag }) => tag === derTags.integer).map(integerValue);
  const [, encrypted] = sequenceMembers(keyBlockIn(pem)?.der ?? Buffer.alloc(0));
  if (salt === undefined || iv === undefined || encrypted === undefined || !rounds) return undefined;
  return {
    derivation: [salt.content, rounds, SM4_KEY, "sm3"],
    decrypt: (key) => {
      const decipher = createDecipheriv("sm4-cbc", key, iv.content);
      return Buffer.concat([decipher.update(encrypted.content), decipher.final()]);
    },
  };
}
