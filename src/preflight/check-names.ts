import { nameInWords } from "../visible.js";
import type { Certificate } from "./certificate.js";
import { uncovered } from "./domain-names.js";
import { type Finding, finding, type Verdict, warning } from "./finding.js";

/** Whether the certificate stands for the domains, and says so where clients look. */
export function checkNames(
  { names, hasAlternativeNames, isCa }: Certificate,
  domains: readonly string[],
  parameter: string,
  verdict: Verdict,
): Finding[] {
  const found: Finding[] = [];
  const missing = uncovered(names, domains);
  if (missing.length > 0) {
    found.push(
      finding(
        parameter,
        `The certificate does not cover ${missing.map(nameInWords).join(", ")}; it is for ${listed(names)}.`,
        verdict,
      ),
    );
  }
  if (!hasAlternativeNames && !isCa) {
    found.push(
      warning(parameter, "The certificate has no subject alternative name, so that browsers accept it for no domain."),
    );
  }
  return found;
}

/** The first few, as a certificate can have hundreds. */
function listed(names: readonly string[]): string {
  const most = 5;
  if (names.length === 0) return "no name";
  const more = names.length > most ? ` and ${names.length - most} more` : "";
  return `${names.slice(0, most).map(nameInWords).join(", ")}${more}`;
}
