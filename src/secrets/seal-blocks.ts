import { createPrivateKey, createPublicKey, type KeyObject } from "node:crypto";
import { privateKeyLength } from "./seal-der.js";
import { unescaped } from "./seal-unescape.js";

/** The bytes of one private key in all the structures that it comes in, and the PEM texts of them. */
export interface KeyMaterial {
  readonly ders: readonly Buffer[];
  readonly pems: readonly string[];
  /** Its public half (SPKI), which is no secret; undefined where the key cannot be read. */
  readonly publicHalf: Buffer | undefined;
}

const block = /-----BEGIN ([A-Z0-9 ]*PRIVATE KEY)-----([\s\S]*?)(?:-----END \1-----|$)/g;
const headerLine = /^[A-Za-z-]+:.*$/gm;

/** The private keys in a secret: PEM, escaped or not, or the base64 of PEM or of DER. */
export function privateKeysIn(secret: string): KeyMaterial[] {
  const text = unescaped(secret).text;
  const blocks = blocksIn(text);
  if (blocks.length > 0) return blocks;
  const bytes = Buffer.from(text, "base64");
  const inside = blocksIn(bytes.toString("latin1"));
  if (inside.length > 0) return inside;
  return privateKeyLength(bytes) === undefined ? [] : [material(bytes, [])];
}

/** The body of a PEM text without its armour, without headers. */
export function bodyOf(pem: string): string {
  return pem.replace(/-----[A-Z0-9 ]*-----/g, "").replace(headerLine, "");
}

/**
 * Keys in one secret that are looked for in every structure; an archive has a third of this. Each takes a millisecond to
 * parse, and a secret of thousands would stand still here. What has armour is masked by its looks, however many there are.
 */
const MOST_KEYS = 32;

function blocksIn(text: string): KeyMaterial[] {
  return [...text.matchAll(block)]
    .slice(0, MOST_KEYS)
    .map(([pem, , body = ""]) => material(Buffer.from(body.replace(headerLine, ""), "base64"), [pem]));
}

function material(der: Buffer, pems: readonly string[]): KeyMaterial {
  const key = readKey(pems[0] ?? der);
  const structures = key === undefined ? [] : structuresOf(key);
  const texts = [...pems, ...structures.map(({ pem }) => pem)].map((pem) => pem.replaceAll("\r\n", "\n").trim());
  return {
    ders: withoutContained([der, ...structures.map((structure) => structure.der)]),
    pems: [...new Set(texts)].flatMap((pem) => [pem, pem.replaceAll("\n", "\r\n")]),
    publicHalf: key && createPublicKey(key).export({ type: "spki", format: "der" }),
  };
}

function readKey(key: string | Buffer): KeyObject | undefined {
  if (typeof key === "string") return unlessUnreadable(() => createPrivateKey(key));
  return (["pkcs8", "pkcs1", "sec1"] as const)
    .map((type) => unlessUnreadable(() => createPrivateKey({ key, format: "der", type })))
    .find((read) => read !== undefined);
}

function structuresOf(key: KeyObject): { readonly der: Buffer; readonly pem: string }[] {
  return structureNames(key).map((type) => ({
    der: key.export({ type, format: "der" }),
    pem: key.export({ type, format: "pem" }).toString(),
  }));
}

/** Asking for a structure that a kind of key does not have throws at best: with SM2, Node.js aborts the process. */
function structureNames({ asymmetricKeyType: kind }: KeyObject): ("pkcs8" | "pkcs1" | "sec1")[] {
  if (kind === "rsa") return ["pkcs8", "pkcs1"];
  return kind === "ec" ? ["pkcs8", "sec1"] : ["pkcs8"];
}

/** PKCS#8 holds PKCS#1 as it is, so what finds the one finds the other. */
function withoutContained(ders: readonly Buffer[]): Buffer[] {
  const longestFirst = ders.toSorted((a, b) => b.length - a.length);
  return longestFirst.filter((der, index) => !longestFirst.slice(0, index).some((longer) => longer.includes(der)));
}

function unlessUnreadable<Value>(read: () => Value): Value | undefined {
  try {
    return read();
  } catch {
    return undefined;
  }
}
