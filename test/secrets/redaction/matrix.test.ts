import { createPrivateKey, generateKeyPairSync, type KeyObject, randomBytes } from "node:crypto";
import { expect, it } from "vitest";
import { Redactor } from "../../../src/secrets/redaction/redactor.js";
import { rsaKey } from "../../support/rsa-key.js";
import { ofRows, rows } from "../../support/width.js";
import { sharedMaterial } from "../references/support.js";
import { archiveOf } from "../vault/support.js";
import { laidOpen, otherForms, promisedForms } from "./forms.js";

/** Secrets × forms: each row that is promised is held, and none is held that is not named. */

interface Secret {
  /** What is known of it. */
  readonly known: string;
  /** How it comes back, before it is written in some form. */
  readonly back: string;
  /** What must not be left, in one piece of 20 characters or more. */
  readonly secret: readonly string[];
}

const pem = (key: KeyObject, type: "pkcs8" | "pkcs1" | "sec1" = "pkcs8") =>
  key.export({ type, format: "pem" }).toString();
const body = (text: string) => text.replace(/-----.*-----|\s/g, "");

/** The secret numbers of a key as base64 has them in this PEM, in base64url, and in hex. */
function numbersIn(text: string): string[] {
  const der = Buffer.from(body(text), "base64");
  const { d = "", p, q, dp, dq, qi } = createPrivateKey(text).export({ format: "jwk" });
  return [d, p, q, dp, dq, qi].flatMap((number) => {
    if (number === undefined) return [];
    const bytes = Buffer.from(number, "base64url");
    const [from, to] = [der.indexOf(bytes), der.indexOf(bytes) + bytes.length];
    const inBody = body(text).slice(Math.ceil((from * 4) / 3), Math.floor((to * 4) / 3));
    return [inBody, number, bytes.toString("base64"), bytes.toString("hex")];
  });
}

const rsa = rsaKey();
const ec = generateKeyPairSync("ec", { namedCurve: "P-256" }).privateKey;
const ed25519 = generateKeyPairSync("ed25519").privateKey;
const keyRow = (known: string, back: string): Secret => ({ known, back, secret: numbersIn(back) });
const jwkRow = (key: KeyObject): Secret => {
  const back = JSON.stringify(key.export({ format: "jwk" }));
  return { known: pem(key), back, secret: numbersIn(pem(key)) };
};
const tokenRow = (token: string): Secret => ({ known: token, back: token, secret: [token] });

const secrets: Readonly<Record<string, Secret>> = {
  "RSA key, PKCS#8": keyRow(pem(rsa), pem(rsa)),
  "RSA key, given back as PKCS#1": keyRow(pem(rsa), pem(rsa, "pkcs1")),
  "EC key, PKCS#8": keyRow(pem(ec), pem(ec)),
  "EC key, given back as SEC1": keyRow(pem(ec), pem(ec, "sec1")),
  "Ed25519 key": keyRow(pem(ed25519), pem(ed25519)),
  "RSA key as JWK": jwkRow(rsa),
  "EC key as JWK": jwkRow(ec),
  "Ed25519 key as JWK": jwkRow(ed25519),
  "RSA key without armour": { ...keyRow(pem(rsa), pem(rsa)), back: body(pem(rsa)) },
  "secret key of the account": tokenRow(randomBytes(24).toString("base64url")),
  "session token": tokenRow(randomBytes(300).toString("base64")),
  archive: tokenRow(archiveOf(sharedMaterial())),
};

const digits = (text: string) => text.replace(/[^A-Za-z0-9+/]/g, "");
const LONGEST = 24;

function pieceLeft(text: string, { secret }: Secret): string | undefined {
  const open = laidOpen(text).map((each) => digits(each.replaceAll("-", "+").replaceAll("_", "/")));
  for (const whole of secret.map((each) => digits(each.replaceAll("-", "+").replaceAll("_", "/")))) {
    for (let at = 0; at + LONGEST <= whole.length; at += 1) {
      const piece = whole.slice(at, at + LONGEST);
      if (open.some((each) => each.includes(piece))) return piece;
    }
  }
  return undefined;
}

const around = (text: string) => `The value "${text}" of Key is not valid.`;

/** Each secret with each form. */
const table = Object.entries(secrets).flatMap(([name, secret]) => {
  const redactor = new Redactor([secret.known]);
  return Object.entries(promisedForms).map(([way, form]) => [name, way, { secret, redactor, form }] as const);
});

it.each(rows(table, 210))("%s is masked: %s", ofRows, (_, __, { secret, redactor, form }) => {
  for (const text of [form(secret.back), around(form(secret.back))]) {
    expect(pieceLeft(text, secret)).toBeDefined();
    const redacted = redactor.redact(text);
    expect(redacted).toContain("[sealed]");
    expect(pieceLeft(redacted, secret)).toBeUndefined();
    expect(redactor.redact(redacted)).toBe(redacted);
  }
});

it.each(Object.entries(otherForms))("is not promised, and not held for each secret: %s", (_, form) => {
  const passed = Object.values(secrets).filter(({ known, back }) => {
    const text = around(form(back));
    return new Redactor([known]).redact(text) === text;
  });
  expect(passed.length).toBeGreaterThan(0);
});
