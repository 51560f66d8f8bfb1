import { unlessThrown } from "../lib/failure.js";
import { derTags, type Element, elements, oidOf, primitiveContextTag, sequenceMembers } from "./der.js";

/* Extensions of certificates and signing requests (RFC 5280). */

export const extensionIds = {
  alternativeNames: "2.5.29.17",
  /** Signed certificate timestamps of Certificate Transparency (RFC 6962). */
  timestamps: "1.3.6.1.4.1.11129.2.4.2",
  authorityAccess: "1.3.6.1.5.5.7.1.1",
  keyUsage: "2.5.29.15",
  /** What a server has to do, for example OCSP stapling (RFC 7633). */
  tlsFeature: "1.3.6.1.5.5.7.1.24",
  /** Marks a precertificate, issued only for the logs of Certificate Transparency (RFC 6962, 3.1). */
  poison: "1.3.6.1.4.1.11129.2.4.3",
} as const;

interface Extension {
  readonly content: Buffer;
  /** Clients that do not know it must refuse the certificate. */
  readonly critical: boolean;
}

/** By object identifier. */
export type Extensions = ReadonlyMap<string, Extension>;

/** From the members of an Extensions sequence: an identifier, an optional `critical`, and the content. */
export function extensionsIn(list: readonly Element[]): Extensions {
  return new Map(
    list.map(({ content }) => {
      const [id, ...rest] = elements(content);
      const value = rest.find(({ tag }) => tag !== derTags.boolean);
      const critical = rest.some(({ tag, content: flag }) => tag === derTags.boolean && flag[0] !== 0);
      return [oidOf(id), { content: value?.content ?? Buffer.alloc(0), critical }] as const;
    }),
  );
}

/** The members of an extension that is a sequence; empty if absent or damaged, so the rest can still be read. */
function membersOf(extensions: Extensions, id: string): readonly Element[] {
  const { content } = extensions.get(id) ?? {};
  return (content && unlessThrown(() => sequenceMembers(content))) ?? [];
}

/** The subject's DNS names and IP addresses. */
export function alternativeNames(extensions: Extensions): { dns: string[]; addresses: string[] } {
  const members = membersOf(extensions, extensionIds.alternativeNames);
  const dns = members.flatMap(({ tag, content }) => (tag === primitiveContextTag(2) ? [content.toString("utf8")] : []));
  const addresses = members.flatMap(({ tag, content }) => (tag === primitiveContextTag(7) ? [content] : []));
  const isAddress = ({ length }: Buffer) => length === 4 || length === 16;
  // A network, with its mask, is not an address: it goes with the other entries.
  const others = addresses.filter((bytes) => !isAddress(bytes)).map((bytes) => `IP ${bytes.toString("hex")}`);
  return { dns: [...dns, ...others], addresses: addresses.filter(isAddress).map(addressOf) };
}

const usageNames = [
  "digitalSignature",
  "nonRepudiation",
  "keyEncipherment",
  "dataEncipherment",
  "keyAgreement",
  "keyCertSign",
  "cRLSign",
  "encipherOnly",
  "decipherOnly",
] as const;
export type KeyUsage = (typeof usageNames)[number];

/** What the key may be used for; undefined if not limited. */
export function keyUsage(extensions: Extensions): ReadonlySet<KeyUsage> | undefined {
  const { content } = extensions.get(extensionIds.keyUsage) ?? {};
  if (content === undefined) return undefined;
  // A BIT STRING: tag, length, number of unused bits in the last byte, then the bits from the left.
  const bits = content.subarray(3);
  return new Set(usageNames.filter((_, bit) => ((bits[bit >> 3] ?? 0) & (0x80 >> (bit & 7))) !== 0));
}

/** Extensions of a certificate that clients know. */
const known: ReadonlySet<string> = new Set([
  ...Object.values(extensionIds),
  ...["14", "18", "19", "30", "31", "32", "33", "35", "36", "37", "46", "54"].map((last) => `2.5.29.${last}`),
]);

/** Critical extensions that clients do not know, for which every client must refuse the certificate. */
export function unknownCriticalExtensions(extensions: Extensions): readonly string[] {
  return [...extensions].flatMap(([id, { critical }]) => (critical && !known.has(id) ? [id] : []));
}

/** Addresses where the issuer provides information about the certificate. */
export function authorityAccess(extensions: Extensions): { ocsp: string[]; caIssuers: string[] } {
  const access = membersOf(extensions, extensionIds.authorityAccess).map(({ content: entry }) => {
    const [method, place] = elements(entry);
    return {
      method: oidOf(method),
      url: place?.tag === primitiveContextTag(6) ? place.content.toString("latin1") : "",
    };
  });
  const urls = (wanted: string) => access.flatMap(({ method, url }) => (method === wanted && url !== "" ? [url] : []));
  return { ocsp: urls("1.3.6.1.5.5.7.48.1"), caIssuers: urls("1.3.6.1.5.5.7.48.2") };
}

/** IPv6 in its shortest form, as `URL` writes it. */
function addressOf(bytes: Buffer): string {
  if (bytes.length === 4) return bytes.join(".");
  const groups = bytes.toString("hex").match(/.{1,4}/g) ?? [];
  return new URL(`http://[${groups.join(":")}]`).hostname.slice(1, -1);
}
