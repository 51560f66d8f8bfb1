import { configuredSecrets, type EnvironmentVariables, readRuntimeEnvironment } from "../config/environment.js";
import { ConfigurationError, readConfiguration } from "../config/read.js";
import { escapeInvisible } from "../lib/escape-text.js";
import { version } from "../lib/version.js";
import { Redactor } from "../secrets/redaction/redactor.js";
import { createBackend, createCloudClient } from "../setup/backend.js";
import { doctorReport, examine, type Report, type ReportLine } from "./examine.js";

export interface CommandOutput {
  write(text: string): unknown;
}

/**
 * `cloudcert-mcp doctor [--json] [options]`; `args` is what follows `doctor`.
 * @returns the exit code: 0, also with warnings; 1 with a failure
 */
export async function runDoctor(
  args: readonly string[],
  env: EnvironmentVariables,
  out: CommandOutput,
): Promise<number> {
  const asJson = args.includes("--json");
  const report = await reportFor(
    args.filter((arg) => arg !== "--json"),
    env,
  );
  out.write(asJson ? `${JSON.stringify(report, null, 2)}\n` : asText(report));
  return report.verdict === "failure" ? 1 : 0;
}

async function reportFor(args: readonly string[], env: EnvironmentVariables): Promise<Report> {
  try {
    const configuration = readConfiguration(args, env);
    const backend = await createBackend(configuration, readRuntimeEnvironment(configuration, env));
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
    if (!(error instanceof ConfigurationError)) throw error;
    const next = "Correct it; cloudcert-mcp --help lists every setting.";
    return doctorReport([{ check: "configuration", state: "failure", says: `${error.message}.`, next }]);
  }
}

/** Redacted, and on one line. */
function legible({ check, state, says, next }: ReportLine, redactor: Redactor): ReportLine {
  const shown = (text: string) => escapeInvisible(redactor.redact(text));
  return { check, state, says: shown(says), ...(next !== undefined && { next: shown(next) }) };
}

const marks: Readonly<Record<ReportLine["state"], string>> = { ok: "ok", warning: "warning", failure: "FAILURE" };
const STATE_WIDTH = 9;
const CHECK_WIDTH = 18;

function asText({ lines }: Report): string {
  const count = (state: ReportLine["state"]) => lines.filter((line) => line.state === state).length;
  const indent = " ".repeat(STATE_WIDTH + CHECK_WIDTH);
  const rows = lines.flatMap(({ check, state, says, next }) => [
    `${marks[state].padEnd(STATE_WIDTH)}${check.padEnd(CHECK_WIDTH)}${says}`,
    ...(next === undefined ? [] : [`${indent}→ ${next}`]),
  ]);
  const sum = `Failures: ${count("failure")}, warnings: ${count("warning")}, ok: ${count("ok")}`;
  return [`cloudcert-mcp ${version} doctor`, "", ...rows, "", sum, ""].join("\n");
}
