import { randomBytes } from "node:crypto";
import { setTimeout } from "node:timers/promises";
import { isOffered } from "../approval/policy.js";
import { allOperations } from "../catalogue/index.js";
import type { EnvironmentVariables, RuntimeEnvironment } from "../config/environment.js";
import { type Configuration, callTimes } from "../config/options.js";
import { examine } from "../doctor/examine.js";
import { Journal } from "../jobs/journal.js";
import { version } from "../lib/version.js";
import { registerToolHandlers } from "../mcp/calls.js";
import type { CallsInFlight } from "../mcp/calls-in-flight.js";
import { errorCodesOf, errorPage, operationPage } from "../mcp/resources/pages/index.js";
import type { Listing } from "../mcp/server.js";
import { JobEvents } from "../notify/job-events.js";
import type { Redactor } from "../secrets/redaction/redactor.js";
import { References } from "../secrets/references/resolve.js";
import { Vault } from "../secrets/vault/vault.js";
import { createGate, type Looks } from "../setup/approval.js";
import { accountsOn, createBackend, createCloudClient, createTlsCheck } from "../setup/backend.js";
import { createNotifier } from "../setup/notifier.js";
import { statusOf } from "../setup/status.js";
import { enabledServices, enabledTools } from "../setup/tool-selection.js";
import { customTools } from "../tools/index.js";
import { listDomains } from "../tools/inventory/domains.js";
import { listJobs } from "../tools/list-jobs.js";

/** How long a server that ends still sends notifications, in milliseconds: clients kill one that takes longer. */
const LAST_NOTIFICATIONS = 1_500;

/** What a server has from its start. */
export interface RuntimeOptions {
  readonly listing: Listing;
  readonly configuration: Configuration;
  readonly env: EnvironmentVariables;
  readonly environment: RuntimeEnvironment;
  /** Names of the tools shown to the client. */
  readonly shown: readonly string[];
  readonly redactor: Redactor;
  readonly callsInFlight: CallsInFlight;
  readonly log: (line: string) => void;
}

/** What calls need. */
export interface Runtime {
  close(): Promise<void>;
}

/**
 * Makes the server carry out calls. Everything for that is loaded with this module and not at startup: many servers are
 * only ever asked for their tools.
 */
export async function startRuntime(started: RuntimeOptions): Promise<Runtime> {
  const { listing, configuration, env, environment, shown, redactor, callsInFlight, log } = started;
  const { credentials } = environment;
  const backend = await createBackend(configuration, environment);
  if (backend.notice !== undefined) log(backend.notice);
  const { cloud, transport } = createCloudClient(backend, configuration, env, log);
  const tlsCheck = createTlsCheck(backend, configuration, log);
  const redact = (text: string) => redactor.redact(text);
  const { huaweiProjectId } = credentials;
  const services = enabledServices(configuration.services, credentials);
  const pause = (ms: number, signal: AbortSignal) => setTimeout(ms, undefined, { signal });
  const operations = enabledTools(allOperations, configuration, credentials);
  const notifier = createNotifier(configuration, environment, env, redact, log);
  const jobEvents = new JobEvents(notifier.notify);
  const accounts = accountsOn(backend, configuration, env);
  const journal = new Journal(backend.jobs, () => new Date(), accounts, redact, jobEvents.saved);
  const vault = new Vault(undefined, undefined, (secrets) => redactor.addSecrets(secrets));
  const looks: Looks = {
    tlsCheck,
    changedSince: (time) => journal.changedSince(time),
    listDomains: (read, signal) =>
      listDomains({ read, signal, pause: (ms) => pause(ms, signal), services, huaweiProjectId }),
  };
  const gate = registerToolHandlers(listing, {
    operations,
    huaweiProjectId,
    tools: [...operations, ...customTools].filter(({ name }) => shown.includes(name)),
    status: statusOf({ version, configuration, credentials, operations, toolCount: shown.length }),
    pages: { operationPage, errorPage, errorCodesOf },
    // The journal is also readable as resources; switching off the tool switches off both.
    listJobs: isOffered(configuration, listJobs) ? listJobs : undefined,
    references: new References({
      directories: configuration.files,
      envPrefix: configuration.envPrefix,
      env,
      vault,
      allowInlineSecrets: configuration.allowInlineSecrets,
    }),
    vault,
    services,
    tlsCheck,
    journal,
    maskPersonal: !configuration.showPersonalData,
    now: () => new Date(),
    nonce: randomBytes(4).toString("hex"),
    pause,
    gateWith: createGate(configuration, env, cloud, log, redact, looks, notifier.notify),
    approvalByToken: configuration.approve === "token",
    callTime: { ...callTimes, callTime: configuration.callTime, approvalWait: configuration.approvalWait },
    cloud,
    redactor,
    callsInFlight,
    examine: async (client, signal) => ({
      ...(await examine({ configuration, env, backend, cloud }, client, signal)),
    }),
    log,
  });
  return {
    close: async () => {
      await Promise.all([transport.close(), gate.close(), notifier.close(LAST_NOTIFICATIONS), backend.close()]);
    },
  };
}
