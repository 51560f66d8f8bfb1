import { BlockList, isIPv4 } from "node:net";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { NetworkTlsCheck } from "../../src/tls-check/network-check.js";
import { canonicalAddress, nonPublicKind } from "../../src/tls-check/public-address.js";
import { servedAs } from "../../src/tls-check/served.js";
import type { TlsCheckOptions } from "../../src/tls-check/tls-check.js";
import { runs } from "../support/width.js";
import { attemptsDuring } from "./servers.js";
import { domain, never, now } from "./support.js";

/** In the range of public addresses, and given to nobody: whoever connects there finds no route, or no answer. */
const unassigned = "3fe0::1";
const unassignedToo = "3fe0::2";

function edgeWith(more: Partial<TlsCheckOptions>): NetworkTlsCheck {
  return new NetworkTlsCheck({
    overrides: [],
    domains: [],
    allowPrivate: false,
    timeout: 250,
    now: () => now,
    ...more,
  });
}

/** What IANA's registries of special-purpose addresses hold back, written down apart from the library in use. */
const notPublic = new BlockList();
for (const subnet of [
  "0.0.0.0/8",
  "10.0.0.0/8",
  "100.64.0.0/10",
  "127.0.0.0/8",
  "169.254.0.0/16",
  "172.16.0.0/12",
  "192.0.0.0/24",
  "192.0.2.0/24",
  "192.88.99.0/24",
  "192.168.0.0/16",
  "198.18.0.0/15",
  "198.51.100.0/24",
  "203.0.113.0/24",
  "224.0.0.0/3",
  "168.63.129.16/32",
  "199.36.153.4/30",
  "199.36.153.8/30",
  "161.26.0.0/16",
  "166.8.0.0/14",
]) {
  const [net = "", prefix] = subnet.split("/");
  notPublic.addSubnet(net, Number(prefix), "ipv4");
}
for (const subnet of ["2001::/23", "2001:db8::/32", "2002::/16", "3fff::/20", "3ffe::/16", "2620:4f:8000::/48"]) {
  const [net = "", prefix] = subnet.split("/");
  notPublic.addSubnet(net, Number(prefix), "ipv6");
}
const handedOut = new BlockList();
handedOut.addSubnet("2000::", 3, "ipv6");

const isHeldBack = (address: string) =>
  isIPv4(address)
    ? notPublic.check(address, "ipv4")
    : !handedOut.check(address, "ipv6") || notPublic.check(address, "ipv6") || isatap.test(address);

/** The lower half of an address that a tunnel of RFC 5214 takes to IPv4; Node writes groups without leading zeros. */
const isatap = /:(?:0|[123]00)?:5efe:[\da-f]+:[\da-f]+$/;

const byte = fc.integer({ min: 0, max: 255 });
const hex = (value: number) => value.toString(16);
/** Beginnings of ranges that are held back, so that the draws hit them. */
const v4 = fc
  .tuple(
    fc.oneof(byte, fc.constantFrom(0, 10, 100, 127, 161, 166, 168, 169, 172, 192, 198, 199, 203, 224, 240, 255)),
    byte,
    byte,
    byte,
  )
  .map((bytes) => bytes.join("."));
const group = fc.integer({ min: 0, max: 0xffff });
const firstGroup = fc.constantFrom(
  0,
  0x64,
  0x100,
  0x2001,
  0x2002,
  0x2606,
  0x3ffe,
  0x3fff,
  0x5f00,
  0xfc00,
  0xfe80,
  0xfec0,
  0xff02,
);
const v6 = fc
  .tuple(fc.oneof(group, firstGroup), ...Array.from({ length: 7 }, () => fc.oneof(group, fc.constant(0))))
  .map((groups) => groups.map(hex).join(":"));

