import { setImmediate, setTimeout } from "node:timers/promises";
import { configuredSecrets, readRuntimeEnvironment } from "../config/environment.js";
import type { Configuration } from "../config/options.js";
import { isForOperator } from "../config/read.js";
import type { EnvironmentVariables } from "../lib/environment.js";
import { stackOf } from "../lib/failure.js";
import { whyNotReadable } from "../lib/paths.js";
import { escapeInvisibleLines } from "../lib/safe-text.js";
import { endOnDefects } from "../lib/uncaught-errors.js";
import { version } from "../lib/version.js";
import { withApproval } from "../mcp/approval-argument.js";
import { CallsInFlight } from "../mcp/calls-in-flight.js";
import { instructions } from "../mcp/instructions.js";
import { createServer } from "../mcp/server.js";
import { serveStdio } from "../mcp/stdio.js";
import { Redactor } from "../secrets/redaction/redactor.js";
import { runtimeAccounts } from "../setup/accounts.js";
import { instructedAccounts, listedTools, offerOf } from "../setup/offered-tools.js";
import { restrictedTools } from "../setup/tool-selection.js";
import type { RuntimeOptions, startRuntime } from "./runtime.js";

/** How long a client may take to read the last replies, in milliseconds. */
const READ_OUT = 300;

/**
 * Runs the MCP server over stdio until the client disconnects or `stop` aborts.
 * @returns the exit code: 1 after a defect, else 0
 * @throws {ConfigurationError} if the environment names an invalid proxy
 */
export async function serve(
  configuration: Configuration,
  env: EnvironmentVariables,
  stop: AbortSignal,
): Promise<number> {
  const environment = readRuntimeEnvironment(configuration, env);
  const accounts = await runtimeAccounts(configuration, env, environment);
  const offers = accounts.map(offerOf);
  // Of every account: a cloud may repeat the key of one in a reply to another.
  const redactor = new Redactor(accounts.flatMap((account) => configuredSecrets(account.environment)));
  const log = (line: string) => process.stderr.write(`cloudcert-mcp: ${escapeInvisibleLines(redactor.redact(line))}\n`);
  const defect = endOnDefects((error) => log(inLog(error)));
  try {
    await serveOffers({ configuration, env, offers, redactor, log }, AbortSignal.any([stop, defect]));
  } catch (error) {
    if (isForOperator(error)) throw error;
    log(inLog(error));
    return 1;
  }
  return defect.aborted ? 1 : 0;
}

interface Serving extends Pick<RuntimeOptions, "env" | "offers" | "redactor" | "log"> {
  readonly configuration: Configuration;
}

async function serveOffers({ configuration, env, offers, redactor, log }: Serving, end: AbortSignal): Promise<void> {
  for (const directory of configuration.files) {
    const fault = whyNotReadable(directory);
    if (fault !== undefined)
      log(`--files ${directory} ${fault}: nothing below it can be read. Pass one directory per --files.`);
  }
  const callsInFlight = new CallsInFlight();
  const tools = listedTools(offers);
  const accounts = instructedAccounts(offers);
  for (const { tool, without } of restrictedTools(configuration, accounts.offered)) {
    log(`policy: ${tool} cannot use ${without.join(", ")}, which --allow or --deny excludes`);
  }
  const server = createServer({
    version,
    instructions: instructions({ ...configuration, shown: tools, ...accounts }),
    tools: tools.map(({ shown, effect }) =>
      configuration.approve === "token" && effect !== "read" ? withApproval(shown) : shown,
    ),
  });
  let runtime: ReturnType<typeof startRuntime> | undefined;
  const begin = async () => {
    const { startRuntime } = await import("./on-demand.js");
    return startRuntime({ server, env, offers, redactor, callsInFlight, log });
  };
  const complete = () => {
    runtime ??= begin();
    return runtime;
  };
  // Without a runtime nothing secret has been read, so there is nothing to redact.
  const redact = (line: string) => (runtime === undefined ? line : redactor.redact(line));
  await serveStdio(server, complete, end, redact);
  await callsInFlight.end();
  // A failed start has been reported as a defect.
  await runtime?.then(
    (started) => started.close(),
    () => {},
  );
  await readOut();
}

/** The message of a failure is enough for a person; a defect needs its stack. */
function inLog(error: unknown): string {
  return isForOperator(error) ? error.message : stackOf(error);
}

async function readOut(): Promise<void> {
  // The result of a call has not reached stdout yet.
  await setImmediate();
  const written = new Promise<void>((resolve) => process.stdout.write("", () => resolve()));
  await Promise.race([written, setTimeout(READ_OUT, undefined, { ref: false })]);
}
