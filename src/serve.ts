import { randomBytes } from "node:crypto";
import { homedir } from "node:os";
import { setImmediate, setTimeout } from "node:timers/promises";
import type { ServiceId } from "./catalogue/services.js";
import { CloudClient } from "./cloud/client.js";
import { type Credentials, readCredentials } from "./cloud/credentials.js";
import { Transport } from "./cloud/transport.js";
import type { Configuration } from "./config.js";
import type { EdgeOptions } from "./edge/edge.js";
import { TlsEdge } from "./edge/tls-edge.js";
import { gateFor } from "./gate-setup.js";
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

const CONNECT_TIMEOUT = 10_000;

/** Far above any documented reply, a certificate list of 1,000 included. */
const MAX_REPLY_BYTES = 32 * 1024 * 1024;

type Environment = Readonly<Record<string, string | undefined>>;

/** How long a client may take to read the last replies, in milliseconds. */
const READ_OUT = 300;

/**
 * Runs the MCP server over stdio until the client goes away or `stop` aborts.
 * @returns the code for the shell: 1 after a defect, else 0
 */
export async function serve(configuration: Configuration, env: Environment, stop: AbortSignal): Promise<number> {
  const ground = configuration.sandbox ? await startSandboxGround(configuration) : realGround(configuration, env);
  const { credentials } = ground;
  const seal = new Seal(secretsOf(credentials));
  const log = (line: string) => process.stderr.write(`cloudcert-mcp: ${visibleLines(seal.text(line))}\n`);
  const defect = endOnDefects(log);
  if (ground.notice !== undefined) log(ground.notice);
  const lifetime = new Lifetime();
  const transport = new Transport({ connectTimeout: CONNECT_TIMEOUT, maxReplyBytes: MAX_REPLY_BYTES });
  const cloud = new CloudClient({
    credentials,
    endpoints: ground.endpoints,
    site: configuration.site,
    regions: regionsOf(configuration, env),
    tencentSignature: configuration.tencentSignature,
    timeout: configuration.timeout,
    transport,
    now: () => new Date(),
    nonce: () => randomBytes(16).toString("hex"),
    pause: (ms, signal) => setTimeout(ms, undefined, { signal }),
    random: Math.random,
    log,
  });
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

/** What the server works on: the clouds, or the sandbox. */
interface Ground {
  readonly credentials: Credentials;
  readonly endpoints: Partial<Readonly<Record<ServiceId, URL>>>;
  /** What stands in for the clouds' edge, and the roots to trust there; none where it is the real one. */
  readonly edge: Pick<EdgeOptions, "roots"> & { readonly addresses: EdgeOptions["standIns"] };
  /** What the operator should know. */
  readonly notice?: string;
  close(): Promise<void>;
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

function realGround({ endpoint }: Configuration, env: Environment): Ground {
  return {
    credentials: readCredentials(env, homedir()),
    endpoints: endpoint,
    edge: { addresses: [] },
    close: async () => {},
  };
}

async function startSandboxGround({ sandboxSpeed, endpoint }: Configuration): Promise<Ground> {
  // Loaded only here: it brings an X.509 and a zip library along.
  const { startSandbox } = await import("./sandbox/server.js");
  const sandbox = await startSandbox({ speed: sandboxSpeed });
  const addresses = Object.entries(sandbox.endpoints).map(([id, address]) => [id, new URL(address)] as const);
  return {
    credentials: readCredentials(sandbox.env, "/nonexistent"),
    endpoints: { ...Object.fromEntries(addresses), ...endpoint },
    edge: { addresses: sandbox.edge.addresses, roots: [sandbox.edge.rootPem] },
    notice: `sandbox is up; what it holds: ${sandbox.control}/state`,
    close: () => sandbox.close(),
  };
}

function regionsOf(configuration: Configuration, env: Environment) {
  const { tencentRegion: tencent, alibabaRegion: alibaba } = configuration;
  const huawei = configuration.huaweiRegion ?? env.HW_REGION_NAME;
  return { ...(tencent && { tencent }), ...(alibaba && { alibaba }), ...(huawei && { huawei }) };
}

/** The parts of the credentials that must never be shown; their ids may. */
function secretsOf({ tencent, alibaba, huawei }: Credentials): string[] {
  const huaweiSecrets =
    huawei && "authToken" in huawei ? [huawei.authToken] : [huawei?.secretKey, huawei?.securityToken];
  return [
    tencent?.secretKey,
    tencent?.token,
    alibaba?.accessKeySecret,
    alibaba?.securityToken,
    ...huaweiSecrets,
  ].filter((secret) => secret !== undefined);
}
