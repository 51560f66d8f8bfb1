import { programCommand } from "../lib/program-command.js";
import { andMore, brief, formatDay, formatMoment, quoted, type SafeText, safe, verbatim } from "../lib/safe-text.js";
import type { DriftingDomain, EndingDomain, JobSummary, NotifyEvent, PlanSummary, TargetOutcome } from "./event.js";

/** Most objects that a message names; the rest are counted. A group's chat is no place for long lists. */
const MAX_NAMED = 10;
/** Longest name of a target in a line, in characters. */
const TARGET_NAME = 120;
const MAX_WARNINGS = 3;

/** What asks a person about all that is left. */
const askingCommand = verbatim(programCommand("renew --ask"));

/** What happened, in a few words. */
export function eventTitle(event: NotifyEvent): SafeText {
  switch (event.type) {
    case "certificate.ends_soon":
      return event.domains.length === 1
        ? safe`a domain's certificate expires soon`
        : safe`the certificates of ${event.domains.length} domains expire soon`;
    case "plan.made":
      return safe`planned`;
    case "plan.waits":
      return safe`a change is waiting for your approval`;
    case "plan.left":
      return safe`a change needs a person, and nobody was asked`;
    case "job.done":
      return safe`done and verified`;
    case "job.failed":
      return safe`failed or incomplete`;
    case "drift.seen":
      return event.domains.length === 1
        ? safe`a domain serves something other than what its cloud lists`
        : safe`${event.domains.length} domains serve something other than what their clouds list`;
    case "standing_approval.used":
      return safe`done without asking, by a standing approval`;
    case "standing_approval.ends_soon":
      return safe`a standing approval is near its end`;
  }
}

/** The facts, a line each. */
export function eventLines(event: NotifyEvent): readonly SafeText[] {
  switch (event.type) {
    case "certificate.ends_soon":
      return listed(event.domains, endingLine);
    case "plan.made":
      return planLines(event.plan);
    case "plan.waits":
      return [
        ...planLines(event.plan),
        ...(event.asker === undefined ? [] : [safe`${event.asker} asks for it.`]),
        ...(event.until === undefined ? [] : [safe`It can be decided until ${formatMoment(new Date(event.until))}.`]),
        event.address === undefined
          ? safe`A person decides where the server asks, not here.`
          : safe`It is decided on the server's page, by whoever the rules let approve it, after logging in.`,
      ];
    case "plan.left":
      return [
        ...planLines(event.plan),
        safe`Nothing was done, and nothing waits. Run ${askingCommand} as ${brief(event.user)} on ${brief(event.host)}, or give a standing approval.`,
      ];
    case "job.done":
    case "job.failed":
      return jobLines(event.job, event.targets);
    case "drift.seen":
      return listed(event.domains, driftLine);
    case "standing_approval.used":
      return [
        ...planLines(event.plan),
        safe`Standing approval ${brief(event.approval)}: ${event.usesLeft} uses left, last day ${formatDay(event.lastDay)}.`,
      ];
    case "standing_approval.ends_soon":
      return [
        safe`Standing approval ${brief(event.approval)}: ${event.usesLeft} uses left, last day ${formatDay(event.lastDay)}.`,
        safe`After that, a person is asked again about: ${named(event.domains)}.`,
      ];
  }
}

function planLines({ id, question, warnings }: PlanSummary): readonly SafeText[] {
  return [
    safe`Plan ${brief(id)}: ${question}`,
    ...warnings.slice(0, MAX_WARNINGS).map((warning) => safe`Warning: ${warning}`),
    ...(warnings.length > MAX_WARNINGS ? [safe`and ${warnings.length - MAX_WARNINGS} more warnings`] : []),
  ];
}

function endingLine({ domain, service, notAfter }: EndingDomain): SafeText {
  return safe`${placeOf(domain, service)}: until ${formatDay(notAfter)}`;
}

function driftLine({ domain, service, listed: expected, served }: DriftingDomain): SafeText {
  const shown = (certificate: string | undefined) =>
    certificate === undefined ? safe`no certificate` : safe`certificate ${brief(certificate)}`;
  return safe`${placeOf(domain, service)}: listed ${shown(expected)}, served ${shown(served)}`;
}

function placeOf(domain: string, service: string | undefined): SafeText {
  return service === undefined ? brief(domain) : safe`${brief(domain)} (${brief(service)})`;
}

function jobLines({ id, kind, names, notAfter }: JobSummary, targets: readonly TargetOutcome[]): readonly SafeText[] {
  const job = safe`${jobKinds[kind]} ${brief(id)}`;
  const head =
    names === undefined || names.length === 0 || notAfter === undefined
      ? job
      : safe`${job}: certificate for ${named(names)}, until ${formatDay(notAfter)}`;
  const withOutcome = (outcome: TargetOutcome["outcome"]) => targets.filter((target) => target.outcome === outcome);
  const failed = withOutcome("failed");
  const left = withOutcome("left");
  return [
    head,
    safe`Verified: ${withOutcome("proven").length} of ${targets.length}.`,
    ...(failed.length === 0 ? [] : [safe`Failed: ${failed.length}.`, ...listed(failed, targetLine)]),
    ...(left.length === 0 ? [] : [safe`Not completed: ${left.length}.`, ...listed(left, targetLine)]),
  ];
}

const jobKinds: Readonly<Record<JobSummary["kind"], SafeText>> = {
  deployment: safe`Deployment`,
  rollback: safe`Rollback`,
  deletion: safe`Deletion`,
  "https off": safe`Turning HTTPS off`,
};

function targetLine({ target, code }: TargetOutcome): SafeText {
  const name = quoted(target, TARGET_NAME);
  return code === undefined ? name : safe`${name}: ${brief(code)}`;
}

function listed<Item>(items: readonly Item[], line: (item: Item) => SafeText): readonly SafeText[] {
  const more = items.length - MAX_NAMED;
  return [...items.slice(0, MAX_NAMED).map(line), ...(more > 0 ? [safe`and ${more} more`] : [])];
}

function named(names: readonly string[]): SafeText {
  return andMore(names, MAX_NAMED, brief);
}