describe("an address", () => {
  it("passes for public only if no registry holds it back", () => {
    fc.assert(
      fc.property(fc.oneof(v4, v6), (address) => {
        const plain = canonicalAddress(address);
        if (nonPublicKind(address) === undefined) expect(isHeldBack(plain)).toBe(false);
      }),
      { numRuns: runs(2_000, 20_000) },
    );
  });

  it("is not refused when it is an ordinary one", () => {
    for (const address of ["8.8.8.8", "1.1.1.1", "119.28.1.1", "2606:4700::1111", "2400:3200::1", "2a00:1450::1"]) {
      expect(nonPublicKind(address)).toBeUndefined();
    }
  });

  it("is the same inside IPv6 as outside", () => {
    fc.assert(
      fc.property(v4, (address) => {
        const bytes = address.split(".").map(Number);
        const [a = 0, b = 0, c = 0, d = 0] = bytes;
        for (const mapped of [`::ffff:${address}`, `0:0:0:0:0:FFFF:${hex(a * 256 + b)}:${hex(c * 256 + d)}`]) {
          expect(canonicalAddress(mapped)).toBe(address);
          expect(nonPublicKind(mapped)).toBe(nonPublicKind(address));
        }
        // Forms that lead to IPv4 by other ways: compatible, translated, NAT64, 6to4.
        const tail = `${hex(a * 256 + b)}:${hex(c * 256 + d)}`;
        for (const wrapped of [`::${tail}`, `::ffff:0:${tail}`, `64:ff9b::${tail}`, `2002:${tail}::`]) {
          expect(nonPublicKind(wrapped)).toBeDefined();
        }
      }),
    );
  });
});

describe("a name that resolves", () => {
  it("to private addresses only is not connected to", async () => {
    const addresses = [
      "10.0.0.8",
      "127.0.0.1",
      "169.254.169.254",
      "100.100.100.200",
      "fd00::1",
      "::1",
      "::ffff:10.0.0.9",
    ];
    const edge = edgeWith({ resolve: async () => addresses });
    const attempts = await attemptsDuring(async () => {
      const look = await edge.inspect(domain, { signal: never });
      expect(look.addresses.map(({ address }) => address)).toEqual([...addresses.slice(0, -1), "10.0.0.9"]);
      for (const each of look.addresses) {
        expect(each).toMatchObject({
          certificates: [],
          problem: expect.stringMatching(/^Not connected to: it is an? /),
        });
      }
      expect(look.addresses[2]?.problem).toMatch(/link-local address/);
      expect(servedAs(look, { sha256: "0".repeat(64) })).toBe("unreachable");
    });
    expect(attempts).toEqual([]);
  });

  it("to a private address is connected to where the operator wants it, on the port of HTTPS", async () => {
    const edge = edgeWith({ resolve: async () => ["127.0.0.1"], allowPrivate: true });
    const attempts = await attemptsDuring(() => edge.inspect(domain, { signal: never }));
    expect(attempts[0]).toBe("127.0.0.1 443");
  });

  it("to a public and a private address: only the public one is connected to, and the other told", async () => {
    const edge = edgeWith({ resolve: async () => ["192.168.1.1", unassigned] });
    const attempts = await attemptsDuring(async () => {
      const { addresses } = await edge.inspect(domain, { signal: never });
      expect(addresses.map(({ address, unreached }) => [address, unreached])).toEqual([
        [unassigned, true],
        ["192.168.1.1", true],
      ]);
      expect(addresses[1]?.problem).toMatch(/it is a private address/);
    });
    expect(attempts).toEqual([`${unassigned} 443`]);
  });

  it("to something else a moment later is connected to as it was checked", async () => {
    const answers = [[unassigned], ["127.0.0.1"], ["127.0.0.1"]];
    const edge = edgeWith({ resolve: async () => answers.shift() ?? ["127.0.0.1"] });
    const attempts = await attemptsDuring(() => edge.inspect(domain, { signal: never }));
    expect(attempts).toEqual([`${unassigned} 443`]);
    expect(answers).toHaveLength(2);
  });

  it("to nothing is told", async () => {
    const missing = Object.assign(new Error("getaddrinfo ENOTFOUND"), { code: "ENOTFOUND" });
    const silent = new Promise<readonly string[]>(() => {});
    const cases: [TlsCheckOptions["resolve"], RegExp][] = [
      [() => Promise.reject(missing), /does not exist in DNS/],
      [
        () => Promise.reject(Object.assign(new Error("x"), { code: "EAI_AGAIN" })),
        /could not be queried \(EAI_AGAIN\)/,
      ],
      [async () => [], /has no address/],
      [() => silent, /no answer within 0\.25 s/],
    ];
    for (const [resolve, why] of cases) {
      const look = await edgeWith(resolve ? { resolve } : {}).inspect(domain, { signal: never });
      expect(look).toEqual({ domain, at: now.toISOString(), addresses: [], problem: expect.stringMatching(why) });
      expect(servedAs(look, { sha256: "0".repeat(64) })).toBe("unreachable");
    }
  });

  it("to very many addresses is looked at in part, and that is told", async () => {
    const many = Array.from({ length: 40 }, (_, index) => `10.0.0.${index}`);
    const look = await edgeWith({ resolve: async () => [...many, ...many] }).inspect(domain, { signal: never });
    expect(look.addresses).toHaveLength(16);
    expect(look.problem).toBe("Only 16 of its 40 addresses were looked at.");
  });

  it("while the call is taken back, not at all", async () => {
    const controller = new AbortController();
    const resolve = () => {
      controller.abort();
      return new Promise<readonly string[]>(() => {});
    };
    const attempts = await attemptsDuring(() =>
      expect(edgeWith({ resolve }).inspect(domain, { signal: controller.signal })).rejects.toMatchObject({
        details: { kind: "cancelled" },
      }),
    );
    expect(attempts).toEqual([]);
  });

  it("through the resolver of this machine where none is given", async () => {
    const look = await edgeWith({}).inspect("nothing-here.invalid", { signal: never });
    expect(look.addresses).toEqual([]);
    expect(look.problem).toMatch(/DNS/);
  });
});

