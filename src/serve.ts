import { setImmediate, setTimeout } from "node:timers/promises";
import type { Configuration } from "./config.js";
import { examine } from "./doctor/examine.js";
import { TlsEdge } from "./edge/tls-edge.js";
import { gateFor } from "./gate-setup.js";
import { CONNECT_TIMEOUT, cloudOn, type Environment, openGround, secretsOf } from "./ground.js";
import { isOffered } from "./guard/policy.js";
import { Journal, journalFolder } from "./jobs/journal.js";
import { Lifetime } from "./lifetime.js";
import { instructions } from "./mcp/instructions.js";
import { createServer } from "./mcp/server.js";
import { serveStdio } from "./mcp/stdio.js";
import { offeredOperations, offeredServices } from "./offer.js";
import { thisComputer } from "./own-tool.js";
import { errorCodesOf, errorPage, operationPage } from "./pages/index.js";
import { References } from "./secrets/references/resolve.js";
import { Seal } from "./secrets/seal.js";
import { Vault } from "./secrets/vault/vault.js";
import { statusOf } from "./status.js";
import { version } from "./version.js";
import { visibleLines } from "./visible.js";
import { ownTools } from "./workflows/index.js";

/** How long a client may take to read the last replies, in milliseconds. */
const READ_OUT = 300;

/**
 * Runs the MCP server over stdio until the client goes away or `stop` aborts.
 * @returns the code for the shell: 1 after a defect, else 0
 */
export async function serve(configuration: Configuration, env: Environment, stop: AbortSignal): Promise<number> {
  const ground = await openGround(configuration, env);
  const { credentials } = ground;
  const seal = new Seal(secretsOf(credentials, env));
  const log = (line: string) => process.stderr.write(`cloudcert-mcp: ${visibleLines(seal.text(line))}\n`);
  const defect = endOnDefects(log);
  if (ground.notice !== undefined) log(ground.notice);
  const lifetime = new Lifetime();
  const { cloud, transport } = cloudOn(ground, configuration, env, log);
  const edge = new TlsEdge({
    standIns: [...ground.edge.addresses, ...configuration.edge],
    domains: configuration.edgeDomains,
    allowPrivate: configuration.edgePrivate,
    roots: ground.edge.roots,
    timeout: CONNECT_TIMEOUT,
    now: () => new Date(),
  });
  const operations = offeredOperations(configuration, credentials);
  const vault = new Vault();
  const tools = [...operations, ...ownTools.filter((tool) => isOffered(configuration, tool))];
  const { server, gate } = createServer({
    version,
    instructions: instructions({ ...configuration, operations, tools, huaweiProjectId: credentials.huaweiProjectId }),
    operations,
    huaweiProjectId: credentials.huaweiProjectId,
    tools,
    status: statusOf({ version, configuration, credentials, operations, toolCount: tools.length }),
    pages: { operationPage, errorPage, errorCodesOf },
    // The journal is read by a tool and as resources; who switches the tool off means both.
    showsJobs: isOffered(configuration, { name: "list_jobs", service: thisComputer, effect: "read" }),
    references: new References({
      directories: configuration.files,
      envPrefix: configuration.envPrefix,
      env,
      vault,
      allowInlineSecrets: configuration.allowInlineSecrets,
    }),
    vault,
    services: offeredServices(configuration.services, credentials),
    edge,
    journal: new Journal(configuration.jobs ?? journalFolder(configuration.sandbox), () => new Date()),
    maskPersonal: !configuration.showPersonalData,
    now: () => new Date(),
    pause: (ms, signal) => setTimeout(ms, undefined, { signal }),
    gateWith: gateFor(configuration, env, cloud, edge, log),
    approvalByToken: configuration.approve === "token",
    approvalWait: configuration.approvalWait,
    cloud,
    seal,
    lifetime,
    examine: async (client, signal) => ({
      ...(await examine({ configuration, env, ground, cloud }, client, signal)),
    }),
    log,
  });
  const broken = await serveStdio(server, AbortSignal.any([stop, defect]));
  if (broken !== undefined) log(broken);
  await lifetime.end();
  await Promise.all([transport.close(), gate.close(), ground.close()]);
  await readOut();
  return broken !== undefined || defect.aborted ? 1 : 0;
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
