import type { CodeMeanings } from "../reply-fact-types.js";

/**
 * The product of each package type: brand, validation level (DV, OV or EV) and coverage; SM is Chinese cryptography.
 * The documents have gaps (docs/cloud-behaviour.md 3.9), and an uploaded certificate has no package type.
 */
const names: Readonly<Record<string, string>> = {
  2: "TrustAsia TLS RSA CA",
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
  33: "WoTrus DV SM",
  34: "WoTrus DV multi-domain SM",
  35: "WoTrus DV wildcard SM",
  37: "WoTrus OV SM",
  38: "WoTrus OV multi-domain SM",
  39: "WoTrus OV wildcard SM",
  40: "WoTrus EV SM",
  41: "WoTrus EV multi-domain SM",
  42: "TrustAsia DV wildcard multi-domain",
  43: "DNSPod OV",
  44: "DNSPod OV wildcard",
  45: "DNSPod OV multi-domain",
  46: "DNSPod EV",
  47: "DNSPod EV multi-domain",
  48: "DNSPod DV",
  49: "DNSPod DV wildcard",
  50: "DNSPod DV multi-domain",
  51: "DNSPod OV SM",
  52: "DNSPod OV wildcard SM",
  53: "DNSPod OV multi-domain SM",
  54: "DNSPod DV SM",
  55: "DNSPod DV wildcard SM",
  56: "DNSPod DV multi-domain SM",
  57: "SecureSite OV Pro multi-domain",
  58: "SecureSite OV multi-domain",
  59: "SecureSite EV Pro multi-domain",
  60: "SecureSite EV multi-domain",
  61: "GeoTrust EV multi-domain",
  75: "SecureSite OV",
  76: "SecureSite OV wildcard",
  77: "SecureSite EV",
  78: "GeoTrust OV",
  79: "GeoTrust OV wildcard",
  80: "GeoTrust EV",
  81: "GlobalSign OV",
  82: "GlobalSign OV wildcard",
  83: "TrustAsia C1 DV, free",
  85: "GlobalSign EV",
  88: "GlobalSign OV wildcard multi-domain",
  89: "GlobalSign OV multi-domain",
  90: "GlobalSign EV multi-domain",
  91: "GeoTrust EV multi-domain",
  92: "SecureSite OV Pro multi-domain",
  93: "SecureSite OV multi-domain",
  94: "SecureSite EV Pro multi-domain",
  95: "SecureSite EV multi-domain",
  96: "SecureSite EV Pro",
  97: "SecureSite OV Pro",
  98: "CFCA OV",
  99: "CFCA OV multi-domain",
  100: "CFCA OV wildcard",
  101: "CFCA EV",
  102: "Rapid DV",
  103: "Rapid DV wildcard",
  104: "TrustAsia DV single-domain",
  105: "SSL single-domain, one year",
};

export const packageTypes: CodeMeanings = new Map(Object.entries(names));

/** Package types that no list of products has: they are only in replies, and 83 is the free one. */
const notSold: ReadonlySet<number> = new Set([2, 78, 79, 80, 83, 91]);

/**
 * The products of CreateCertificate: 3 to 61 on the page, those from 75 on in the models of the mainland site
 * (docs/cloud-behaviour.md 3.9).
 */
export const productIds: readonly number[] = Object.keys(names)
  .map(Number)
  .filter((id) => !notSold.has(id));
