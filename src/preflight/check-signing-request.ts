import { nameInWords } from "../visible.js";
import { toAscii, uncovered } from "./domain-names.js";
import { type Finding, finding, type Verdict, warning } from "./finding.js";
import { describeKey, isTooShort } from "./public-key.js";
import { isWeak } from "./signature.js";
import { readSigningRequest, type SigningRequest } from "./signing-request.js";

export interface GivenRequest {
  readonly parameter: string;
  readonly pem: string;
  /** What the common name has to be, where the call says so. */
  readonly commonName?: string | undefined;
  readonly domains?: readonly string[] | undefined;
}

/** Whether a signing request can be read, is strong enough, and asks for what the call says. */
export function checkSigningRequest(given: GivenRequest, verdict: Verdict): Finding[] {
  const { parameter, pem } = given;
  const request = readSigningRequest(pem);
  if (request === undefined) return [finding(parameter, "The CSR does not parse.", verdict)];
  const [first] = request.names;
  if (first === undefined) return [finding(parameter, "The CSR names no domain.", verdict)];
  return [...checkCommonName(request.commonName ?? first, given, verdict), ...warnOf(request, given)];
}

function checkCommonName(
  commonName: string,
  { parameter, commonName: wanted }: GivenRequest,
  verdict: Verdict,
): Finding[] {
  if (wanted === undefined || wanted === commonName) return [];
  if (toAscii(wanted) !== "" && toAscii(wanted) === toAscii(commonName)) return [];
  return [finding(parameter, `The CSR is for ${nameInWords(commonName)}, not for ${nameInWords(wanted)}.`, verdict)];
}

function warnOf(
  { coveringNames, idleNames, key, signature, signed }: SigningRequest,
  { parameter, domains = [] }: GivenRequest,
): Finding[] {
  const says: string[] = [];
  const missing = uncovered(coveringNames, domains);
  if (missing.length > 0) says.push(`The CSR does not ask for ${missing.map(nameInWords).join(", ")}.`);
  for (const { name, why } of idleNames) says.push(`The CSR's name ${nameInWords(name)} would cover nothing: ${why}.`);
  if (isTooShort(key)) says.push(`The CSR's key is ${describeKey(key)}; RSA needs 2048 bits, an elliptic curve 225.`);
  if (isWeak(signature.hash)) says.push(`The CSR is signed with ${signature.hash}, which a CA may refuse.`);
  if (signed === "no") says.push("The CSR was not signed by the key that it names.");
  if (key.type === "SM2") says.push("The CSR is of the SM2 standard: its signature was not checked.");
  return says.map((sentence) => warning(parameter, sentence));
}
