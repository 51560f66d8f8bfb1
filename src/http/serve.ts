import { once } from "node:events";
import type { FastifyBaseLogger, FastifyInstance } from "fastify";
import { readTeamConfiguration } from "../config/command-line.js";
import { configuredSecrets, readRuntimeEnvironment } from "../config/environment.js";
import { ConfigurationError, isForOperator } from "../config/read.js";
import type { ListenAddress, TeamConfiguration } from "../config/team-options.js";
import type { EnvironmentVariables } from "../lib/environment.js";
import { messageOf, stackOf, systemCodeOf } from "../lib/failure.js";
import { OpenResources } from "../lib/open-resources.js";
import { withPackages } from "../lib/optional-packages.js";
import type { TextOutput } from "../lib/text-output.js";
import { machineTime } from "../lib/time-source.js";
import { endOnDefects } from "../lib/uncaught-errors.js";
import { Redactor } from "../secrets/redaction/redactor.js";
import { createApp, jsonLog, limitEach, limitPersons } from "./app.js";
import { Drain } from "./drain.js";
import { healthPaths, serveHealth } from "./health.js";
import { guardBoundary, writtenHosts } from "./host-and-origin.js";
import { serveEndpoint } from "./mcp-endpoint.js";
import type { Metrics } from "./metrics.js";
import { composeTeamServer, type TeamServer } from "./team-server.js";
import { authorityOf, checkTeamSettings, forRemoteCallers } from "./team-settings.js";
import { TlsFiles } from "./tls-files.js";

/** How long a client may take to send a request, in milliseconds, unless the operator says otherwise. */
const REQUEST_TIME = 30_000;

/** How often workspaces and sessions that nobody uses any more are closed, in milliseconds. */
const CLEANUP_INTERVAL = 60_000;

/** How long clients may take to read their last answers when the server ends, in milliseconds. */
const LAST_ANSWERS = 5_000;

/**
 * `cloudcert-mcp serve`: MCP for a team over Streamable HTTP, until `stop` aborts.
 * @returns the exit code: 1 after a defect, else 0
 * @throws {ConfigurationError} for settings that do not go together, or an address on which it cannot listen
 */
export async function serveTeam(
  args: readonly string[],
  env: EnvironmentVariables,
  output: TextOutput,
  stop: AbortSignal,
): Promise<number> {
  const { team, configuration: given } = readTeamConfiguration(args, env);
  const configuration = forRemoteCallers(given);
  const listen = checkTeamSettings(team, configuration);
  const environment = readRuntimeEnvironment(configuration, env);
  const redactor = new Redactor(configuredSecrets(environment));
  const tls = team.tlsCert && team.tlsKey ? new TlsFiles(team.tlsCert, team.tlsKey) : undefined;
  const served = tls?.read();

  const redact = (text: string) => redactor.redact(text);
  const app = await createApp({
    logger: jsonLog(output, redact),
    redact,
    tls: served,
    trustedProxies: team.trustedProxies,
    requestTime: team.requestTime ?? REQUEST_TIME,
    addressRateLimit: team.addressRateLimit,
  });
  const log = (line: string) => app.log.info(line);
  const report = (error: unknown) => app.log.error(stackOf(error));
  logWarnings(app.log);
  if (served?.warning !== undefined) app.log.warn(served.warning);
  const defect = endOnDefects(report);
  const end = AbortSignal.any([stop, defect]);
  const opened = new OpenResources();
  try {
    const metrics = await openMetrics(team.metrics);
    const server = await composeTeamServer({
      team,
      configuration,
      listen,
      env,
      environment,
      redactor,
      metrics,
      opened,
      log,
      report,
      end,
    });
    const phases = { leaving: new AbortController(), ending: new AbortController() };
    const serving = { team, listen, metrics, opened, phases };
    await mount(app, server, serving);
    const drain = await listenOn(app, server, serving);
    const tidying = setInterval(() => {
      server.workspaces.closeIdle();
      server.sessions?.closeIdle();
      server.tidy().catch((error: unknown) => log(`what has expired cannot be deleted: ${messageOf(error)}`));
      tls?.renew(app.server, { report, warn: (line) => app.log.warn(line) });
    }, CLEANUP_INTERVAL);
    opened.add(() => clearInterval(tidying));
    if (!end.aborted) await once(end, "abort");

    log("ending");
    phases.leaving.abort();
    if (!defect.aborted) await drain.run(team.drainTime);
    phases.ending.abort();
  } catch (error) {
    if (isForOperator(error)) throw error;
    report(error);
    return 1;
  } finally {
    await opened.close(report);
  }
  return defect.aborted ? 1 : 0;
}

