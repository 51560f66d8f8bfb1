import { beforeAll, describe, expect, it } from "vitest";
import type { TlsReport } from "../../../src/tls-check/tls-check.js";
import { addressesServing, StubEdge } from "../../tools/support.js";
import { TestCloud, told } from "./support.js";

describe("what the edges serve of a certificate that is to be revoked", () => {
  const host = "blog.example.com";
  const other = "a".repeat(64);
  let cloud: TestCloud;
  beforeAll(async () => {
    cloud = await TestCloud.open();
  });

  async function plan(tlsReport: TlsReport) {
    const edge = new StubEdge();
    edge.serve(host, () => tlsReport);
    const id = cloud.certificateFor(host);
    const { rows, facts } = told(await cloud.found("RevokeCertificate", { CertificateId: id }, { tlsCheck: edge }));
    return {
      servedBy: rows.find(({ aspect }) => aspect === "served by")?.now,
      notSeen: facts.flatMap(([name, value]) => (name.endsWith("not seen") ? [value] : [])),
    };
  }

  it("is all told where every address answered", async () => {
    expect(await plan(addressesServing(host, other, other))).toEqual({
      servedBy: "none of the domains looked at (1)",
      notSeen: [],
    });
  });

  it("names an address that could not be reached beside one that answered", async () => {
    const { addresses } = addressesServing(host, other);
    const dead = { address: "2001:db8::9", certificates: [], unreached: true as const, problem: "It does not answer." };
    expect(await plan({ domain: host, addresses: [...addresses, dead] })).toEqual({
      servedBy: "none of the domains looked at (1)",
      notSeen: ["blog.example.com: 2001:db8::9: It does not answer."],
    });
  });

  it("names clients for which it could not be seen what they get", async () => {
    const addresses = addressesServing(host, other).addresses.map((each) => ({
      ...each,
      unseen: ["RSA only, TLS 1.2"] as const,
      problem: "What these clients get could not be seen: RSA only, TLS 1.2.",
    }));
    expect((await plan({ domain: host, addresses })).notSeen).toEqual([
      "blog.example.com: 192.0.2.1: What these clients get could not be seen: RSA only, TLS 1.2.",
    ]);
  });

  it("says that not all addresses were looked at", async () => {
    const tlsReport = { ...addressesServing(host, other), problem: "Only 16 of 20 addresses were looked at." };
    expect((await plan(tlsReport)).notSeen).toEqual(["blog.example.com: Only 16 of 20 addresses were looked at."]);
  });
});
