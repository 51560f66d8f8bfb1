import { describe, expect, it } from "vitest";
import { readReply } from "../../src/catalogue/documented-reply.js";
import { describeAccelerationDomains } from "../../src/catalogue/tencent-edgeone/describe-acceleration-domains.js";
import { listedFor, listingOf } from "../../src/catalogue/tencent-edgeone/listed-hosts.js";

const listed = (Certificate: unknown, DomainName = "www.example.com", host = DomainName) => {
  const reply = { TotalCount: 1, AccelerationDomains: [{ ZoneId: "zone-1", DomainName, Certificate }] };
  const read = readReply(describeAccelerationDomains, reply);
  return read && listedFor("zone-1", host, read);
};

describe("the certificates that a site lists for a host", () => {
  it.each([
    ["RSA 2048", "RSA"],
    ["RSA", "RSA"],
    ["ECC 256", "ECDSA"],
    ["ecc", "ECDSA"],
    ["SM2", "SM2"],
    // How the authority signed says nothing of the key.
    ["sha256WithRSAEncryption", undefined],
    ["", undefined],
    [null, undefined],
  ])("with SignAlgo %j have the kind of key %j", (SignAlgo, algorithm) => {
    expect(listed({ Mode: "sslcert", List: [{ CertId: "abcd1234", SignAlgo }] })).toEqual([
      { id: "abcd1234", algorithm, failed: false },
    ]);
  });

  it.each([
    ["deployed", false],
    ["Processing", false],
    ["issued", true],
    ["Failed", true],
  ])("in the state %s: could not be put into force is %j", (Status, failed) => {
    expect(listed({ Mode: "sslcert", List: [{ CertId: "abcd1234", Status }] })).toMatchObject([{ failed }]);
  });

  it("are none only where its mode says so", () => {
    expect(listed({ Mode: "disable", List: null })).toEqual([]);
    for (const untold of [null, {}, { Mode: "sslcert", List: null }, { Mode: "", List: [] }]) {
      expect(listed(untold)).toBe("its certificates are not listed");
    }
  });

  it("are not told where one has no id: it would be lost", () => {
    expect(listed({ Mode: "sslcert", List: [{ CertId: "abcd1234" }, { SignAlgo: "SM2" }] })).toBe(
      "its certificates are not listed",
    );
  });

  it("are found however the list spells the host, and are not those of another", () => {
    const one = { Mode: "sslcert", List: [{ CertId: "abcd1234" }] };
    expect(listed(one, "例.Example.com", "xn--fsq.example.com")).toHaveLength(1);
    expect(listed(one, "other.example.com", "www.example.com")).toBe("the host is not listed");
  });
});

it("hosts of a site are read together, as many as a filter takes", () => {
  const hosts = Array.from({ length: 21 }, (_, index) => `h${index}.example.com`);
  const reads = new Set(hosts.map((host) => JSON.stringify(listingOf("zone-1", host, hosts))));
  expect(reads.size).toBe(2);
  expect(listingOf("zone-1", "h20.example.com", hosts).Filters).toEqual([
    { Name: "domain-name", Values: ["h20.example.com"] },
  ]);
  expect(listingOf("zone-1", "www.example.com", []).Filters).toEqual([
    { Name: "domain-name", Values: ["www.example.com"] },
  ]);
});
