import { setImmediate, setTimeout } from "node:timers/promises";
import type { Configuration } from "./config/options.js";
import type { Engine } from "./engine.js";
import { Lifetime } from "./lifetime.js";
import { listedTools } from "./listed.js";
import { withApproval } from "./mcp/approval-argument.js";
import { instructions } from "./mcp/instructions.js";
import { createServer } from "./mcp/server.js";
import { serveStdio } from "./mcp/stdio.js";
import { offeredOf, shownOf } from "./offer.js";
import { Seal } from "./secrets/seal.js";
import { type Environment, secretsOf, surroundingsOf } from "./surroundings.js";
import { version } from "./version.js";
import { visibleLines } from "./visible.js";

/** How long a client may take to read the last replies, in milliseconds. */
const READ_OUT = 300;

/**
 * Runs the MCP server over stdio until the client goes away or `stop` aborts.
 * @returns the code for the shell: 1 after a defect, else 0
 * @throws {ConfigurationError} when the environment names a proxy that is none
 */
export async function serve(configuration: Configuration, env: Environment, stop: AbortSignal): Promise<number> {
  const surroundings = surroundingsOf(configuration, env);
  const { credentials } = surroundings;
  const seal = new Seal(secretsOf(credentials, env));
  const log = (line: string) => process.stderr.write(`cloudcert-mcp: ${visibleLines(seal.text(line))}\n`);
  const defect = endOnDefects(log);
  const lifetime = new Lifetime();
  const offered = offeredOf(listedTools, configuration, credentials);
  const tools = shownOf(offered, configuration);
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
  let engine: Promise<Engine> | undefined;
  const begin = async () => {
    const { startEngine } = await import("./on-demand.js");
    return startEngine({ listing, configuration, env, surroundings, shown, seal, lifetime, log });
  };
  const complete = () => {
    engine ??= begin();
    return engine;
  };
  await serveStdio(listing.server, complete, AbortSignal.any([stop, defect]));
  await lifetime.end();
  // One that did not start has been reported as a defect.
  await engine?.then(
    (started) => started.close(),
    () => {},
  );
  await readOut();
  return defect.aborted ? 1 : 0;
}

/** Gives the client the time to read what was answered last. */
async function readOut(): Promise<void> {
  // What a call gave has yet to be handed to stdout.
  await setImmediate();
  const written = new Promise<void>((resolve) => process.stdout.write("", () => resolve()));
  await Promise.race([written, setTimeout(READ_OUT, undefined, { ref: false })]);
}

/**
 * A defect ends the process, as it would anyway, but not before its text has gone through the seal, and what was sent has
 * been written down. A second one shows that this cannot be waited for.
 * @returns what aborts at the first defect
 */
function endOnDefects(log: (line: string) => void): AbortSignal {
  const met = new AbortController();
  const end = (error: unknown) => {
    log(error instanceof Error ? (error.stack ?? error.message) : String(error));
    if (met.signal.aborted) process.exit(1);
    met.abort();
  };
  process.on("uncaughtException", end).on("unhandledRejection", end);
  // Where nobody reads what is logged, that is no reason to end.
  process.stderr.on("error", () => {});
  return met.signal;
}
