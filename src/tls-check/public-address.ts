import ipaddr from "ipaddr.js";

/** All IPv6 space allocated for the public internet (IANA, IPv6 Global Unicast Address Assignments). */
const globalUnicast = ipaddr.IPv6.parseCIDR("2000::/3");

/**
 * Addresses that are not public hosts, although many look like it: IANA's special-purpose registries for IPv4 and IPv6,
 * as a table that can be compared with them; space that was returned; and addresses in public ranges that a cloud uses
 * only for its own machines. The first match names the kind.
 */
const notPublic: readonly (readonly [kind: string, ...ranges: readonly string[]])[] = [
  ["a private address", "10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "fc00::/7"],
  ["a loopback address", "127.0.0.0/8", "::1/128"],
  // Most clouds' metadata services are here; Alibaba's is in the carrier range and Oracle's in a reserved one.
  ["a link-local address", "169.254.0.0/16", "fe80::/10"],
  ["an address of a carrier's own network", "100.64.0.0/10"],
  ["the unspecified address", "0.0.0.0/32", "::/128"],
  ["a multicast address", "224.0.0.0/4", "ff00::/8"],
  ["an address for documentation", "192.0.2.0/24", "198.51.100.0/24", "203.0.113.0/24", "2001:db8::/32", "3fff::/20"],
  ["an address for benchmarks", "198.18.0.0/15", "2001:2::/48"],
  // 6to4, Teredo and the well-known NAT64 prefixes: each leads to an IPv4 address, which may be private.
  ["an address of a relay to IPv4", "192.88.99.0/24", "2002::/16", "2001::/32", "64:ff9b::/96", "64:ff9b:1::/48"],
  ["a reserved address", "0.0.0.0/8", "192.0.0.0/24", "240.0.0.0/4", "2001::/23", "100::/64", "fec0::/10", "5f00::/16"],
  ["an address of AS112 or AMT", "192.31.196.0/24", "192.175.48.0/24", "192.52.193.0/24", "2620:4f:8000::/48"],
  ["an address of the former 6bone", "3ffe::/16"],
  [
    "an address of a cloud's own network",
    "168.63.129.16/32", // Azure: its wire server, and its machines' DNS
    "199.36.153.4/30", // Google: restricted.googleapis.com
    "199.36.153.8/30", // Google: private.googleapis.com
    "161.26.0.0/16", // IBM: services of the private network
    "166.8.0.0/14", // IBM: service endpoints of the private network
  ],
];

const ranges = notPublic.flatMap(([kind, ...written]) =>
  written.map((range) => ({ kind, range: ipaddr.parseCIDR(range) })),
);

/** An address in the one form in which it is checked, shown and connected to; IPv4 inside IPv6 is extracted. */
export function canonicalAddress(address: string): string {
  return ipaddr.process(address).toString();
}

/** What the address is in words, if not one on the public internet; undefined if it is. */
export function nonPublicKind(address: string): string | undefined {
  const parsed = ipaddr.process(address);
  const listed = ranges.find(({ range }) => range[0].kind() === parsed.kind() && parsed.match(range));
  if (listed !== undefined) return listed.kind;
  if (parsed instanceof ipaddr.IPv6) {
    if (!parsed.match(globalUnicast)) return "an unallocated address";
    if (isIsatap(parsed)) return "an address of a tunnel to IPv4";
  }
  // Ranges that the library knows and the table does not.
  return parsed.range() === "unicast" ? undefined : "a reserved address";
}

/** Whether the lower half is an ISATAP interface identifier (RFC 5214), which embeds an IPv4 address. */
function isIsatap({ parts }: ipaddr.IPv6): boolean {
  const [fifth = 0, sixth = 0] = parts.slice(4);
  return (fifth & ~0x0300) === 0 && sixth === 0x5efe;
}
