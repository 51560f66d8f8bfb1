/** The sandbox renewal that both pictures show. */

export const successor = "storefront, next";

/** @returns the arguments that deploy `id` to two hosts of EdgeOne, one of them without HTTPS, and to a CDN */
export const deployment = (id) => ({
  certificate_id: id,
  targets: [
    { service: "tencent-edgeone", zone_id: "zone-sandboxdemo", domains: ["www.example.com", "shop.example.com"] },
    { service: "alibaba-cdn", domains: ["img.example.com"] },
  ],
  wait_seconds: 0,
});

/** Finds the certificates that the sites can use. @returns the id of the next one */
export function successorIn({ certificates }) {
  const found = certificates.find(({ alias }) => alias === successor);
  if (found === undefined) throw new Error(`the sandbox holds no certificate "${successor}"`);
  return found.certificate_id;
}

export const search = { domain: "www.example.com" };
