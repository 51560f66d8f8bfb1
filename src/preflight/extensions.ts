import { type Element, elements, inside, numberedValue, oidOf, tags } from "./der.js";

/** Extensions of certificates and signing requests (RFC 5280). */

export const extensionIds = {
  alternativeNames: "2.5.29.17",
  /** Signed certificate timestamps of Certificate Transparency (RFC 6962). */
  timestamps: "1.3.6.1.4.1.11129.2.4.2",
  authorityAccess: "1.3.6.1.5.5.7.1.1",
} as const;

/** Contents by object identifier. */
export type Extensions = ReadonlyMap<string, Buffer>;

/** Of the members of an Extensions sequence: an identifier, perhaps `critical`, and the content. */
export function extensionsIn(list: readonly Element[]): Extensions {
  return new Map(
    list.map(({ content }) => {
      const [id, ...rest] = elements(content);
      const value = rest.find(({ tag }) => tag !== tags.boolean);
      return [oidOf(id), value?.content ?? Buffer.alloc(0)] as const;
    }),
  );
}

/** DNS names and IP addresses for which the subject stands. */
export function alternativeNames(extensions: Extensions): string[] {
  const content = extensions.get(extensionIds.alternativeNames);
  if (content === undefined) return [];
  return inside(content).flatMap(({ tag, content: name }) => {
    if (tag === numberedValue(2)) return [name.toString("utf8")];
    return tag === numberedValue(7) ? [addressOf(name)] : [];
  });
}

/** Addresses at which the issuer answers about the certificate. */
export function authorityAccess(extensions: Extensions): { ocsp: string[]; caIssuers: string[] } {
  const content = extensions.get(extensionIds.authorityAccess);
  const access = (content === undefined ? [] : inside(content)).map(({ content: entry }) => {
    const [method, place] = elements(entry);
    return { method: oidOf(method), url: place?.tag === numberedValue(6) ? place.content.toString("latin1") : "" };
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
