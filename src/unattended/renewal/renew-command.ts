import { hostname, userInfo } from "node:os";
import { tableOf } from "../../approval/terminal/layout.js";
import { refuseArguments, secondsIn } from "../../config/command-line.js";
import { asSeconds } from "../../config/option-types.js";
import { ConfigurationError, explained } from "../../config/read.js";
import { dayMs } from "../../lib/days.js";
import type { EnvironmentVariables } from "../../lib/environment.js";
import { stackOf, unlessThrown } from "../../lib/failure.js";
import type { JsonObject } from "../../lib/json.js";
import type { Reader } from "../../lib/language.js";
import { escapeInvisible, type SafeText, safe, verbatim } from "../../lib/safe-text.js";
import { OUTPUT_LOST } from "../../lib/text-output.js";
import { machineTime, type TimeSource, unlessAborted } from "../../lib/time-source.js";
import { ToolError, unlessFailed } from "../../lib/tool-error.js";
import { prepareCommand } from "../../setup/command.js";
import { callOnce, defaultProofTime, readHeadless } from "../call.js";
import { type Headless, openHeadless } from "../headless.js";
import { exitCodes, mostSevereOf, type Outcome } from "../outcome.js";
import { asJson, planInLines } from "../report.js";
import { type Streams, writeResult } from "../run-command.js";
import { findFilePairs } from "./file-pairs.js";
import { fitnessOf } from "./fitness.js";
import { readRenewalInventory } from "./inventory.js";
import { renewOnce } from "./renew.js";
import type { PlaceState, RenewalDeps, RenewalReport } from "./renewal.js";

/**
 * `cloudcert-mcp renew [--account NAME] [--before DAYS] [--apply] [--ask] [--watch [--every SECONDS]] [--wait SECONDS] [--dry-run] [--json]
 * [options]`; `args` is what follows `renew`.
 * @returns the exit code: one of `exitCodes`, or `OUTPUT_LOST`; 0 after --watch
 * @throws {ConfigurationError} for wrong usage
 */
export async function runRenew(
  args: readonly string[],
  env: EnvironmentVariables,
  { out, err }: Streams,
  stop: AbortSignal,
): Promise<number> {
  const command = prepareCommand(args, env, {
    before: "value",
    apply: "switch",
    ask: "switch",
    watch: "switch",
    every: "value",
    wait: "value",
    "dry-run": "switch",
    json: "switch",
  });
  refuseArguments(command);
  const { flag } = command;
  const [before, wait, every] = [flag("before"), flag("wait"), flag("every")];
  const dryRun = flag("dry-run") !== undefined;
  const watches = flag("watch") !== undefined;
  if (every !== undefined && !watches) throw new ConfigurationError("--every requires --watch");
  const options = {
    before: before === undefined ? undefined : daysIn(before),
    apply: flag("apply") !== undefined,
    dryRun,
  };
  const proofTime = wait === undefined ? defaultProofTime : secondsIn("wait", wait);
  const interval = every === undefined ? DEFAULT_INTERVAL : explained("--every", () => asSeconds(every));
  const hasJson = flag("json") !== undefined || out.isTTY !== true;
  const { all: accounts, chosen } = await command.accounts();
  const opened: Headless[] = [];
  const asks = dryRun ? "dry run" : flag("ask") !== undefined ? "a person" : "nobody";
  /** Why a renewal was not done at all, such as a database that is away. */
  let lastFailure: ToolError | undefined;
  const inOne = async (headless: Headless): Promise<Outcome> => {
    const { accountName: account, journal } = headless.context;
    if (account !== undefined) err.write(`${safe`Account ${verbatim(account)}.`.for(headless.reader)}\n`);
    const renewal = journal.exclusively("renewal", () => renewOnce(renewalDeps(headless, proofTime), options));
    const report = await unlessFailed(renewal, (failure) => {
      lastFailure ??= failure;
      return failedReport(failure);
    });
    if (report === undefined) {
      err.write(`${safe`Another renewal is already running, so this one ends.`.for(headless.reader)}\n`);
      const told = { outcome: "done", exit_code: 0, another_run: true };
      if (hasJson) await writeResult(JSON.stringify(told), { out, err });
      return "done";
    }
    for (const line of renewalInLines(report, headless.reader)) err.write(`${headless.redact(line)}\n`);
    const told = { ...(account !== undefined && { account }), ...renewalInJson(report) };
    if (hasJson) await writeResult(headless.redact(JSON.stringify(told)), { out, err });
    return report.outcome;
  };
  // One account after the other; the gravest outcome is that of all.
  const once = async (): Promise<Outcome> => {
    const outcomes: Outcome[] = [];
    lastFailure = undefined;
    for (const headless of opened) outcomes.push(await inOne(headless));
    // Told by now; thrown so that it is tried again soon.
    if (watches && lastFailure !== undefined) throw lastFailure;
    return mostSevereOf(outcomes);
  };
  try {
    for (const account of chosen) {
      opened.push(await openHeadless({ account, accounts, env, asks, err, stop }));
    }
    if (!watches) {
      const code = exitCodes[await once()];
      return out.lost.aborted ? OUTPUT_LOST : code;
    }
    const { now, pause } = machineTime;
    const log = (line: SafeText) => opened[0]?.log(line.for(opened[0].reader));
    await repeat(once, { interval, pause, now, random: Math.random, signal: stop, log });
    return 0;
  } finally {
    await Promise.all(opened.map((headless) => headless.close()));
  }
}

