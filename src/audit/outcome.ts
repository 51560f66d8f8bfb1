import { type SafeText, safe } from "../lib/safe-text.js";
import type { AuditEntryOf } from "./entry.js";

/** What an outcome is judged by. */
export type OutcomeFacts = Pick<AuditEntryOf<"outcome">, "sent" | "ok" | "changed">;

/** What became of a request that changes something; `found` if only a later check showed that it was carried out. */
export type RequestResult = "accepted" | "found" | "not sent" | "failed" | "unknown";

/** What an outcome in the audit log says. */
export function resultOf({ sent, ok, changed }: OutcomeFacts): RequestResult {
  if (ok) return "accepted";
  if (changed === "yes") return "found";
  if (sent === "no") return "not sent";
  return changed === "no" ? "failed" : "unknown";
}

/** The same in words. */
export const resultTexts: Readonly<Record<RequestResult, SafeText>> = {
  accepted: safe`accepted`,
  found: safe`no clear answer; a check showed that it was carried out`,
  "not sent": safe`was not sent`,
  failed: safe`failed`,
  unknown: safe`outcome unknown`,
};
