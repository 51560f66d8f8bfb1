import { type Finding, finding, type Verdict, warning } from "../catalogue/finding.js";
import type { ParsedCertificate } from "../certificates/certificate.js";
import { uncovered } from "../certificates/domain-names.js";
import { andMore, joined, nameInWords, type SafeText, safe } from "../lib/escape-text.js";

const most = 5;

const issueAgain = "Have it reissued, with each name as a subject alternative name in its DNS form.";

/** Whether the certificate covers the domains, with names where clients look for them. */
export function checkNames(
  { names, coveringNames, idleNames, hasAlternativeNames, criticalNames, isCa, x509 }: ParsedCertificate,
  domains: readonly string[],
  parameter: string,
  verdict: Verdict,
): Finding[] {
  const found: Finding[] = [];
  const missing = uncovered(coveringNames, domains);
  if (missing.length > 0) {
    found.push(
      finding(
        parameter,
        safe`The certificate does not cover ${joined(missing.map(nameInWords))}; it is for ${listed(names)}.`,
        verdict,
        "Take a certificate that names them, or leave these domains out.",
      ),
    );
  }
  if (isCa) return found;
  for (const { name, why } of idleNames.slice(0, most)) {
    found.push(warning(parameter, safe`The name ${nameInWords(name)} covers nothing: ${why}.`, issueAgain));
  }
  if (!hasAlternativeNames) {
    const says = safe`The certificate has no subject alternative name, so browsers accept it for no domain.`;
    found.push(warning(parameter, says, issueAgain));
  } else if (x509.subject === "" && !criticalNames) {
    const says = safe`The subject is empty and the subject alternative name not critical, so Apple's clients refuse it.`;
    found.push(warning(parameter, says, issueAgain));
  }
  return found;
}

/** Only the first few, because a certificate can have hundreds. */
function listed(names: readonly string[]): SafeText {
  if (names.length === 0) return safe`no name`;
  return andMore(names.slice(0, most).map(nameInWords), names.length - most);
}
