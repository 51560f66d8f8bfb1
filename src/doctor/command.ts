import { type CommandLine, readCommandLine, refuseArguments } from "../config/command-line.js";
import { configuredSecrets } from "../config/environment.js";
import { ConfigurationError, readConfiguration } from "../config/read.js";
import type { EnvironmentVariables } from "../lib/environment.js";
import { type Language, type Reader, readerIn } from "../lib/language.js";
import { escapeInvisible, SafeText, safe, verbatim } from "../lib/safe-text.js";
import type { TextOutput } from "../lib/text-output.js";
import { padTo } from "../lib/text-width.js";
import { ToolError } from "../lib/tool-error.js";
import { version } from "../lib/version.js";
import { Redactor } from "../secrets/redaction/redactor.js";
import { chosenAccounts, commandAccounts, type RuntimeAccount } from "../setup/accounts.js";
import { createBackend, createCloudClient } from "../setup/backend.js";
import { doctorReport, examine, type Report, type ReportLine } from "./examine.js";

/**
 * `cloudcert-mcp doctor [--json] [--account NAME] [options]`; `args` is what follows `doctor`. A program reads English.
 * @returns the exit code: 0, also with warnings; 1 with a failure
 * @throws {ConfigurationError} for wrong usage
 */
export async function runDoctor(args: readonly string[], env: EnvironmentVariables, out: TextOutput): Promise<number> {
  const line = readCommandLine(args, { json: "switch", account: "value" });
  refuseArguments(line);
  const asJson = line.flag("json") !== undefined;
  const { reports, language } = await reportsFor(line, env);
  const [only, ...others] = reports;
  const reader = readerIn(env, language);
  out.write(
    asJson
      ? `${JSON.stringify(others.length === 0 ? only : { accounts: reports }, null, 2)}\n`
      : reports.map((report) => asText(report, reader)).join("\n"),
  );
  return reports.some(({ verdict }) => verdict === "failure") ? 1 : 0;
}

type AccountReport = Report & { readonly account?: string | undefined };

/** A report for each account, or for the one that --account names; and the language that a setting chooses. */
async function reportsFor(
  { flag, settings }: CommandLine<"account">,
  env: EnvironmentVariables,
): Promise<{ readonly reports: readonly AccountReport[]; readonly language?: Language | undefined }> {
  let language: Language | undefined;
  try {
    const configuration = readConfiguration(settings, env);
    language = configuration.language;
    const accounts = chosenAccounts(await commandAccounts(configuration, env), flag("account"));
    const reports: AccountReport[] = [];
    for (const account of accounts) reports.push({ account: account.name, ...(await reportFor(account, env)) });
    return { reports, language };
  } catch (error) {
    if (!(error instanceof ConfigurationError || error instanceof ToolError)) throw error;
    return { reports: [unreadable(error)], language };
  }
}

function unreadable({ message }: Error): Report {
  const next = safe`Correct it; cloudcert-mcp --help lists every setting.`;
  return doctorReport([{ check: safe`configuration`, state: "failure", says: safe`${verbatim(message)}.`, next }]);
}

async function reportFor({ configuration, environment }: RuntimeAccount, env: EnvironmentVariables): Promise<Report> {
  try {
    const backend = await createBackend(configuration, environment);
    const redactor = new Redactor(configuredSecrets(backend));
    // Clock errors have their own line here.
    const { cloud, transport } = createCloudClient(backend, configuration, env, () => {}, {
      hold: (secrets) => redactor.addSecrets(secrets),
    });
    try {
      const report = await examine({ configuration, env, backend, cloud }, undefined, new AbortController().signal);
      return { ...report, lines: report.lines.map((line) => legible(line, redactor)) };
    } finally {
      await Promise.all([transport.close(), backend.close()]);
    }
  } catch (error) {
    if (!(error instanceof ConfigurationError || error instanceof ToolError)) throw error;
    return unreadable(error);
  }
}

/** Redacted, and on one line. */
function legible({ check, state, says, next }: ReportLine, redactor: Redactor): ReportLine {
  const shown = (text: SafeText) => new SafeText((reader) => escapeInvisible(redactor.redact(text.for(reader))));
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

function asText({ account, lines }: AccountReport, reader: Reader): string {
  const count = (state: ReportLine["state"]) => lines.filter((line) => line.state === state).length;
  const indent = " ".repeat(STATE_WIDTH + CHECK_WIDTH);
  const rows = lines.flatMap(({ check, state, says, next }) => [
    padTo(states[state].for(reader), STATE_WIDTH) + padTo(check.for(reader), CHECK_WIDTH) + says.for(reader),
    ...(next === undefined ? [] : [`${indent}→ ${next.for(reader)}`]),
  ]);
  const sum = safe`Failures: ${count("failure")}, warnings: ${count("warning")}, ok: ${count("ok")}, not checked: ${count("not checked")}`;
  const program = verbatim(`cloudcert-mcp ${version} doctor`);
  const head = account === undefined ? program : safe`${program}, account ${verbatim(account)}`;
  return [head.for(reader), "", ...rows, "", sum.for(reader), ""].join("\n");
}
