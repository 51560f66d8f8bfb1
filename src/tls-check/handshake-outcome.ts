import { alerts } from "./handshake-bytes.js";

/** The outcome of one connection. */
export type HandshakeOutcome =
  | HandshakeResult
  /** Nothing listens, or there is no route. */
  | { readonly kind: "not reached"; readonly code: string }
  /** No answer in time; `answered`: part of one arrived. */
  | { readonly kind: "silent"; readonly connected: boolean; readonly answered: boolean }
  | { readonly kind: "not TLS"; readonly http: boolean }
  | { readonly kind: "alert"; readonly alert: number }
  /** The server chose a version that was not offered. */
  | { readonly kind: "other version" }
  /** Closed or reset midway. */
  | { readonly kind: "ended" }
  /** Ended on this side. */
  | { readonly kind: "failed"; readonly code: string };

/** The server showed a certificate. */
export interface HandshakeResult {
  readonly kind: "certificate";
  /** In DER, in the order in which they were sent, the leaf first. */
  readonly chain: readonly Buffer[];
  /** OpenSSL's name for the chain's fault; absent if there is none. */
  readonly fault?: string;
  /** As node:tls names it. */
  readonly version?: string;
}

/** The `fault` if the handshake broke off after the certificate was shown. */
export const brokenOff = "BROKEN_OFF";

/** The `fault` if the chain is longer, larger or has other keys than public ones, and was not followed. */
export const notFollowed = "NOT_FOLLOWED";

/** Whether another connection would end the same way, whatever it offers. */
export function isFinal({ kind }: HandshakeOutcome): boolean {
  return kind === "not reached" || kind === "silent" || kind === "not TLS";
}

/** Whether nothing answered. */
export function isUnreached(outcome: HandshakeOutcome): boolean {
  return outcome.kind === "not reached" || (outcome.kind === "silent" && !outcome.answered);
}

/** Whether the version may be what the server rejected. Old servers just close the connection (inferred). */
export function mayBeVersion(outcome: HandshakeOutcome): boolean {
  return isVersion(outcome) || outcome.kind === "ended";
}

/** Whether the version was certainly the reason. */
export function isVersion(outcome: HandshakeOutcome): boolean {
  return outcome.kind === "other version" || (outcome.kind === "alert" && outcome.alert === alerts.protocolVersion);
}

/** The outcome as a sentence; `timeout` in milliseconds. */
export function describeOutcome(outcome: HandshakeOutcome, timeout: number): string {
  switch (outcome.kind) {
    case "certificate":
      return "It serves a certificate.";
    case "not reached":
      return reasons[outcome.code] ?? `It cannot be reached (${outcome.code}).`;
    case "silent":
      return describeSilence(outcome, timeout / 1000);
    case "not TLS":
      return outcome.http ? "It answers with HTTP without TLS." : "It answers, but not with TLS.";
    case "alert":
      return describeAlert(outcome.alert);
    case "other version":
      return "It speaks neither TLS 1.2 nor TLS 1.3.";
    case "ended":
      return "It closes the connection in the middle of the handshake, without saying why; often it has no certificate for this name.";
    case "failed":
      return `The handshake failed (${outcome.code}).`;
  }
}

const reasons: Readonly<Partial<Record<string, string>>> = {
  ECONNREFUSED: "It refuses the connection: nothing listens there.",
  ECONNRESET: "It resets the connection before it is established.",
  EHOSTUNREACH: "There is no route there from this machine.",
  ENETUNREACH: "This machine cannot reach it: its network has no addresses of this kind, or no route.",
  ETIMEDOUT: "It does not answer.",
};

function describeSilence(
  { connected, answered }: Extract<HandshakeOutcome, { kind: "silent" }>,
  seconds: number,
): string {
  if (!connected) return `It does not answer: no connection within ${seconds} s.`;
  if (!answered) return `It accepts the connection, and says nothing for ${seconds} s.`;
  return `It did not finish the handshake within ${seconds} s.`;
}

function describeAlert(alert: number): string {
  switch (alert) {
    case alerts.unrecognizedName:
      return "It has no certificate for this name (unrecognized_name).";
    case alerts.handshakeFailure:
      return "It has no certificate for this name, or no cipher in common with today's clients (handshake_failure).";
    case alerts.protocolVersion:
      return "It speaks neither TLS 1.2 nor TLS 1.3 (protocol_version).";
    case alerts.insufficientSecurity:
      return "It asks for ciphers that are not offered (insufficient_security).";
    default:
      return `It broke off the handshake with TLS alert ${alert}.`;
  }
}
