import { afterEach, describe, expect, it } from "vitest";
import { presented, Servers } from "./servers.js";
import { domain, lookAt, material, sha256, tls12, tls13 } from "./support.js";

const { authority, upper, middle, foreignRoot, leaf } = material;

const servers = new Servers();
afterEach(() => servers.close());

const elsewhere = await authority.issue({ name: "www.example.net", by: middle });
const withFaults = await authority.issue({ name: "www.example.net", to: authority.inDays(-1) });
const cases = [
  ["expired", presented(await leaf({ to: authority.inDays(-1) }), middle, upper), /^expired on \d{4}-\d\d-\d\d$/],
  ["not yet valid", presented(await leaf({ from: authority.inDays(1) }), middle, upper), /^not valid before/],
  ["self-signed", presented(await authority.issue({ name: domain })), /^self-signed$/],
  [
    "without its intermediate",
    presented(material.now),
    /^the intermediate is missing: the issuer CN=Issuing CA was not sent$/,
  ],
  [
    "without the upper of two intermediates",
    presented(material.now, middle),
    /^the chain ends at an issuer that was not sent and is not a trusted root: CN=Policy CA$/,
  ],
  [
    "under a root that is not trusted",
    presented(await authority.issue({ name: domain, by: foreignRoot }), foreignRoot),
    /^its root is not trusted \(CN=Foreign Root\)$/,
  ],
  ["for another name", presented(elsewhere, middle, upper), /^it does not cover www\.example\.com$/],
  [
    "with a common name only",
    presented(await leaf({ names: [] }), middle, upper),
    /^it does not cover www\.example\.com$/,
  ],
  ["with a short key", presented(await leaf({ kind: "RSA-1024" }), middle, upper), /^has a short key \(RSA 1024\)$/],
  ["with several faults", presented(withFaults), /^expired on .*; self-signed; it does not cover/],
] as const;

describe("a certificate that no public client trusts", () => {
  it.each(cases)("is told: %s", async (_name, what, why) => {
    for (const version of [tls12, tls13]) {
      const { certificates } = await lookAt(await servers.tls(what, { ...version, ciphers: "DEFAULT:@SECLEVEL=0" }));
      expect(certificates).toMatchObject([{ trusted: false, distrust: expect.stringMatching(why) }]);
    }
  });

  it("is shown by a server that asks visitors for one of their own", async () => {
    const what = presented(material.now, middle, upper);
    const running = await servers.tls(what, { ...tls12, requestCert: true, rejectUnauthorized: true });
    const { certificates } = await lookAt(running);
    expect(certificates).toMatchObject([{ sha256: sha256(material.now) }]);
  });

  it("is told in advance: a chain that ends before its leaf", async () => {
    const ending = await authority.issue({ name: "Ending CA", ca: true, by: upper, to: authority.inDays(20) });
    const served = presented(await authority.issue({ name: domain, by: ending }), ending, upper);
    const { certificates } = await lookAt(await servers.tls(served));
    expect(certificates).toMatchObject([{ trusted: true, chainEnds: authority.inDays(20).toISOString() }]);
    const { certificates: whole } = await lookAt(await servers.tls(presented(material.now, middle, upper)));
    expect(whole[0]).not.toHaveProperty("chainEnds");
  });

  it("expires by the clock that is given", async () => {
    const running = await servers.tls(presented(material.now, middle, upper));
    const { certificates } = await lookAt(running, { now: () => authority.inDays(91) });
    expect(certificates).toMatchObject([{ trusted: false, daysLeft: -1, distrust: expect.stringMatching(/^expired/) }]);
  });
});
