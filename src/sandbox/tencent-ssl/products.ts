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

/** Level and reach of a product stand in its name. */
const names: Readonly<Record<number, string>> = {
  3: "SecureSite EV Pro",
  4: "SecureSite EV",
  5: "SecureSite OV Pro",
  6: "SecureSite OV",
  7: "SecureSite OV wildcard",
  8: "GeoTrust EV",
  9: "GeoTrust OV",
  10: "GeoTrust OV wildcard",
  11: "TrustAsia DV multi-domain",
  12: "TrustAsia DV wildcard",
  13: "TrustAsia OV wildcard D3",
  14: "TrustAsia OV D3",
  15: "TrustAsia OV multi-domain D3",
  16: "TrustAsia EV D3",
  17: "TrustAsia EV multi-domain D3",
  18: "GlobalSign OV",
  19: "GlobalSign OV wildcard",
  20: "GlobalSign EV",
  21: "TrustAsia OV wildcard multi-domain D3",
  22: "GlobalSign OV multi-domain",
  23: "GlobalSign OV wildcard multi-domain",
  24: "GlobalSign EV multi-domain",
  25: "WoTrus DV",
  26: "WoTrus DV multi-domain",
  27: "WoTrus DV wildcard",
  28: "WoTrus OV",
  29: "WoTrus OV multi-domain",
  30: "WoTrus OV wildcard",
  31: "WoTrus EV",
  32: "WoTrus EV multi-domain",
  42: "TrustAsia DV wildcard multi-domain",
  43: "DNSPod OV",
  44: "DNSPod OV wildcard",
  45: "DNSPod OV multi-domain",
  46: "DNSPod EV",
  47: "DNSPod EV multi-domain",
  48: "DNSPod DV",
  49: "DNSPod DV wildcard",
  50: "DNSPod DV multi-domain",
  57: "SecureSite OV Pro multi-domain",
  58: "SecureSite OV multi-domain",
  59: "SecureSite EV Pro multi-domain",
  60: "SecureSite EV multi-domain",
  61: "GeoTrust EV multi-domain",
};

/** The one product that ApplyCertificate gives out. */
export const freeProduct: Product = { ...described(83, "TrustAsia C1 DV Free"), free: true };

/** The paid product; undefined for the Chinese SM2 ones (33-41, 51-56), whose keys this process cannot make. */
export function paidProduct(id: number): Product | undefined {
  const name = names[id];
  return name === undefined ? undefined : described(id, name);
}

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
