import {
  type CommandLine,
  type FlagForms,
  givenTeamSettings,
  readCommandLine,
  refuseArguments,
  teamFlags,
} from "../config/command-line.js";
import { configuredSecrets } from "../config/environment.js";
import { configurationFrom, isForOperator, readSettings } from "../config/read.js";
import { teamOptions } from "../config/team-options.js";
import type { EnvironmentVariables } from "../lib/environment.js";
import { type Language, type Reader, readerIn } from "../lib/language.js";
import { escapeInvisible, redactedText, SafeText, safe, verbatim } from "../lib/safe-text.js";
import type { TextOutput } from "../lib/text-output.js";
import { padTo } from "../lib/text-width.js";
import { version } from "../lib/version.js";
import { Redactor } from "../secrets/redaction/redactor.js";
import { chosenAccounts, commandAccounts, type RuntimeAccount } from "../setup/accounts.js";
import { createBackend, createCloudClient } from "../setup/backend.js";
import { asSentence } from "./check-result.js";
import { doctorReport, examine, type Report, type ReportLine, type TeamSettings } from "./examine.js";

const flags: FlagForms = { ...teamFlags, json: "switch", account: "value" };

/** Checks the settings of a team's server. */
type TeamExamination = (settings: TeamSettings) => Promise<readonly ReportLine[]>;

/**
 * `cloudcert-mcp doctor [serve] [--json] [--account NAME] [options]`; `args` is what follows `doctor`. A program reads
 * English.
 * @param loadTeamChecks what checks the settings of a team's server, which needs packages that not everybody has
 * @returns the exit code: 0, also with warnings; 1 with a failure
 * @throws {ConfigurationError} for wrong usage
 */
export async function runDoctor(
  args: readonly string[],
  env: EnvironmentVariables,
  out: TextOutput,
  loadTeamChecks: () => Promise<TeamExamination>,
): Promise<number> {
  const line = readCommandLine(args, flags);
  const [word, ...others] = line.positionals;
  refuseArguments({ positionals: word === "serve" ? others : line.positionals });
  const asJson = line.flag("json") !== undefined;
  const { accounts, serve, language } = await reportsFor(line, env, loadTeamChecks);
  const reports = serve === undefined ? accounts : [...accounts, serve];
  const reader = readerIn(env, language);
  const [only] = reports;
  out.write(
    asJson
      ? `${JSON.stringify(reports.length === 1 ? only : { accounts, serve }, null, 2)}\n`
      : reports.map((report) => asText(report, reader)).join("\n"),
  );
  return reports.some(({ verdict }) => verdict === "failure") ? 1 : 0;
}

interface CommandReport extends Report {
  /** What it is about, unless that is the one account there is. */
  readonly about?: SafeText;
  /** For a program. */
  readonly account?: string | undefined;
}

/** One report for each account, or for the one that --account names; and one for serve, if a setting of it is given. */
async function reportsFor(
  line: CommandLine<string>,
  env: EnvironmentVariables,
  loadTeamChecks: () => Promise<TeamExamination>,
): Promise<{ accounts: CommandReport[]; serve: CommandReport | undefined; language: Language | undefined }> {
  let language: Language | undefined;
  try {
    const configuration = configurationFrom(line.settings, env);
    language = configuration.language;
    const all = await commandAccounts(configuration, env);
    const serve = await serveReport(line, { configuration, env, accounts: all }, loadTeamChecks);
    const accounts: CommandReport[] = [];
    for (const account of chosenAccounts(all, line.flag("account"))) {
      const { name } = account;
      const about = name === undefined ? {} : { about: safe`account ${verbatim(name)}` };
      accounts.push({ account: name, ...about, ...(await reportFor(account, env, serve?.isServed)) });
    }
    return { accounts, serve: serve?.report, language };
  } catch (error) {
    if (!isForOperator(error)) throw error;
    return { accounts: [unreadable(error)], serve: undefined, language };
  }
}

