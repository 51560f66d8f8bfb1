import { escapeInvisible, type SafeText, safe } from "../../lib/escape-text.js";
import type { JsonObject } from "../../lib/json.js";
import type { Reader } from "../../lib/language.js";
import { exitCodes } from "../outcome.js";
import { asJson, planInLines, tableOf } from "../report.js";
import type { PlaceState, RenewalReport } from "./renewal.js";

/** One line for a program. */
export function renewalInJson({ outcome, calls, ...told }: RenewalReport): JsonObject {
  return { outcome, exit_code: exitCodes[outcome], ...told, calls: calls.map(asJson) };
}

const stateInWords: Readonly<Record<PlaceState, SafeText>> = {
  renewed: safe`renewed`,
  planned: safe`would be renewed`,
  accepted: safe`accepted, not seen served yet`,
  "applied for": safe`applied for`,
  "needs a person": safe`needs a person`,
  "no successor": safe`nothing to renew it with`,
  failed: safe`failed`,
  "not attempted": safe`not attempted`,
};

/** A table of what was due, for people, below the plans that nobody was asked about. */
export function renewalInLines(report: RenewalReport, reader: Reader): string[] {
  const { due, calls, unseen, in_use: inUse, next_due: next } = report;
  const plans = calls.flatMap(({ plan }) => (plan ? planInLines(plan) : []));
  const rows = due.map(({ domain, service, old_certificate_id: old, ends, successor = "", state, says = "" }) => [
    domain ?? old ?? "",
    service,
    ends.slice(0, 10),
    stateInWords[state].for(reader),
    successor,
    says,
  ]);
  const heading = [safe`what`, safe`where`, safe`ends`, safe`state`, safe`successor`].map((text) => text.for(reader));
  return [
    ...plans,
    safe`${inUse} certificates in use were looked at; ${due.length} are due.`.for(reader),
    ...(rows.length > 0 ? tableOf([heading, ...rows]) : []),
    ...(next === undefined ? [] : [`${safe`Next one due`.for(reader)}: ${next}`]),
    ...(unseen.length > 0 ? [safe`Not seen, so something there may be due:`.for(reader)] : []),
    ...unseen.map((sentence) => `  ${escapeInvisible(sentence)}`),
  ];
}
