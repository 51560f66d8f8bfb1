import { once } from "node:events";
import { type AccessRules, readsAlone } from "../access/rules.js";
import { configuredSecrets, readRuntimeEnvironment } from "../config/environment.js";
import { readTeamConfiguration } from "../config/own-flags.js";
import { readConfiguration } from "../config/read.js";
import type { ListenAddress } from "../config/team-options.js";
import { endOnDefects } from "../lib/defects.js";
import type { EnvironmentVariables } from "../lib/environment.js";
import { stackOf } from "../lib/failure.js";
import { withPackages } from "../lib/optional-packages.js";
import type { TextOutput } from "../lib/text-output.js";
import { machineTime } from "../lib/time-source.js";
import { CallsInFlight } from "../mcp/calls-in-flight.js";
import { Redactor } from "../secrets/redaction/redactor.js";
import { runtimeAccounts } from "../setup/accounts.js";
import { openState, realmOf } from "../setup/state.js";
import { Admission } from "./admission.js";
import { createApp, jsonLog, limitEach, limitPersons } from "./app.js";
import { guardBoundary } from "./boundary.js";
import { Drain } from "./drain.js";
import { healthPaths, serveHealth } from "./health.js";
import { serveEndpoint } from "./mcp-endpoint.js";
import { teamMcp } from "./mcp-server.js";
import { Sessions } from "./sessions.js";
import { openStores, readRules, uploadsInto } from "./team.js";
import { accountNames, TeamAccount } from "./team-accounts.js";
import { checkTeamSettings, forRemoteCallers, pageLoginOf, resourceOf, tokenChecksOf } from "./team-settings.js";
import { TlsFiles } from "./tls-files.js";
import { Vaults } from "./vaults.js";
import { Workspaces } from "./workspaces.js";

/** How long a client may take to send a request, in milliseconds, unless the operator says otherwise. */
const REQUEST_TIME = 30_000;

/** How often workspaces and sessions that nobody uses any more are closed, in milliseconds. */
const TIDYING = 60_000;

/** How long the last notifications may take when the server ends, in milliseconds. */
const LAST_NOTIFICATIONS = 3_000;

/** How long clients may take to read their last answers when the server ends, in milliseconds. */
const LAST_ANSWERS = 5_000;

/**
 * `cloudcert-mcp serve`: MCP for a team over Streamable HTTP, until `stop` aborts.
 * @returns the exit code: 1 after a defect, else 0
 * @throws {ConfigurationError} for settings that do not go together
 */
