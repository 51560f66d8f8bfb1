import type { z } from "zod";
import { type Excess, excessIn } from "./argument-size.js";
import type { Operation } from "./catalogue/operation.js";
import { Failure } from "./failure.js";
import { type Finding, preflight } from "./preflight/index.js";

type Described = Pick<Operation, "name" | "params">;

/**
 * The arguments as the API wants them. A null stands for an argument that was left out: models send it for that.
 * @throws {Failure} naming each argument that does not fit
 */
export function parseArguments(
  operation: Described,
  args: Readonly<Record<string, unknown>>,
): Readonly<Record<string, unknown>> {
  const excess = excessIn(operation.params, args);
  if (excess !== undefined) throw oversized(operation, excess);
  const given = Object.fromEntries(Object.entries(args).filter(([, value]) => value !== null));
  const parsed = operation.params.safeParse(given);
  if (parsed.success) return parsed.data;
  const problems = parsed.error.issues.map((issue) => inWords(issue, operation)).join("; ");
  throw new Failure({
    kind: "input",
    happened: `The arguments of ${operation.name} do not fit: ${problems}.`,
    changed: "no",
    next: "Correct them and call again.",
  });
}

function oversized({ name }: Described, { path, says }: Excess): Failure {
  return new Failure({
    kind: "input",
    happened: path === "" ? `The arguments of ${name} are too large: ${says}.` : `${name}: ${path} ${says}.`,
    changed: "no",
    next: "Split it into several calls, or pass less at a time.",
  });
}

function inWords(issue: z.ZodIssue, operation: Described): string {
  const path = issue.path.join(".");
  if (issue.code === "unrecognized_keys") {
    const known = path === "" ? ` (known: ${Object.keys(operation.params.shape).join(", ")})` : "";
    return `${issue.keys.join(", ")} is not a member of ${path || operation.name}${known}`;
  }
  return `${path}: ${issue.message}`;
}

/**
 * The warnings that preflight has about the arguments.
 * @throws {Failure} where the cloud would refuse them for certain: that is not even put to a person
 */
export function checkArguments(
  tool: Operation,
  params: Readonly<Record<string, unknown>>,
  now: Date,
): readonly string[] {
  const findings = preflight(tool, params, now);
  const faults = findings.filter(({ level }) => level === "error");
  if (faults.length > 0) throw unfit(tool, faults);
  return findings.map(inSentence);
}

function unfit({ name, service }: Operation, faults: readonly Finding[]): Failure {
  const code = faults.find(({ prevents }) => prevents !== undefined)?.prevents;
  return new Failure({
    kind: "input",
    happened: `${name} was not sent to ${service.title}: ${faults.map(inSentence).join(" ")}`,
    changed: "no",
    sent: false,
    next: "Correct the arguments and call again.",
    ...(code !== undefined && { code }),
  });
}

function inSentence({ parameter, says, prevents }: Finding): string {
  const where = parameter === "" ? says : `${parameter}: ${says}`;
  return prevents === undefined ? where : `${where} (The cloud would answer ${prevents}.)`;
}