/** The report of a renewal that was not done: something may be due. */
function failedReport({ details }: ToolError): RenewalReport {
  return { outcome: "failed", in_use: 0, due: [], calls: [], unseen: [`${details.happened} ${details.next}`] };
}

function renewalInJson({ outcome, calls, ...told }: RenewalReport): JsonObject {
  return { outcome, exit_code: exitCodes[outcome], ...told, calls: calls.map(asJson) };
}

const stateTexts: Readonly<Record<PlaceState, SafeText>> = {
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
function renewalInLines(report: RenewalReport, reader: Reader): string[] {
  const { due, calls, unseen, in_use: inUse, next_due: next } = report;
  const plans = calls.flatMap(({ plan }) => (plan ? planInLines(plan) : []));
  const rows = due.map(({ domain, service, old_certificate_id: old, ends, successor = "", state, says = "" }) => [
    domain ?? old ?? "",
    service,
    ends.slice(0, 10),
    stateTexts[state].for(reader),
    successor,
    says,
  ]);
  const heading = [safe`what`, safe`where`, safe`expires`, safe`state`, safe`successor`].map((text) =>
    text.for(reader),
  );
  return [
    ...plans,
    safe`${inUse} certificates in use were looked at; ${due.length} are due.`.for(reader),
    ...(rows.length > 0 ? tableOf([heading, ...rows.map((row) => row.map(escapeInvisible))]) : []),
    ...(next === undefined ? [] : [`${safe`Next one due`.for(reader)}: ${next}`]),
    ...(unseen.length > 0 ? [safe`Not seen, so something there may be due:`.for(reader)] : []),
    ...unseen.map((sentence) => `  ${escapeInvisible(sentence)}`),
  ];
}

/** @throws {ConfigurationError} if it is no number of days */
function daysIn(value: string): number {
  const days = value.trim() === "" ? Number.NaN : Number(value);
  if (!(days >= 0 && days <= 1_000)) throw new ConfigurationError(`--before: "${value}" is not a number of days`);
  return days * dayMs;
}

/** The parts of the composed program that a renewal needs. */
export function renewalDeps(headless: Headless, proofTime: number): RenewalDeps {
  const { context, stop, log, reader, tools } = headless;
  return {
    now: context.now,
    readInventory: () => readHeadless(readRenewalInventory, headless),
    findFiles: () => findFilePairs(context.references, context.now(), context.tlsCheck.roots),
    lookUpFitness: (certificates) => readHeadless((reading) => fitnessOf(certificates, reading), headless),
    callTool: async (name, args) => {
      const tool = tools.get(name);
      if (tool !== undefined) return callOnce(tool, args, headless, proofTime);
      const happened = `${name} is not offered here: the settings exclude it.`;
      const next = "Ask the operator to change --allow, --deny, --services or --read-only.";
      return { tool: name, outcome: "not usable", error: { kind: "configuration", happened, changed: "no", next } };
    },
    hasStandingApprovals: async () => (await context.standingApprovals.list()).some(({ state }) => state === "valid"),
    notify: headless.notify,
    commandPlace: { user: userName(), host: hostname() },
    log: (line) => log(line.for(reader)),
    signal: stop,
  };
}

/** A container may run as a number that has no name. */
function userName(): string {
  return unlessThrown(() => userInfo().username) ?? String(process.getuid?.() ?? "its user");
}

/** As often as certbot's timer: a six-day certificate, due at half of its life, still gets several attempts. */
const DEFAULT_INTERVAL = 12 * 3600_000;

/** How soon a run that failed as a whole is tried again, in milliseconds. */
const RETRY_AFTER = 5 * 60_000;

/** By how much of itself an interval varies, so that many machines do not ask the clouds at once. */
const JITTER = 0.1;

interface Repetition extends Pick<TimeSource, "now" | "pause"> {
  /** In milliseconds. */
  readonly interval: number;
  /** From 0 to 1. */
  readonly random: () => number;
  /** Ends it: after the step under way, or at once while it waits. */
  readonly signal: AbortSignal;
  readonly log: (line: SafeText) => void;
}

/** Does `work` again and again until the signal ends it; a failure does not end it, and is followed by an early attempt. */
export async function repeat(work: () => Promise<Outcome>, given: Repetition): Promise<void> {
  const { interval, now, pause, random, signal, log } = given;
  while (!signal.aborted) {
    let pauseMs = interval;
    try {
      log(safe`renewal ended: ${verbatim(await work())}`);
    } catch (error) {
      pauseMs = Math.min(interval, RETRY_AFTER);
      log(
        error instanceof ToolError
          ? safe`the renewal was not done: ${verbatim(error.message)}`
          : verbatim(stackOf(error)),
      );
    }
    if (signal.aborted) return;
    const ms = pauseMs * (1 - JITTER + 2 * JITTER * random());
    log(safe`next renewal at ${verbatim(new Date(now().getTime() + ms).toISOString())}`);
    await unlessAborted(pause(ms, signal), signal);
  }
}
