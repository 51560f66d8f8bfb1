import { describe, expect, it } from "vitest";
import { NetworkTlsCheck } from "../../src/tls-check/network-check.js";
import { nonPublicKind } from "../../src/tls-check/public-address.js";
import { startInitialized } from "../support/server-process.js";
import { attemptsDuring } from "./servers.js";

/** Addresses that look like public ones and are not: none is connected to, by whatever way it comes in. */

const never = new AbortController().signal;

const notPublic = [
  // Where clouds answer their own machines.
  "168.63.129.16",
  "169.254.169.254",
  "169.254.0.23",
  "100.100.100.200",
  "192.0.0.192",
  "fd00:ec2::254",
  "fd20:ce::254",
  "199.36.153.10",
  "161.26.0.10",
  "166.9.0.1",
  // The same, wrapped in IPv6.
  "::ffff:168.63.129.16",
  "::ffff:a83f:8110",
  "::168.63.129.16",
  "::ffff:0:168.63.129.16",
  "64:ff9b::168.63.129.16",
  "64:ff9b:1::a9fe:a9fe",
  "2002:a9fe:a9fe::1",
  "2002:c0a8:101::",
  "2001:0:4136:e378:8000:63bf:3fff:fdd2",
  // ISATAP under prefixes of the open internet, with either scope of its identifier.
  "2606:4700::5efe:10.0.0.1",
  "2606:4700::5efe:a9fe:a9fe",
  "2400:3200:1:2:200:5efe:7f00:1",
  "2a00:1450:0:0:0:5efe:808:808",
  "2a00:1450::300:5efe:808:808",
  "fe80::5efe:a9fe:a9fe",
  // Given back, held back, or for something else than hosts.
  "3ffe::1",
  "3ffe:ffff:ffff::1",
  "3fff::1",
  "3fff:fff::1",
  "5f00::1",
  "2001:db8::1",
  "2001:2::1",
  "2001:10::1",
  "2001:1::1",
  "100::1",
  "fec0::1",
  "ff0e::1",
  "192.88.99.1",
  "100.64.0.1",
  "100.127.255.255",
  "0.1.2.3",
  "198.18.0.1",
  "198.19.255.255",
  "240.0.0.1",
  "255.255.255.255",
  "203.0.113.7",
];

it.each(notPublic)("%s is not public", (address) => {
  expect(nonPublicKind(address)).toMatch(/^(?:an?|the) /);
});

describe("their neighbours", () => {
  it.each([
    "168.63.129.15",
    "168.63.129.17",
    "100.63.255.255",
    "100.128.0.1",
    "198.17.255.255",
    "198.20.0.1",
    "161.25.255.255",
    "199.36.153.12",
    "192.0.1.1",
    "2001:200::1",
    "2001:db7:ffff::1",
    "2003::1",
    "3ffd:ffff::1",
    "2606:4700::5eff:a00:1",
    "2606:4700::1:0:5efe:a00",
  ])("%s is one of the open internet", (address) => expect(nonPublicKind(address)).toBeUndefined());
});

it("a name that resolves to them, or an address that is named, is not connected to", async () => {
  const attempts = await attemptsDuring(async () => {
    const named = { overrides: [], domains: [], allowPrivate: false, timeout: 250, now: () => new Date() };
    for (let start = 0; start < notPublic.length; start += 16) {
      const addresses = notPublic.slice(start, start + 16);
      const look = await new NetworkTlsCheck({ ...named, resolve: async () => addresses }).inspect("a.example", {
        signal: never,
      });
      expect(look.addresses.every(({ problem }) => problem?.startsWith("Not connected to: it is a"))).toBe(true);
    }
    for (const address of notPublic) {
      const { addresses } = await new NetworkTlsCheck(named).inspect("a.example", { signal: never, address });
      expect(addresses).toMatchObject([{ certificates: [], unreached: true }]);
    }
  });
  expect(attempts).toEqual([]);
});

it("the tool refuses them too, for a host that the caller names", async () => {
  const server = await startInitialized([]);
  for (const address of ["168.63.129.16", "3ffe::1", "2606:4700::5efe:10.0.0.1", "2002:a9fe:a9fe::1"]) {
    const { text } = await server.call("check_served_certificate", { domains: ["www.example.com"], address });
    expect(text).toContain("Not connected to: it is a");
  }
  server.child.kill("SIGKILL");
});
