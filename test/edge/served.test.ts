import { describe, expect, it } from "vitest";
import type { AddressLook, Served } from "../../src/edge/edge.js";
import { normalFingerprint, servedAs } from "../../src/edge/served.js";
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
const none: AddressLook = { address: "192.0.2.1", certificates: [], problem: "It answers with HTTP without TLS." };
const gone: AddressLook = { address: "192.0.2.2", certificates: [], problem: "No.", unreached: true };

describe("how what is served compares", () => {
  const cases: [string, AddressLook[], Served][] = [
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
    expect(servedAs({ addresses }, sha256(material.now))).toBe(status);
    expect(servedAs({ addresses }, sha1(material.now).toUpperCase())).toBe(status);
  });

  it("when it is one of two kinds, so that clients of the other kind get another one", () => {
    expect(servedAs({ addresses: [both] }, sha256(material.rsa))).toBe("some clients");
    expect(servedAs({ addresses: [both] }, sha256(material.before))).toBe("some clients");
    expect(servedAs({ addresses: [both, old] }, sha256(material.before))).toBe("some clients");
    expect(servedAs({ addresses: [both, old] }, sha256(material.rsa))).toBe("propagating");
    expect(servedAs({ addresses: [both] }, sha256(material.now))).toBe("other certificate");
  });
});

describe("a fingerprint", () => {
  it("is compared without colons, spaces and letter case", () => {
    expect(normalFingerprint(` ${"AB:".repeat(31)}ab\n`)).toBe("ab".repeat(32));
    expect(normalFingerprint("AB".repeat(20))).toBe("ab".repeat(20));
  });

  it.each(["", "ab", "zz".repeat(32), "ab".repeat(31), `sha256/${"A".repeat(43)}=`])("is none: %s", (text) => {
    expect(() => servedAs({ addresses: [] }, text)).toThrow("neither a SHA-256 nor a SHA-1");
  });
});
