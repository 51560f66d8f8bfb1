import { type Excess, excessIn } from "./argument-size.js";
import { asMeant, type Misread } from "./arguments/as-meant.js";
import { withoutClientAdded } from "./arguments/client-added.js";
import { issueInWords } from "./arguments/in-words.js";
import type { Operation } from "./catalogue/operation.js";
import { Failure } from "./failure.js";
import { type Finding, preflight } from "./preflight/index.js";
import { ownWords, type SafeText, safe } from "./visible.js";

type Described = Pick<Operation, "name" | "params">;

/**
 * The arguments as the API wants them, from any spelling that clients are known to send.
 * @throws {Failure} naming each argument that does not fit, and what to send instead
 */
export function parseArguments(
  tool: Described,
  args: Readonly<Record<string, unknown>>,
): Readonly<Record<string, unknown>> {
  const { params } = tool;
  const excess = excessIn(params, args);
  if (excess !== undefined) throw oversized(tool, excess);
  const misread: Misread[] = [];
  const given = asMeant(params, withoutClientAdded(args, Object.keys(params.shape)), "", misread);
  const parsed = params.safeParse(given);
  if (parsed.success && misread.length === 0) return parsed.data;
  const damaged = new Set(misread.map(({ path }) => path));
  const others = parsed.error?.issues.filter(({ path }) => !damaged.has(path.join("."))) ?? [];
  const problems = [
    ...misread.map(({ path, says }) => `${path}: ${says}`),
    ...others.map((issue) => issueInWords(issue, tool)),
  ];
  throw new Failure({
    kind: "input",
    happened: `The arguments of ${tool.name} do not fit: ${problems.join("; ")}.`,
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

/**
 * The warnings that preflight has about the arguments.
 * @param pending dotted paths of what is not known yet, and so not checked
 * @throws {Failure} where the cloud would refuse them for certain: that is not even put to a person
 */
export function checkArguments(
  tool: Operation,
  params: Readonly<Record<string, unknown>>,
  now: Date,
  pending: ReadonlySet<string> = new Set(),
): readonly SafeText[] {
  const findings = preflight(tool, params, now).filter(({ parameter }) => !pending.has(parameter));
  const faults = findings.filter(({ level }) => level === "error");
  if (faults.length > 0) throw unfit(tool, faults);
  return findings.map(inSentence);
}

function unfit({ name, service }: Operation, faults: readonly Finding[]): Failure {
  const code = faults.find(({ prevents }) => prevents !== undefined)?.prevents;
  const remedies = [...new Set(faults.flatMap(({ next }) => next ?? []))];
  return new Failure({
    kind: "input",
    happened: `${name} was not sent to ${service.title}: ${faults.map(inSentence).join(" ")}`,
    changed: "no",
    sent: false,
    next: remedies.length > 0 ? `${remedies.join(" ")} Then call again.` : "Correct the arguments and call again.",
    ...(code !== undefined && { code }),
  });
}

function inSentence({ parameter, says, prevents }: Finding): SafeText {
  const where = parameter === "" ? says : safe`${ownWords(parameter)}: ${says}`;
  return prevents === undefined ? where : safe`${where} (The cloud would answer ${ownWords(prevents)}.)`;
}
