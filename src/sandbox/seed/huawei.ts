import type { Account } from "../account.js";
import type { CertificateIssuer } from "../authority.js";
import { CertificateStore, daysFrom, domainServing, domainsByName, type KeyPair } from "../delivery.js";
import { issueBetween } from "./demo-certificate.js";

/** A certificate in Cloud Certificate Manager from the start. */
export const seededScmId = "scs1600000000000";

/** What the domain serves from the start, and one that has ended. */
export const servedScmId = "scs1500000000000";
export const expiredScmId = "scs1400000000000";

/** A domain that serves `storefront` from the store, and a stored certificate that could replace it. */
export async function seedHuawei(
  authority: CertificateIssuer,
  now: Date,
  storefront: KeyPair,
): Promise<Pick<Account, "live" | "scm">> {
  const name = "play.example.com";
  const [pair, former] = await Promise.all([
    issueBetween(authority, [name], now, -1, 180),
    issueBetween(authority, [name], now, -400, -35),
  ]);
  const scm = new CertificateStore();
  scm.insert({ ...pair, id: seededScmId, name: "play-example-com" });
  scm.insert({ ...former, id: expiredScmId, name: "play-example-com-former" });
  const served = scm.insert({ ...storefront, id: servedScmId, name: "wildcard-example-com" });
  return { live: domainsByName(domainServing(served, name, daysFrom(now, -30))), scm };
}