describe("an address that the caller names", () => {
  it("is checked like any other", async () => {
    const edge = edgeWith({ resolve: () => Promise.reject(new Error("not asked")) });
    const attempts = await attemptsDuring(async () => {
      for (const address of ["127.0.0.1", "::ffff:127.0.0.1", "169.254.169.254", "fe80::1%lo"]) {
        const look = await edge.inspect(domain, { signal: never, address });
        expect(look.addresses).toMatchObject([
          { certificates: [], problem: expect.stringMatching(/^Not connected to/) },
        ]);
      }
      await edge.inspect(domain, { signal: never, address: unassignedToo });
    });
    expect(attempts).toEqual([`${unassignedToo} 443`]);
  });

  it.each(["localhost", "127.1", "0x7f000001", "2130706433", "8.8.8.8:80", "[::1]", ""])(
    "is none: %s",
    async (address) => {
      await expect(edgeWith({}).inspect(domain, { signal: never, address })).rejects.toMatchObject({
        details: { kind: "input", happened: expect.stringMatching(/is not an IP address/) },
      });
    },
  );
});

describe("a domain", () => {
  const asked: string[] = [];
  const edge = edgeWith({
    resolve: async (host) => {
      asked.push(host);
      return [];
    },
  });

  it.each(["*.example.com", ".example.com", "*"])("that is a pattern cannot be looked at: %s", async (pattern) => {
    await expect(edge.inspect(pattern, { signal: never })).rejects.toMatchObject({
      details: {
        kind: "input",
        happened: expect.stringMatching(/stands for many names/),
        next: expect.stringMatching(/Name a host/),
      },
    });
  });

  it.each([
    ["*.cdn.example.com", ", such as www.cdn.example.com if"],
    [".cdn.example.com", ", such as www.cdn.example.com if"],
    ["*", "Name a host that it covers."],
  ])("is answered with a host that it does cover: %s", async (pattern, said) => {
    await expect(edge.inspect(pattern, { signal: never })).rejects.toMatchObject({
      details: { next: expect.stringContaining(said) },
    });
  });

  it.each([
    "",
    "localhost",
    "127.0.0.1",
    "127.1",
    "0x7f.1",
    "[::1]",
    "::1",
    "example.com:8443",
    "https://example.com",
    "example.com/path",
    "example.com?x",
    "user@example.com",
    "ex%61mple.com",
    "a..example.com",
    "-a.example.com",
    "example.123",
    "exa mple.com",
    "example.com\r\nHost: x",
    `${"a".repeat(64)}.example.com`,
    `${"a.".repeat(130)}com`,
  ])("that is no host name is refused: %j", async (name) => {
    await expect(edge.inspect(name, { signal: never })).rejects.toMatchObject({
      details: { kind: "input", happened: expect.stringMatching(/is not the full name of a host/) },
    });
    expect(asked).toEqual([]);
  });

  it("goes into DNS as A-labels in lower case", async () => {
    const { domain: told } = await edge.inspect("Bücher.Example.COM.", { signal: never });
    expect([told, asked.splice(0)]).toEqual(["Bücher.Example.COM.", ["xn--bcher-kva.example.com"]]);
  });
});
