import { type Finding, finding } from "../catalogue/finding.js";
import type { GivenKey, KeyVerdicts } from "../catalogue/material.js";
import type { Bundle } from "../certificates/bundle.js";
import { fits, type KeyObstacle, onlyClaimsToFit, openPrivateKey } from "../certificates/private-key.js";
import { ownWords, type SafeText, safe } from "../lib/escape-text.js";

/** Whether the key can be opened and belongs to the first certificate. */
export function checkKey(given: GivenKey, { leaf, certificates }: Bundle, verdicts: KeyVerdicts): Finding[] {
  const { parameter, pem, password } = given;
  const key = openPrivateKey(pem, password?.value);
  if (typeof key === "string") {
    return [finding(parameter, obstacleInWords(key, password?.parameter), verdicts.badKey, nextAfter(key))];
  }
  if (fits(leaf, key)) return [];
  if (onlyClaimsToFit(leaf, key)) {
    const says = safe`The private key is damaged or was altered: it states the certificate's public half, but is not its key.`;
    return [finding(parameter, says, verdicts.mismatch, "Take the key from where it was made.")];
  }
  const owner = certificates.findIndex((certificate) => fits(certificate, key));
  const says =
    owner > 0
      ? safe`The private key belongs to certificate ${owner + 1} of the chain, so the leaf is not first.`
      : safe`The private key does not belong to the certificate.`;
  const next =
    owner > 0
      ? `Put certificate ${owner + 1} first, after it its issuer, and so on.`
      : "Name the key whose CSR the certificate was issued for, or the certificate of this key.";
  return [finding(parameter, says, verdicts.mismatch, next)];
}

function nextAfter(obstacle: KeyObstacle): string {
  return obstacle === "unreadable"
    ? "Name a file that holds the whole private key, RSA or EC, in PEM."
    : "Name its password, too: in the reference to the key, as ;password= and the password's own reference.";
}

function obstacleInWords(obstacle: KeyObstacle, passwordParameter: string | undefined): SafeText {
  switch (obstacle) {
    case "unreadable":
      return safe`The private key is not PEM that can be read.`;
    case "wrong password":
      return safe`The password in ${ownWords(passwordParameter ?? "")} does not open the private key.`;
    case "encrypted":
      return passwordParameter === undefined
        ? safe`The private key is encrypted, and this operation takes no password: name an unencrypted one.`
        : safe`The private key is encrypted: give its password in ${ownWords(passwordParameter)}.`;
  }
}
