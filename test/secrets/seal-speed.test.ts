import { generateKeyPairSync, randomBytes } from "node:crypto";
import { expect, it } from "vitest";
import { Seal } from "../../src/secrets/seal.js";

const SIZE = 200_000;
const ROUNDS = 10;

const newKey = () =>
  generateKeyPairSync("rsa", {
    modulusLength: 2048,
    privateKeyEncoding: { type: "pkcs8", format: "pem" },
    publicKeyEncoding: { type: "spki", format: "pem" },
  }).privateKey;

function millisecondsOf(work: () => unknown): string {
  for (let round = 0; round < ROUNDS; round += 1) work();
  const start = performance.now();
  for (let round = 0; round < ROUNDS; round += 1) work();
  return `${((performance.now() - start) / ROUNDS).toFixed(1)} ms`;
}

it("reports how long sealing takes", async ({ annotate }) => {
  const secrets = Array.from({ length: 10 }, () => [newKey(), randomBytes(16).toString("base64url")]).flat();
  const seal = new Seal(secrets);
  const another = newKey();
  const base64 = randomBytes(SIZE).toString("base64").slice(0, SIZE);
  const reply = Array.from({ length: 130 }, (_, index) => ({
    id: index,
    pem: base64.slice(0, 1500).replace(/.{64}/g, "$&\n"),
  }));
  const json = JSON.stringify(reply).slice(0, SIZE);
  const work: Readonly<Record<string, () => unknown>> = {
    "a seal of 20 secrets": () => new Seal(secrets),
    "learn() and forget it": () => seal.learn([another])(),
    "text() of 200 KB base64": () => seal.text(base64),
    "text() of 200 KB JSON": () => seal.text(json),
  };
  for (const [name, each] of Object.entries(work)) await annotate(`${name}: ${millisecondsOf(each)}`);
  expect(seal.text(json)).toBe(json);
});
