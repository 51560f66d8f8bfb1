import type { GivenHalves } from "../catalogue/certificate-arguments.js";
import { type Finding, finding } from "../catalogue/finding.js";
import { readBundle } from "../certificates/bundle.js";
import type { ParsedCertificate } from "../certificates/certificate.js";
import type { KeyUsage } from "../certificates/extensions.js";
import { safe, verbatim } from "../lib/safe-text.js";
import { describeUsage } from "./check-usage.js";

/** The key of an encryption certificate does one of these (GB/T 38636, TLCP). */
const encryptionUsages: readonly KeyUsage[] = ["keyEncipherment", "dataEncipherment", "keyAgreement"];

/** Whether two SM2 certificates are a pair: one for signing, the other for encryption, according to their key usage. */
export function checkSmHalves(given: GivenHalves): Finding[] {
  const [sign, enc] = [leafIn(given.sign.pem), leafIn(given.enc.pem)];
  if (sign === undefined || enc === undefined) return [];
  const [signName, encName] = [lastName(given.sign.parameter), lastName(given.enc.parameter)];
  const separate = "Get both certificates of the pair from the CA: one signs, the other encrypts.";
  const [signs, encrypts] = [maySign(sign), mayEncrypt(enc)];
  const found: Finding[] = [];
  const shared = sign.x509.raw.equals(enc.x509.raw)
    ? safe`${verbatim(signName)} and ${verbatim(encName)}: both halves are the same certificate.`
    : sign.publicKey.equals(enc.publicKey)
      ? safe`${verbatim(signName)} and ${verbatim(encName)}: both halves have the same key.`
      : undefined;
  if (shared !== undefined) {
    // A certificate for both works, though the standard does not provide for it.
    const verdict = signs && encrypts ? "warning" : "error";
    found.push(finding(given.enc.parameter, shared, verdict, separate));
  }
  const swapped = !signs && maySign(enc) && mayEncrypt(sign);
  const says = (half: string, { keyUsage = new Set() }: ParsedCertificate, lacks: string) =>
    `${half} has key usage ${describeUsage(keyUsage)}: ${swapped ? "the halves look swapped" : `it lacks ${lacks}`}.`;
  const next = swapped ? "Exchange the halves, each with its key." : separate;
  if (!signs) {
    found.push(finding(given.sign.parameter, says(signName, sign, "digitalSignature"), "error", next));
  }
  if (!encrypts) {
    found.push(finding(given.enc.parameter, says(encName, enc, "keyEncipherment"), "error", next));
  }
  return found;
}

/** Of a path such as `gm_certificate.sign_certificate`. */
function lastName(parameter: string): string {
  return parameter.slice(parameter.lastIndexOf(".") + 1);
}

function leafIn(pem: string | undefined): ParsedCertificate | undefined {
  const leaf = pem === undefined ? undefined : readBundle(pem)?.leaf;
  return leaf?.sm2 === true ? leaf : undefined;
}

/** A key usage that is not limited allows everything. */
function maySign({ keyUsage }: ParsedCertificate): boolean {
  return keyUsage === undefined || keyUsage.has("digitalSignature");
}

function mayEncrypt({ keyUsage }: ParsedCertificate): boolean {
  return keyUsage === undefined || encryptionUsages.some((usage) => keyUsage.has(usage));
}
