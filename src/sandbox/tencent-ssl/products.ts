import { packageTypes, productIds } from "../../catalogue/tencent-ssl/package-types.js";

/** A product that the cloud sells. */
export interface Product {
  readonly id: number;
  readonly name: string;
  /** Validation level: domain, organisation, or extended validation. */
  readonly level: "DV" | "OV" | "EV";
  readonly wildcard: boolean;
  readonly multiDomain: boolean;
  readonly free: boolean;
  /** The CA for an order, in the notation of the member From. */
  readonly source: "trustasia" | "wosign";
}

/** The only product of ApplyCertificate. */
export const freeProduct: Product = { ...productFrom(83, "TrustAsia C1 DV Free"), free: true };

/** The paid product; undefined for SM2 ones, whose keys this process cannot make. */
export function paidProduct(id: number): Product | undefined {
  const name = packageTypes.get(String(id));
  return name === undefined || !productIds.includes(id) || name.endsWith(" SM") ? undefined : productFrom(id, name);
}

/** Level and coverage are part of a product's name. */
function productFrom(id: number, name: string): Product {
  const words = name.split(" ");
  return {
    id,
    name,
    level: words.includes("EV") ? "EV" : words.includes("OV") ? "OV" : "DV",
    wildcard: words.includes("wildcard"),
    multiDomain: words.includes("multi-domain"),
    free: false,
    source: words.includes("WoTrus") ? "wosign" : "trustasia",
  };
}
