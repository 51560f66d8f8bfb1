import type { GivenRequest } from "../catalogue/certificate-arguments.js";
import { type Finding, finding, type Verdict, warning } from "../catalogue/finding.js";
import { toAscii, uncovered } from "../certificates/domain-names.js";
import { describeKey } from "../certificates/public-key.js";
import { isWeak } from "../certificates/signature.js";
import { type ParsedSigningRequest, readSigningRequest } from "../certificates/signing-request.js";
import { isTooShort, minBits } from "../certificates/strength.js";
import { formatName, joined, type SafeText, safe, verbatim } from "../lib/safe-text.js";

/** Whether a signing request can be read, is strong enough, and asks for what the call says. */
export function checkSigningRequest(given: GivenRequest, verdict: Verdict): Finding[] {
  const { parameter, pem } = given;
  const request = readSigningRequest(pem);
  if (request === undefined) return [finding(parameter, safe`The CSR does not parse.`, verdict)];
  const [first] = request.names;
  if (first === undefined) return [finding(parameter, safe`The CSR names no domain.`, verdict)];
  return [...checkCommonName(request.commonName ?? first, given, verdict), ...warnOf(request, given)];
}

function checkCommonName(
  commonName: string,
  { parameter, commonName: wanted }: GivenRequest,
  verdict: Verdict,
): Finding[] {
  if (wanted === undefined || wanted === commonName) return [];
  if (toAscii(wanted) !== "" && toAscii(wanted) === toAscii(commonName)) return [];
  const says = safe`The CSR is for ${formatName(commonName)}, not for ${formatName(wanted)}.`;
  return [finding(parameter, says, verdict)];
}

function warnOf(
  { coveringNames, unmatchableNames, key, signature, signed }: ParsedSigningRequest,
  { parameter, domains = [] }: GivenRequest,
): Finding[] {
  const says: SafeText[] = [];
  const missing = uncovered(coveringNames, domains);
  if (missing.length > 0) says.push(safe`The CSR does not ask for ${joined(missing.map(formatName))}.`);
  for (const { name, why } of unmatchableNames)
    says.push(safe`The CSR's name ${formatName(name)} would cover nothing: ${why}.`);
  if (isTooShort(key))
    says.push(
      safe`The CSR's key is ${verbatim(describeKey(key))}; RSA needs ${minBits.rsa} bits, an elliptic curve ${minBits.curve}.`,
    );
  if (isWeak(signature.hash))
    says.push(safe`The CSR is signed with ${verbatim(String(signature.hash))}, which a CA may refuse.`);
  if (signed === "no") says.push(safe`The CSR was not signed by the key that it names.`);
  if (key.type === "SM2") says.push(safe`The CSR is of the SM2 standard: its signature was not checked.`);
  return says.map((sentence) => warning(parameter, sentence));
}
