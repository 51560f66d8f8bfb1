import { describe, expect, it } from "vitest";
import { parseFingerprint } from "../../src/certificates/fingerprint.js";
import { type SentChain, sentChainIn } from "../../src/certificates/sent-chain.js";
import { servedAs } from "../../src/tls-check/served.js";
import type { AddressReport, ServedState } from "../../src/tls-check/tls-check.js";
import { presented, Servers } from "./servers.js";
import { lookAt, material, sha1, sha256, now as today } from "./support.js";

const servers = new Servers();
const looks = async (...parties: Parameters<typeof presented>[0][]) => {
  const running = await servers.tls(parties.map((party) => presented(party, material.middle, material.upper)));
  const look = await lookAt(running, { now: () => today });
  await servers.close();
  return look;
};

const wanted = await looks(material.now);
const old = await looks(material.before);
const both = await looks(material.before, material.rsa);
const sending = async (...above: Parameters<typeof presented>[0][]) => {
  const look = await lookAt(await servers.tls(presented(material.now, ...above)), { now: () => today });
  await servers.close();
  return look;
};
const alone = await sending();
const half = await sending(material.middle);
const reversed = await sending(material.upper, material.middle);
const none: AddressReport = { address: "192.0.2.1", certificates: [], problem: "It answers with HTTP without TLS." };
const gone: AddressReport = { address: "192.0.2.2", certificates: [], problem: "No.", unreached: true };

describe("how what is served compares", () => {
  const cases: [string, AddressReport[], ServedState][] = [
    ["all serve it", [wanted, wanted], "serving"],
    ["one cannot be reached", [wanted, gone], "serving"],
    ["some still serve the old one", [wanted, old], "propagating"],
    ["some answer without TLS", [wanted, none], "propagating"],
    ["none serves it", [old, old], "other certificate"],
    ["none serves it, some without TLS, some gone", [old, none, gone], "other certificate"],
    ["none serves any", [none, none], "no TLS"],
    ["none serves any, some gone", [none, gone], "no TLS"],
    ["none can be reached", [gone, gone], "unreachable"],
    ["there is no address", [], "unreachable"],
  ];

  it.each(cases)("when %s", (_name, addresses, status) => {
    expect(servedAs({ addresses }, { sha256: sha256(material.now) })).toBe(status);
    expect(servedAs({ addresses }, { sha256: sha1(material.now).toUpperCase() })).toBe(status);
  });

  it("when it is one of two kinds, so that clients of the other kind get another one", () => {
    expect(servedAs({ addresses: [both] }, { sha256: sha256(material.rsa) })).toBe("some clients");
    expect(servedAs({ addresses: [both] }, { sha256: sha256(material.before) })).toBe("some clients");
    expect(servedAs({ addresses: [both, old] }, { sha256: sha256(material.before) })).toBe("some clients");
    expect(servedAs({ addresses: [both, old] }, { sha256: sha256(material.rsa) })).toBe("propagating");
    expect(servedAs({ addresses: [both] }, { sha256: sha256(material.now) })).toBe("other certificate");
  });
});

describe("the chain counts as much as the leaf", () => {
  const chainOf = (...parties: { pem: string }[]) =>
    sentChainIn(parties.map(({ pem }) => pem).join(""), today) ?? { intermediates: [], flaws: [] };
  const { now: leaf, middle, upper, root } = material;
  const whole = chainOf(leaf, middle, upper);
  const expected = sha256(leaf);

  it.each<[string, AddressReport[], SentChain | undefined, ServedState]>([
    ["all is sent", [wanted, wanted], whole, "serving"],
    ["all is sent, and the root was expected besides", [wanted], chainOf(leaf, middle, upper, root), "serving"],
    ["more is sent than was expected", [wanted], chainOf(leaf), "serving"],
    ["the leaf is sent alone", [alone, alone], whole, "incomplete chain"],
    ["the leaf is sent alone, as was expected", [alone], chainOf(leaf), "incomplete chain"],
    ["the leaf is sent alone, and only its fingerprint is known", [alone], undefined, "incomplete chain"],
    ["some send the leaf alone", [wanted, alone], whole, "propagating"],
    ["some send the leaf alone, and only its fingerprint is known", [wanted, alone], undefined, "incomplete chain"],
    ["one of two intermediates is sent", [half], whole, "incomplete chain"],
    ["the order is wrong", [reversed], whole, "other chain"],
    ["the order is wrong, as was expected", [reversed], chainOf(leaf, upper, middle), "serving"],
    ["another certificate is sent alone", [old], whole, "other certificate"],
  ])("when %s", (_name, addresses, chain, status) => {
    expect(servedAs({ addresses }, { sha256: expected, chain })).toBe(status);
  });
});

describe("a fingerprint", () => {
  it("is compared without colons, spaces and letter case", () => {
    expect(parseFingerprint(` ${"AB:".repeat(31)}ab\n`)).toBe("ab".repeat(32));
    expect(parseFingerprint("AB".repeat(20))).toBe("ab".repeat(20));
  });

  it.each([
    ["sha256 Fingerprint=", 32],
    ["SHA256 Fingerprint=", 32],
    ["SHA1 Fingerprint=", 20],
  ])("is taken as openssl prints it, after %s", (label, bytes) => {
    expect(parseFingerprint(`${label}${Array(bytes).fill("AB").join(":")}\n`)).toBe("ab".repeat(bytes));
  });

  it.each([
    "sha256 Fingerprint=",
    "sha512 Fingerprint=AB:AB",
    "",
    "ab",
    "zz".repeat(32),
    "ab".repeat(31),
    `sha256/${"A".repeat(43)}=`,
  ])("is none: %s", (text) => {
    expect(() => servedAs({ addresses: [] }, { sha256: text })).toThrow("neither a SHA-256 nor a SHA-1");
  });
});
