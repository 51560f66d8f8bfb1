import { packageTypes } from "../../catalogue/tencent-ssl/package-types.js";

/** What the cloud sells. */
export interface Product {
  readonly id: number;
  readonly name: string;
  /** Who vouches: the owner of the domain, the organisation, or the organisation after an extended check. */
  readonly level: "DV" | "OV" | "EV";
  readonly wildcard: boolean;
  readonly multiDomain: boolean;
  readonly free: boolean;
  /** CA that an order goes to, in the words of the member From. */
  readonly source: "trustasia" | "wosign";
}

/** The one product that ApplyCertificate gives out. */
export const freeProduct: Product = { ...described(83, "TrustAsia C1 DV Free"), free: true };

/** Documented: what CreateCertificate takes; the package types go on before and behind it. */
const firstPaid = 3;
const lastPaid = 61;

/** The paid product; undefined for the Chinese SM2 ones, whose keys this process cannot make. */
export function paidProduct(id: number): Product | undefined {
  const name = packageTypes.get(String(id));
  return name === undefined || id < firstPaid || id > lastPaid || name.endsWith(" SM")
    ? undefined
    : described(id, name);
}

/** Level and reach of a product stand in its name. */
function described(id: number, name: string): Product {
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
