import { createPrivateKey, generateKeyPairSync, type KeyObject } from "node:crypto";
import { z } from "zod";
import { rsaKey } from "./rsa-key.js";

/**
 * Key files that state a certificate's public half without being its key, or that are its key and state something else
 * besides. None is encrypted; each opens in Node.js.
 */
export function alteredKeys(pem: string): readonly (readonly [what: string, pem: string])[] {
  const own = jwkOf(createPrivateKey(pem));
  return own.kty === "EC" ? alteredEc(own) : alteredRsa(own);
}

const jwk = z.record(z.string());
type Jwk = z.output<typeof jwk>;

const jwkOf = (key: KeyObject) => jwk.parse(key.export({ format: "jwk" }));

function alteredEc(own: Jwk) {
  const other = jwkOf(generateKeyPairSync("ec", { namedCurve: "prime256v1" }).privateKey);
  const stranger = { ...other, ...pick(own, "x", "y") };
  const relabelled = { ...own, ...pick(other, "x", "y") };
  return [
    ["PKCS#8, another scalar beside the certificate's point", keyFile(stranger, "pkcs8")],
    ["SEC1, another scalar beside the certificate's point", keyFile(stranger, "sec1")],
    ["SEC1, the right scalar beside another point", keyFile(relabelled, "sec1")],
  ] as const;
}

function alteredRsa(own: Jwk) {
  const other = jwkOf(rsaKey());
  const changed = (...members: readonly ("d" | "p" | "q" | "dp" | "dq" | "qi")[]) =>
    keyFile({ ...own, ...pick(other, ...members) }, "pkcs1");
  return [
    ["PKCS#1, another key beside the certificate's modulus", changed("d", "p", "q", "dp", "dq", "qi")],
    ["PKCS#1, another private exponent", changed("d")],
    ["PKCS#1, other factors", changed("p", "q")],
    ["PKCS#1, another exponent for the first factor", changed("dp")],
    ["PKCS#1, another exponent for the second factor", changed("dq")],
    ["PKCS#1, another coefficient", changed("qi")],
  ] as const;
}

function keyFile(key: Jwk, type: "pkcs1" | "pkcs8" | "sec1"): string {
  return createPrivateKey({ key, format: "jwk" }).export({ type, format: "pem" }).toString();
}

function pick(key: Jwk, ...members: readonly string[]): Jwk {
  return jwk.parse(Object.fromEntries(members.map((member) => [member, key[member]])));
}
