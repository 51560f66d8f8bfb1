import { expect, it } from "vitest";
import type { Warning } from "../../../src/catalogue/operation.js";
import type { JobTarget } from "../../../src/jobs/job.js";
import { safe } from "../../../src/lib/safe-text.js";
import type { CloudCertificate } from "../../../src/tools/deployment/deployer.js";
import { outcomeFor, withoutOthers } from "../../../src/tools/deployment/edgeone-host-certificates.js";

const host: JobTarget = {
  id: "tencent-edgeone www.example.com",
  service: "tencent-edgeone",
  account: { credential: "AKID1", endpoint: "teo.tencentcloudapi.com" },
  name: "www.example.com",
  zoneId: "zone-1",
  domain: "www.example.com",
  state: "pending",
};

/** A certificate of a host, which covers it; without a kind of key, it could not be read. */
const of = (id: string, algorithm?: string, more: Partial<CloudCertificate> = {}): CloudCertificate => ({
  id,
  ...(algorithm === undefined
    ? { issued: false, status: safe`may not be read`, unread: true }
    : {
        algorithm,
        issued: true,
        status: safe`issued`,
        names: ["www.example.com"],
        notAfter: "2027-01-01T00:00:00.000Z",
      }),
  ...more,
});

const now = new Date("2026-04-01T00:00:00.000Z");
const ecc = { certificateId: "eccold01", algorithm: "ECDSA" };
const texts = (warnings: readonly Warning[]) => warnings.map(({ says }) => String(says));

it("what a rollback sets again is not lost, even if nothing tells its kind", () => {
  const stored = [of("eccnew01", "ECDSA"), of("rsa00001", "RSA")];
  const { warnings } = withoutOthers(host, { stored, unstored: [] }, [ecc, { certificateId: "rsa00001" }]);
  expect(texts(warnings)).toEqual([]);
  expect(texts(withoutOthers(host, { stored, unstored: [] }, [ecc]).warnings)).toEqual([
    expect.stringContaining("clients that take only RSA are turned away"),
  ]);
});

it("what may be lost is said: one of an unknown kind, whatever the host gets besides, and in a rollback", () => {
  const stored = [of("eccold01", "ECDSA"), of("rsaold01", "RSA"), of("unknown1")];
  const pair = [ecc, { certificateId: "rsanew01", algorithm: "RSA" }];
  const possible = [expect.stringContaining("could not be seen: the kind of key of unknown1 could not be read")];
  const { kept, warnings } = outcomeFor(host, { stored, unstored: [] }, pair, now);
  expect(kept).toEqual([]);
  expect(texts(warnings)).toEqual(possible);
  expect(texts(withoutOthers(host, { stored, unstored: [] }, pair).warnings)).toEqual(possible);
  const all = [...pair, { certificateId: "unknown1" }];
  expect(texts(outcomeFor(host, { stored, unstored: [] }, all, now).warnings)).toEqual([]);
  expect(texts(withoutOthers(host, { stored, unstored: [] }, all).warnings)).toEqual([]);
});

it("what the edge alone could show is said where the host gets one kind", () => {
  const seen = { stored: [of("eccold01", "ECDSA")], unstored: [], doubt: "none of its addresses answers" };
  const possible = [expect.stringContaining("could not be seen: none of its addresses answers")];
  const pair = [ecc, { certificateId: "rsanew01", algorithm: "RSA" }];
  for (const warningsOf of [
    (given: typeof pair) => outcomeFor(host, seen, given, now).warnings,
    (given: typeof pair) => withoutOthers(host, seen, given).warnings,
  ]) {
    expect(texts(warningsOf([ecc]))).toEqual(possible);
    expect(texts(warningsOf(pair))).toEqual([]);
  }
});

it("of two of one kind, that in force is kept: a host has one of each kind", () => {
  const keptOf = (...stored: CloudCertificate[]) =>
    outcomeFor(host, { stored: [of("eccold01", "ECDSA"), ...stored], unstored: [] }, [ecc], now).kept.map(
      ({ id }) => id,
    );
  const [unbound, inForce] = [of("rsa00002", "RSA", { failed: true }), of("rsa00001", "RSA")];
  expect(keptOf(unbound, inForce)).toEqual(["rsa00001"]);
  expect(keptOf(inForce, unbound)).toEqual(["rsa00001"]);
  expect(keptOf(unbound)).toEqual(["rsa00002"]);
  expect(keptOf(unbound, of("rsa00003", "RSA", { notAfter: "2026-04-01T12:00:00.000Z" }))).toEqual(["rsa00002"]);
});

it("how to keep an only certificate is said where it can be set again, otherwise why it cannot", () => {
  const warningFor = (only: CloudCertificate) =>
    texts(outcomeFor(host, { stored: [only], unstored: [] }, [ecc], now).warnings);
  expect(warningFor(of("rsaold01", "RSA"))).toEqual([expect.stringContaining("name both ids in ServerCertInfo")]);
  expect(warningFor(of("teo-free1", "RSA"))).toEqual([
    expect.stringMatching(
      /only RSA are turned away, as teo-free1 cannot be set again: it is a free one of EdgeOne's own/,
    ),
  ]);
  expect(warningFor(of("rsaold01", "RSA", { notAfter: "2026-04-01T12:00:00.000Z" }))).toEqual([
    expect.stringContaining("rsaold01 cannot be set again: it expires 2026-04-01T12:00:00.000Z"),
  ]);
});
