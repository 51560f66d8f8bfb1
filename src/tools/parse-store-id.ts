import { type CasRegion, casRegions } from "../catalogue/alibaba-cas/stores.js";

/* Ids of the stores are told from ids of Tencent Cloud SSL by their form (docs/cloud-behaviour.md 5.6, 6.5). */

/** Where a certificate is stored, and by which id. */
export type IdInStore = { readonly cas: number; readonly region?: CasRegion | undefined } | { readonly scm: string };

/** Undefined for an id of Tencent Cloud SSL. */
export function storeIdIn(id: string): IdInStore | undefined {
  if (/^scs\d{13}$/.test(id)) return { scm: id };
  const [, number, region] = /^(\d{1,15})(?:-(cn-hangzhou|ap-southeast-1))?$/.exec(id) ?? [];
  return number === undefined ? undefined : { cas: Number(number), region: casRegions.find((each) => each === region) };
}
