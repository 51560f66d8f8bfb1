import { expect, it } from "vitest";
import { readSigningRequest } from "../../src/certificates/signing-request.js";
import { inspect } from "../../src/preflight/inspect.js";
import { runs } from "../support/width.js";
import { makeMaterial } from "./material.js";

const now = new Date();
const { authority, plain, under, named, ca, openssl } = await makeMaterial(now);
const whole = [under.public.pem, named.address.pem, openssl?.pss.certificate, openssl?.sm2?.leaf].filter(
  (pem) => pem !== undefined,
);

const step = runs(11, 3);

/** The PEM block again and again, each time with another byte inverted. */
function* damaged(pem: string): Generator<string> {
  const [begin = "", end = ""] = pem.match(/-----[^-]+-----/g) ?? [];
  const bytes = Buffer.from(pem.replace(/-----[^-]+-----/g, ""), "base64");
  for (let at = 0; at < bytes.length; at += step) {
    const copy = Buffer.from(bytes);
    copy.writeUInt8(copy.readUInt8(at) ^ 0xff, at);
    yield `${begin}\n${copy.toString("base64").replace(/.{64}(?!$)/g, "$&\n")}\n${end}\n`;
  }
}

it.each(whole)("a damaged certificate is reported, never thrown over (%#)", (pem) => {
  for (const certificate of damaged(pem)) {
    const certificatePem = certificate + ca.middle.pem + pem;
    const { findings } = inspect({ certificatePem, privateKeyPem: plain.key, domains: ["example.org"] }, now);
    expect(findings).not.toEqual([]);
  }
});

it("nor over a damaged signing request", async () => {
  const request = await authority.request("a.example.com", ["b.example.com"], plain);
  for (const pem of damaged(request)) expect(() => readSigningRequest(pem)).not.toThrow();
});

it("a signing request whose key is not on its curve was not signed by it", async () => {
  const request = await authority.request("a.example.com", [], plain);
  const bytes = Buffer.from(request.replace(/-----[^-]+-----/g, ""), "base64");
  const at = bytes.indexOf(Buffer.from("2a8648ce3d030107", "hex")) + 32;
  bytes.writeUInt8(bytes.readUInt8(at) ^ 1, at);
  const label = "CERTIFICATE REQUEST";
  const moved = `-----BEGIN ${label}-----\n${bytes.toString("base64")}\n-----END ${label}-----\n`;
  expect([request, moved].map((pem) => readSigningRequest(pem)?.signed)).toEqual(["yes", "no"]);
});