/** Whether the settings of a team's server that are given can be used; undefined if none is. */
async function serveReport(
  line: CommandLine<string>,
  settings: Pick<TeamSettings, "configuration" | "env" | "accounts">,
  loadTeamChecks: () => Promise<TeamExamination>,
): Promise<{ readonly report: CommandReport; readonly isServed: boolean } | undefined> {
  const isNamed = line.positionals.includes("serve");
  const about = safe`serve`;
  try {
    const team = givenTeamSettings(line, settings.env);
    if (team === undefined && !isNamed) return undefined;
    const isServed = isNamed || team?.http !== undefined;
    const examineTeam = await loadTeamChecks();
    const lines = await examineTeam({ ...settings, team: team ?? readSettings(teamOptions, line.each, {}), isServed });
    const redactor = new Redactor(settings.accounts.flatMap(({ environment }) => configuredSecrets(environment)));
    return { report: { about, ...doctorReport(lines.map((each) => legible(each, redactor))) }, isServed };
  } catch (error) {
    if (!isForOperator(error)) throw error;
    return { report: { about, ...unreadable(error) }, isServed: isNamed };
  }
}

function unreadable(error: Error): Report {
  const next = safe`Correct it; cloudcert-mcp --help lists every setting.`;
  return doctorReport([{ check: safe`configuration`, state: "failure", says: asSentence(error), next }]);
}

async function reportFor(
  { configuration, environment }: RuntimeAccount,
  env: EnvironmentVariables,
  onTeamServer = false,
): Promise<Report> {
  try {
    const backend = await createBackend(configuration, environment);
    const redactor = new Redactor(configuredSecrets(backend));
    // Clock errors have their own line here.
    const { cloud, transport } = createCloudClient(backend, configuration, () => {}, { redactor });
    try {
      const report = await examine(
        { configuration, env, backend, cloud, onTeamServer },
        undefined,
        new AbortController().signal,
      );
      return { ...report, lines: report.lines.map((line) => legible(line, redactor)) };
    } finally {
      await Promise.all([transport.close(), backend.close()]);
    }
  } catch (error) {
    if (!isForOperator(error)) throw error;
    return unreadable(error);
  }
}

/** Redacted, and on one line. */
function legible({ check, state, says, next }: ReportLine, redactor: Redactor): ReportLine {
  const redact = (text: string) => redactor.redact(text);
  const shown = (text: SafeText) => new SafeText((reader) => escapeInvisible(redactedText(text, redact).for(reader)));
  return { check, state, says: shown(says), ...(next !== undefined && { next: shown(next) }) };
}

const states: Readonly<Record<ReportLine["state"], SafeText>> = {
  ok: safe`ok`,
  "not checked": safe`not checked`,
  warning: safe`warning`,
  failure: safe`FAILURE`,
};

const STATE_WIDTH = 13;
const CHECK_WIDTH = 20;

function asText({ about, lines }: CommandReport, reader: Reader): string {
  const count = (state: ReportLine["state"]) => lines.filter((line) => line.state === state).length;
  const indent = " ".repeat(STATE_WIDTH + CHECK_WIDTH);
  const rows = lines.flatMap(({ check, state, says, next }) => [
    padTo(states[state].for(reader), STATE_WIDTH) + padTo(check.for(reader), CHECK_WIDTH) + says.for(reader),
    ...(next === undefined ? [] : [`${indent}→ ${next.for(reader)}`]),
  ]);
  const sum = safe`Failures: ${count("failure")}, warnings: ${count("warning")}, ok: ${count("ok")}, not checked: ${count("not checked")}`;
  const program = verbatim(`cloudcert-mcp ${version} doctor`);
  const head = about === undefined ? program : safe`${program}, ${about}`;
  return [head.for(reader), "", ...rows, "", sum.for(reader), ""].join("\n");
}
