import type { Account } from "../account.js";
import type { CertificateIssuer } from "../authority.js";
import { CertificateStore, daysFrom, domainServing, domainsByName, type KeyPair, plainDomain } from "../delivery.js";
import { issueBetween } from "./demo-certificate.js";

/** Certificates in the sandbox from the start, with the ids of the vendors' examples. */
export const seededCasIds = { "cn-hangzhou": "8089870", "ap-southeast-1": "12342707" } as const;

/** One that has ended, in the store in mainland China. */
export const expiredCasId = "7014962";

/** Domains and stored certificates; `img.example.com`, `app.example.com` and `vod.example.com` serve `storefront`. */
export async function seedAlibaba(
  authority: CertificateIssuer,
  now: Date,
  storefront: KeyPair,
): Promise<Pick<Account, "cdn" | "dcdn" | "vod" | "cas">> {
  const cas = { "cn-hangzhou": new CertificateStore(), "ap-southeast-1": new CertificateStore() };
  const [images, wildcard, former] = await Promise.all([
    issueBetween(authority, ["img.example.com", "vod.example.com"], now, -1, 180),
    issueBetween(authority, ["*.cdn.example.com", "*.example.com"], now, -1, 180),
    issueBetween(authority, ["img.example.com"], now, -400, -35),
  ]);
  cas["cn-hangzhou"].insert({ ...images, id: seededCasIds["cn-hangzhou"], name: "img-example-com-next" });
  cas["ap-southeast-1"].insert({ ...wildcard, id: seededCasIds["ap-southeast-1"], name: "wildcard-cdn-example-com" });
  cas["cn-hangzhou"].insert({ ...former, id: expiredCasId, name: "img-example-com-former" });
  const old = cas["cn-hangzhou"].add({ ...storefront, name: "img-example-com" });
  const monthAgo = daysFrom(now, -30);
  return {
    cdn: domainsByName(domainServing(old, "img.example.com", monthAgo), plainDomain(".cdn.example.com", monthAgo)),
    dcdn: domainsByName(domainServing(old, "app.example.com", monthAgo)),
    vod: domainsByName(domainServing(old, "vod.example.com", monthAgo)),
    cas,
  };
}
