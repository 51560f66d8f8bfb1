import { escapeInvisible, type SafeText, verbatim } from "../lib/safe-text.js";

/** The harm if a person overlooks it: visitors lose HTTPS, something cannot be recovered, or less. */
export type Severity = "outage" | "loss" | "caution";

/** Something that the checks before a call found in its arguments. */
export interface Finding {
  /** An error stops the call; a warning is shown to the person who approves it. */
  readonly level: "error" | "warning";
  /** Dotted path, as in `tls_certificate.certificate`; empty for the arguments as a whole. */
  readonly parameter: string;
  /** One sentence. It never holds any part of a key. */
  readonly says: SafeText;
  /** What to do about it, in a sentence. */
  readonly next?: string;
  /** The documented code that the cloud would have returned. */
  readonly prevents?: string;
  /** How severe a warning is where the certificate is served; default: caution. */
  readonly severity?: Severity;
}

/** The severity of a finding, a warning if absent; a code identifies the error that the cloud would return. */
export type Verdict = "warning" | "error" | { readonly prevents: string };

export function finding(parameter: string, says: SafeText, verdict?: Verdict, next?: string): Finding;
/** A model reads an error, so it needs no translation. */
export function finding(parameter: string, says: string, verdict: Exclude<Verdict, "warning">, next?: string): Finding;
export function finding(parameter: string, says: string | SafeText, verdict: Verdict = "warning", next?: string) {
  const sentence = typeof says === "string" ? verbatim(escapeInvisible(says)) : says;
  const shown = { parameter, says: sentence, ...(next !== undefined && { next: escapeInvisible(next) }) };
  if (typeof verdict === "string") return { level: verdict, ...shown };
  return { level: "error", ...shown, prevents: verdict.prevents };
}

/** What to do about several findings before the call is repeated. */
export function remedyOf(findings: readonly Pick<Finding, "next">[]): string {
  const remedies = [...new Set(findings.flatMap(({ next }) => next ?? []))];
  return remedies.length > 0 ? `${remedies.join(" ")} Then call again.` : "Correct the arguments and call again.";
}

export function warning(parameter: string, says: SafeText, next?: string): Finding {
  return finding(parameter, says, "warning", next);
}

/** Gives a warning the severity of an outage, unless clients accept the certificate nevertheless. */
export function asOutage(found: Finding, isRefused = true): Finding {
  return isRefused && found.level === "warning" ? { ...found, severity: "outage" } : found;
}