/** Node.js prints them itself, in several lines, unless it was told not to: the log is one JSON document a line. */
function logWarnings(log: Pick<FastifyBaseLogger, "warn">): void {
  if (process.listenerCount("warning") === 0) return;
  process.removeAllListeners("warning");
  const isTraced = [...process.execArgv, process.env.NODE_OPTIONS].join(" ").includes("--trace-warnings");
  process.on("warning", (warning) =>
    log.warn(
      { warning: warning.name, code: systemCodeOf(warning), ...(isTraced && { stack: warning.stack }) },
      warning.message,
    ),
  );
}

interface Serving {
  readonly team: TeamConfiguration;
  readonly listen: ListenAddress;
  readonly metrics: Metrics | undefined;
  readonly opened: OpenResources;
  /** First proxies send nothing new here, then no more calls are accepted. */
  readonly phases: Readonly<Record<"leaving" | "ending", AbortController>>;
}

/** Gives the app all that can be called. */
async function mount(app: FastifyInstance, server: TeamServer, { team, metrics, phases }: Serving): Promise<void> {
  const { resource, needs, admission, pages, sessions, workspaces, connect, redact, now } = server;
  const { leaving, ending } = phases;
  app.addHook("onResponse", async (_request, { statusCode }) => {
    if (statusCode >= 400) metrics?.refused(statusCode);
  });
  guardBoundary(app, {
    hosts: new Set([resource.host, ...team.allowedHosts].flatMap((host) => writtenHosts(host, resource.protocol))),
    origins: new Set([resource.origin, ...team.allowedOrigins]),
    open: new Set(healthPaths),
  });
  serveHealth(app, leaving.signal, needs);
  admission.serveMetadata(app);
  if (pages !== undefined) {
    const { openPages } = await withPackages(() => import("./pages/routes.js"));
    await openPages(app, { ...pages, limited: limitEach(app, team.rateLimit) });
  }
  await app.register(async (guarded) => {
    admission.guard(guarded);
    limitPersons(guarded, team.rateLimit);
    serveEndpoint(guarded, {
      path: resource.pathname,
      admission,
      sessions,
      connect,
      redact,
      leaving: leaving.signal,
      ending: ending.signal,
      now,
    });
  });
  metrics?.watch("workspaces", "Workspaces of people that are open", () => workspaces.size);
  if (sessions !== undefined) metrics?.watch("sessions", "MCP sessions that are open", () => sessions.size);
}

/** Lets callers in. @returns what ends the server without losing a request */
async function listenOn(
  app: FastifyInstance,
  { sessions, callsInFlight }: TeamServer,
  { team, listen, metrics, opened }: Serving,
): Promise<Drain> {
  const { metrics: apart } = team;
  if (metrics !== undefined && apart !== undefined) {
    const metricsApp = await listening("--metrics", apart, () => metrics.serve(apart));
    opened.add(() => metricsApp.close());
  }
  const drain = new Drain(app.server);
  opened.add(() => app.close());
  opened.add(() => drain.close(LAST_ANSWERS));
  opened.add(() => sessions?.close());
  opened.add(() => callsInFlight.end());
  await listening("--http", listen, () => app.listen(listen));
  return drain;
}

/** @throws {ConfigurationError} if the system does not give the address, such as one in use */
async function listening<Result>(flag: string, address: ListenAddress, listen: () => Promise<Result>): Promise<Result> {
  try {
    return await listen();
  } catch (error) {
    throw new ConfigurationError(
      `${flag}: cannot listen on ${authorityOf(address)} (${systemCodeOf(error) ?? messageOf(error)}). Nothing was started`,
    );
  }
}

async function openMetrics(address: ListenAddress | undefined) {
  if (address === undefined) return undefined;
  const { Metrics } = await withPackages(() => import("./metrics.js"));
  return new Metrics(() => machineTime.now().getTime());
}
