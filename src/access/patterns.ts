import { allOperations } from "../catalogue/index.js";
import type { PolicySubject } from "../catalogue/operation.js";
import { matches, matchesText } from "../catalogue/policy-patterns.js";
import { asciiOf, parseDomainName } from "../lib/domain-name.js";
import type { ApprovalRule } from "./schema.js";

/*
 * Patterns of rules, checked when the file is read: if one could never match, a later rule would silently count
 * instead.
 */

/** The tools that are no operations of a cloud. */
export interface OwnTools {
  /** Those that are looked up by their own names. */
  readonly ruled: readonly PolicySubject[];
  /** Names of those that are looked up by the operations that they send. */
  readonly jobs: readonly string[];
}

/** What stars are tried with: in a label, across labels, and as nothing. */
const standIns = ["a", "a.aa", ""];

/**
 * A pattern for domain names as the names in arguments are written: in DNS form and lower case, without a dot at the end.
 * @returns undefined if no domain name fits it
 */
export function domainPattern(given: string): string | undefined {
  const labels = given.replace(/\.$/, "").split(".").map(labelPattern);
  if (labels.some((label) => label === undefined)) return undefined;
  const pattern = labels.join(".");
  const canFit = standIns.some((standIn) => parseDomainName(pattern.replaceAll("*", standIn)) !== undefined);
  return canFit ? pattern : undefined;
}

/** A label with a star is taken as it is in DNS: what an international one would become depends on the rest of it. */
function labelPattern(label: string): string | undefined {
  if (!label.includes("*")) return asciiOf(label);
  return /^[\w*-]+$/.test(label) ? label.toLowerCase() : undefined;
}

/** Where a rule can never fit, and why; undefined if it can. */
export function unsatisfiableReason(
  { services, operations, effects }: Pick<ApprovalRule, "services" | "operations" | "effects">,
  { ruled, jobs }: OwnTools,
): { readonly path: readonly (string | number)[]; readonly why: string } | undefined {
  const known: readonly PolicySubject[] = [...allOperations.filter(({ effect }) => effect !== "read"), ...ruled];
  const ofService = (pattern: string) => known.filter(({ service }) => matchesText(pattern, service.id));
  const ofName = (pattern: string) => known.filter((operation) => matches(pattern, operation));
  for (const [index, pattern] of (services ?? []).entries()) {
    if (ofService(pattern).length > 0) continue;
    const why = `${pattern} is no service with something to approve: those are ${namesOf(known).join(", ")}`;
    return { path: ["services", index], why };
  }
  for (const [index, pattern] of (operations ?? []).entries()) {
    if (ofName(pattern).length > 0) continue;
    const job = jobs.find((name) => matchesText(pattern.replace(/^.*\//, ""), name));
    const why =
      job === undefined
        ? `${pattern} is no operation that is approved; write the cloud's own name, or SERVICE/NAME`
        : `${job} is a job, which is looked up by the operations that it sends: name those`;
    return { path: ["operations", index], why };
  }
  const fitting = known.filter(
    (operation) =>
      (services === undefined || services.some((pattern) => ofService(pattern).includes(operation))) &&
      (operations === undefined || operations.some((pattern) => matches(pattern, operation))) &&
      (effects === undefined || effects.some((effect) => effect === operation.effect)),
  );
  return fitting.length > 0
    ? undefined
    : { path: [], why: "no operation fits it: its services, operations and effects go with each other nowhere" };
}

function namesOf(known: readonly PolicySubject[]): readonly string[] {
  return [...new Set(known.map(({ service }) => service.id))];
}
