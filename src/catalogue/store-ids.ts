import { formatId, type SafeText, safe, titled } from "../lib/safe-text.js";
import { type CasRegion, casRegions } from "./alibaba-cas/stores.js";
import { alibabaCas, huaweiScm, tencentSsl } from "./services.js";

/* Ids of the stores are told from ids of Tencent Cloud SSL by their form (docs/cloud-behaviour.md 5.6, 6.5). */

/** Where a certificate is stored, and by which id. */
export type IdInStore = { readonly cas: number; readonly region?: CasRegion | undefined } | { readonly scm: string };

/** Undefined for an id of Tencent Cloud SSL. */
export function storeIdIn(id: string): IdInStore | undefined {
  if (/^scs\d{13}$/.test(id)) return { scm: id };
  const [, number, region] = /^(\d{1,15})(?:-(cn-hangzhou|ap-southeast-1))?$/.exec(id) ?? [];
  return number === undefined ? undefined : { cas: Number(number), region: casRegions.find((each) => each === region) };
}

/** Says of which other store an id is; undefined if it has the form of none. Some may be of Tencent Cloud SSL all the same. */
export function describeOtherStore(id: string): SafeText | undefined {
  const store = storeIdIn(id);
  if (store === undefined) return undefined;
  const { title } = "scm" in store ? huaweiScm : alibabaCas;
  return safe`By its form, ${formatId(id)} is an id of ${titled(title)}; only ids of ${titled(tencentSsl.title)} are taken here`;
}

/** What to do with the id of another store. */
export const otherStoreNext = safe`deploy_certificate takes the ids of every store; anything else is done in the console of that store's cloud.`;
