import { ConfigurationError, readConfiguration } from "../config.js";
import { cloudOn, openGround } from "../ground.js";
import { Seal } from "../secrets/seal.js";
import { type Environment, secretsOf, surroundingsOf } from "../surroundings.js";
import { version } from "../version.js";
import { visible } from "../visible.js";
import { examine, type Line, type Report, reportOf } from "./examine.js";

export interface Output {
  write(text: string): unknown;
}

/**
 * `cloudcert-mcp doctor [--json] [options]`; `args` is what follows `doctor`.
 * @returns the code for the shell: 0, also with warnings; 1 with a failure
 */
export async function runDoctor(args: readonly string[], env: Environment, out: Output): Promise<number> {
  const asJson = args.includes("--json");
  const report = await reportFor(
    args.filter((arg) => arg !== "--json"),
    env,
  );
  out.write(asJson ? `${JSON.stringify(report, null, 2)}\n` : asText(report));
  return report.verdict === "failure" ? 1 : 0;
}

async function reportFor(args: readonly string[], env: Environment): Promise<Report> {
  try {
    const configuration = readConfiguration(args, env);
    const ground = await openGround(configuration, surroundingsOf(configuration, env));
    // That a clock is off is a line of its own here.
    const { cloud, transport } = cloudOn(ground, configuration, env, () => {});
    try {
      const report = await examine({ configuration, env, ground, cloud }, undefined, new AbortController().signal);
      const seal = new Seal(secretsOf(ground.credentials));
      return { ...report, lines: report.lines.map((line) => legible(line, seal)) };
    } finally {
      await Promise.all([transport.close(), ground.close()]);
    }
  } catch (error) {
    if (!(error instanceof ConfigurationError)) throw error;
    const next = "Correct it; cloudcert-mcp --help lists every setting.";
    return reportOf([{ check: "configuration", state: "failure", says: `${error.message}.`, next }]);
  }
}

/** Without secrets, and on one line. */
function legible({ check, state, says, next }: Line, seal: Seal): Line {
  const shown = (text: string) => visible(seal.text(text));
  return { check, state, says: shown(says), ...(next !== undefined && { next: shown(next) }) };
}

const marks: Readonly<Record<Line["state"], string>> = { ok: "ok", warning: "warning", failure: "FAILURE" };
const STATE_WIDTH = 9;
const CHECK_WIDTH = 18;

function asText({ lines }: Report): string {
  const count = (state: Line["state"]) => lines.filter((line) => line.state === state).length;
  const indent = " ".repeat(STATE_WIDTH + CHECK_WIDTH);
  const rows = lines.flatMap(({ check, state, says, next }) => [
    `${marks[state].padEnd(STATE_WIDTH)}${check.padEnd(CHECK_WIDTH)}${says}`,
    ...(next === undefined ? [] : [`${indent}→ ${next}`]),
  ]);
  const sum = `Failures: ${count("failure")}, warnings: ${count("warning")}, ok: ${count("ok")}`;
  return [`cloudcert-mcp ${version} doctor`, "", ...rows, "", sum, ""].join("\n");
}
