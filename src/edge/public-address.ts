import ipaddr from "ipaddr.js";

/** All that is handed out for the open internet in IPv6 (IANA, IPv6 Global Unicast Address Assignments). */
const globalUnicast = ipaddr.IPv6.parseCIDR("2000::/3");

/** An address in the one form in which it is checked, shown and connected to; IPv4 inside IPv6 is taken out. */
export function canonicalAddress(address: string): string {
  return ipaddr.process(address).toString();
}

/** Whether the address is one of the open internet. `kind` says what it is instead, in words. */
export function publicity(address: string): { readonly isPublic: true } | { readonly isPublic: false; kind: string } {
  const parsed = ipaddr.process(address);
  const range = parsed.range();
  if (range !== "unicast") return { isPublic: false, kind: inWords[range] ?? `a ${range} address` };
  // ipaddr.js calls unicast what no registry entry forbids, such as ::127.0.0.1 of the time before ::ffff:0:0/96.
  if (parsed instanceof ipaddr.IPv6 && !parsed.match(globalUnicast)) {
    return { isPublic: false, kind: "an address outside of what is handed out" };
  }
  return { isPublic: true };
}

const inWords: Readonly<Partial<Record<string, string>>> = {
  private: "a private address",
  uniqueLocal: "a private address",
  loopback: "a loopback address",
  linkLocal: "a link-local address",
  carrierGradeNat: "an address of a carrier's own network",
  unspecified: "the unspecified address",
};
