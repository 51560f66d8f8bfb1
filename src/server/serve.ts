import { setImmediate, setTimeout } from "node:timers/promises";
import { configuredSecrets, type EnvironmentVariables, readRuntimeEnvironment } from "../config/environment.js";
import type { Configuration } from "../config/options.js";
import { ConfigurationError } from "../config/read.js";
import { escapeInvisibleLines } from "../lib/escape-text.js";
import { whyNotReadable } from "../lib/paths.js";
import { ToolError } from "../lib/tool-error.js";
import { version } from "../lib/version.js";
import { withApproval } from "../mcp/approval-argument.js";
import { CallsInFlight } from "../mcp/calls-in-flight.js";
import { instructions } from "../mcp/instructions.js";
import { createServer } from "../mcp/server.js";
import { serveStdio } from "../mcp/stdio.js";
import { toolManifest } from "../mcp/tool-manifest.js";
import { Redactor } from "../secrets/redaction/redactor.js";
import { enabledTools, restrictedTools, visibleTools } from "../setup/tool-selection.js";
import type { Runtime } from "./runtime.js";

/** How long a client may take to read the last replies, in milliseconds. */
const READ_OUT = 300;

/**
 * Runs the MCP server over stdio until the client goes away or `stop` aborts.
 * @returns the code for the shell: 1 after a defect, else 0
 * @throws {ConfigurationError} when the environment names a proxy that is none
 */
export async function serve(
  configuration: Configuration,
  env: EnvironmentVariables,
  stop: AbortSignal,
): Promise<number> {
  const environment = readRuntimeEnvironment(configuration, env);
  const { credentials } = environment;
  const redactor = new Redactor(configuredSecrets(credentials));
  const log = (line: string) => process.stderr.write(`cloudcert-mcp: ${escapeInvisibleLines(redactor.redact(line))}\n`);
  const defect = endOnDefects(log);
  for (const directory of configuration.files) {
    const fault = whyNotReadable(directory);
    if (fault !== undefined)
      log(`--files ${directory} ${fault}: nothing below it can be read. Name one for each --files.`);
  }
  const callsInFlight = new CallsInFlight();
  const offered = enabledTools(toolManifest, configuration, credentials);
  const tools = visibleTools(offered, configuration);
  for (const { tool, without } of restrictedTools(configuration, offered)) {
    log(`policy: ${tool} has to do without ${without.join(", ")}, which --allow or --deny excludes`);
  }
  const listing = createServer({
    version,
    instructions: instructions({
      ...configuration,
      offered,
      shown: tools,
      huaweiProjectId: credentials.huaweiProjectId,
    }),
    tools: tools.map(({ shown, effect }) =>
      configuration.approve === "token" && effect !== "read" ? withApproval(shown) : shown,
    ),
  });
  const shown = tools.map(({ name }) => name);
  let runtime: Promise<Runtime> | undefined;
  const begin = async () => {
    const { startRuntime } = await import("./on-demand.js");
    return startRuntime({ listing, configuration, env, environment, shown, redactor, callsInFlight, log });
  };
  const complete = () => {
    runtime ??= begin();
    return runtime;
  };
  // Until there is a runtime, all that can be said is what was written before anything was read.
  const redact = (line: string) => (runtime === undefined ? line : redactor.redact(line));
  await serveStdio(listing.server, complete, AbortSignal.any([stop, defect]), redact);
  await callsInFlight.end();
  // One that did not start has been reported as a defect.
  await runtime?.then(
    (started) => started.close(),
    () => {},
  );
  await readOut();
  return defect.aborted ? 1 : 0;
}

/** A failure says to a person what there is to say; of a defect the place counts. */
function inLog(error: unknown): string {
  if (error instanceof ToolError || error instanceof ConfigurationError) return error.message;
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}

/** Gives the client the time to read what was answered last. */
async function readOut(): Promise<void> {
  // What a call gave has yet to be handed to stdout.
  await setImmediate();
  const written = new Promise<void>((resolve) => process.stdout.write("", () => resolve()));
  await Promise.race([written, setTimeout(READ_OUT, undefined, { ref: false })]);
}

/**
 * A defect ends the process, as it would anyway, but not before its text has gone through the redactor, and what was sent has
 * been written down. A second one shows that this cannot be waited for.
 * @returns what aborts at the first defect
 */
function endOnDefects(log: (line: string) => void): AbortSignal {
  const met = new AbortController();
  const end = (error: unknown) => {
    log(inLog(error));
    if (met.signal.aborted) process.exit(1);
    met.abort();
  };
  process.on("uncaughtException", end).on("unhandledRejection", end);
  // Where nobody reads what is logged, that is no reason to end.
  process.stderr.on("error", () => {});
  return met.signal;
}
