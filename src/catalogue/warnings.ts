import { type SafeText, safe, verbatim } from "../lib/safe-text.js";
import type { Severity } from "./finding.js";
import type { Warning } from "./operation.js";

/** Visitors lose HTTPS or are refused. */
export const outage = (says: SafeText): Warning => ({ severity: "outage", says });

/** Something cannot be recovered, or protects less than before. */
export const loss = (says: SafeText): Warning => ({ severity: "loss", says });

export const caution = (says: SafeText): Warning => ({ severity: "caution", says });

const bySeverity: readonly Severity[] = ["outage", "loss", "caution"];

/** The worst first, without duplicates. */
export function worstFirst(warnings: readonly Warning[]): readonly Warning[] {
  const sorted = bySeverity.flatMap((severity) => warnings.filter((warning) => warning.severity === severity));
  return sorted.filter(({ says }, index) => sorted.findIndex((other) => String(other.says) === String(says)) === index);
}

/** The sentence, preceded by the parameter if there is one. */
export function describeWarning({ parameter, says }: Pick<Warning, "parameter" | "says">): SafeText {
  return !parameter ? says : safe`${verbatim(parameter)}: ${says}`;
}