export async function serveTeam(
  args: readonly string[],
  env: EnvironmentVariables,
  output: TextOutput,
  stop: AbortSignal,
): Promise<number> {
  const { team, settings } = readTeamConfiguration(args, env);
  const configuration = forRemoteCallers(readConfiguration(settings, env));
  const listen = checkTeamSettings(team, configuration);
  const environment = readRuntimeEnvironment(configuration, env);
  const redactor = new Redactor(configuredSecrets(environment));
  const redact = (text: string) => redactor.redact(text);
  const tls = team.tlsCert && team.tlsKey ? new TlsFiles(team.tlsCert, team.tlsKey) : undefined;

  const app = await createApp({
    logger: jsonLog(output, redact),
    tls: tls?.read(),
    trustedProxies: team.trustedProxies,
    requestTime: team.requestTime ?? REQUEST_TIME,
    addressRateLimit: team.addressRateLimit,
  });
  const drain = new Drain(app.server);
  const log = (line: string) => app.log.info(line);
  const report = (error: unknown) => app.log.error(stackOf(error));
  const defect = endOnDefects(report);
  const metrics = await openMetrics(team.metrics);
  app.addHook("onResponse", async (_request, { statusCode }) => {
    if (statusCode >= 400) metrics?.refused(statusCode);
  });
  // First proxies send nothing new here, then no more calls are accepted.
  const leaving = new AbortController();
  const ending = new AbortController();
  const callsInFlight = new CallsInFlight();

  const { elapsed } = machineTime;
  const now = () => machineTime.now().getTime();
  const resource = resourceOf(team, listen);
  const checks = tokenChecksOf(team, resource, machineTime, log);
  const served = await runtimeAccounts(configuration, env, environment);
  const { database } = environment;
  const state = await openState({ configuration, database, redact, now: machineTime.now, log });
  const isOwnSandbox = checks.anybody !== undefined && team.rules === undefined;
  const rules = isOwnSandbox ? scopesAlone : await readRules(team.rules, accountNames(served));
  const realm = realmOf(configuration);
  const { questions, records, logins, vault, bindingKey } = openStores(
    state.database,
    database,
    realm,
    machineTime.now,
  );
  const vaults = new Vaults({
    now: machineTime.now,
    learn: (secrets) => redactor.addSecrets(secrets),
    shared: vault,
    log,
  });
  const login = pageLoginOf(team, resource, env);
  if (login?.clientSecret !== undefined) redactor.addSecrets([login.clientSecret]);
  if (login === undefined && team.rules !== undefined)
    log("nobody can approve anything: without --login-client there is no page on which people decide");
  // A link is useful only if people can reach this server by it.
  const addressOf = login && team.publicUrl && ((id: string) => new URL(`/approvals/${id}`, login.origin).href);
  const accounts = served.map(
    (account) =>
      new TeamAccount(account, {
        env,
        redactor,
        state,
        callsInFlight,
        observer: metrics,
        answered: metrics?.answered,
        // Whoever uses a sandbox on this computer is asked in a terminal.
        askFor: (person, name) =>
          isOwnSandbox
            ? { oneOfMany: true }
            : { team: { questions, rules, person, account: name, addressOf, bindingKey } },
        directoriesOf: (person) => rules.directoriesOf(person),
        vaults,
        log,
      }),
  );
  const workspaces = new Workspaces({ elapsed, report });
  const sessions = team.httpSessions ? new Sessions(elapsed) : undefined;
  const { sandbox, readOnly } = configuration;
  const connect = teamMcp({ accounts, workspaces, rules, sandbox, readOnly, now, report });

  const scopes = readOnly ? (["certs:read"] as const) : (["certs:read", "certs:change"] as const);
  const admission = new Admission({
    ...checks,
    known: (person) => rules.known(person),
    resource,
    issuer: team.issuer,
    scopes,
    mask: (secrets) => redactor.addSecrets(secrets),
  });
  guardBoundary(app, {
    hosts: new Set([resource.host, ...team.allowedHosts]),
    origins: new Set([resource.origin, ...team.allowedOrigins]),
    open: new Set(healthPaths),
  });
  const { database: shared } = state;
  serveHealth(app, leaving.signal, shared ? { database: () => shared.run("SELECT 1") } : {});
  admission.serveMetadata(app);
  if (login !== undefined) {
    const { openPages } = await withPackages(() => import("./pages/open-pages.js"));
    await openPages(app, {
      ...login,
      questions,
      records,
      logins,
      rules,
      uploads: uploadsInto({ accounts, workspaces, rules }),
      language: configuration.language,
      limited: limitEach(app, team.rateLimit),
      log,
    });
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

  const metricsApp = team.metrics && (await metrics?.serve(team.metrics));
  await app.listen(listen);
  const tidying = setInterval(() => {
    workspaces.closeIdle();
    sessions?.closeIdle();
    vaults.tidy();
    tls?.renew(app.server, report);
  }, TIDYING);
  const end = AbortSignal.any([stop, defect]);
  if (!end.aborted) await once(end, "abort");

  log("ending");
  leaving.abort();
  if (!defect.aborted) await drain.run(team.drainTime);
  ending.abort();
  clearInterval(tidying);
  await callsInFlight.end();
  await sessions?.close();
  await drain.close(LAST_ANSWERS);
  await app.close();
  await metricsApp?.close();
  await workspaces.close();
  await Promise.all(accounts.map((account) => account.close(LAST_NOTIFICATIONS)));
  vaults.close();
  await state.close();
  return defect.aborted ? 1 : 0;
}

/** For the user of a sandbox on this computer. */
const scopesAlone: AccessRules = { ...readsAlone, mayChange: ({ scopes }) => scopes.has("certs:change") };

async function openMetrics(address: ListenAddress | undefined) {
  if (address === undefined) return undefined;
  const { Metrics } = await withPackages(() => import("./metrics.js"));
  return new Metrics(() => machineTime.now().getTime());
}
