import { randomBytes } from "node:crypto";
import { allOperations } from "../catalogue/index.js";
import { configuredSecrets, ownVariables, type RuntimeEnvironment } from "../config/environment.js";
import type { Configuration } from "../config/options.js";
import { Journal } from "../jobs/journal.js";
import type { EnvironmentVariables } from "../lib/environment.js";
import { userStateDirectory } from "../lib/paths.js";
import { machineTime, type TimeSource } from "../lib/time-source.js";
import { jobReporter } from "../notify/job-events.js";
import { type OtherAccount, readWithoutSecrets } from "../pipeline/call-context.js";
import type { Redactor } from "../secrets/redaction/redactor.js";
import { OwnSecrets } from "../secrets/references/own-secrets.js";
import { References } from "../secrets/references/resolve.js";
import { Vault } from "../secrets/vault/vault.js";
import type { TlsCheckOptions } from "../tls-check/tls-check.js";
import { listDomainsOfAll, type OtherListing } from "../tools/inventory/domains.js";
import { type Asking, createGate, createRecords } from "./approval.js";
import {
  accountResolver,
  createBackend,
  createCloudClient,
  createNotifier,
  createTlsCheck,
  standingEndpoints,
} from "./backend.js";
import { type Observer, observedAuditLog, observedTlsCheck } from "./observe-for-metrics.js";
import { approvalsFolder, openState, type ProgramState } from "./state.js";
import { enabledServices, enabledTools } from "./tool-selection.js";

/** What every composition of the program starts from. */
export interface CompositionOptions {
  readonly configuration: Configuration;
  readonly env: EnvironmentVariables;
  readonly environment: RuntimeEnvironment;
  readonly redactor: Redactor;
  /** Writes a line for the operator; never to stdout. */
  readonly log: (line: string) => void;
  /** The machine's if absent. */
  readonly time?: TimeSource;
  /** What a public client is taken to trust; what Node.js trusts if absent. */
  readonly trust?: Pick<TlsCheckOptions, "roots" | "judge">;
  /** What is remembered, if several compositions share it; else one of its own, as the settings say. */
  readonly state?: ProgramState;
  /** If absent, nothing is observed. */
  readonly observer?: Observer | undefined;
}

/** The composed program, without a caller: the server, the report and the shell commands are built on it. */
export type Composition = Awaited<ReturnType<typeof compose>>;

/** How long the last notifications of a command may take, in milliseconds; its outcome has been printed by then. */
const LAST_NOTIFICATIONS = 10_000;

/** Composes the program as the operator configured it. */
export async function compose(options: CompositionOptions) {
  const { configuration, env, environment, redactor, log, time = machineTime, trust, observer } = options;
  const created = await createBackend(configuration, environment);
  const backend = { ...created, edge: { ...created.edge, ...trust } };
  const { credentials } = backend;
  const { huaweiProjectId } = credentials;
  const redact = (text: string) => redactor.redact(text);
  const { now, elapsed, pause } = time;
  const networkCheck = createTlsCheck(backend, configuration, log, time);
  const tlsCheck = observer ? observedTlsCheck(networkCheck, observer) : networkCheck;
  const services = enabledServices(configuration.services, credentials);
  const { database } = environment;
  const state = options.state ?? (await openState({ configuration, database, redactor, now, log }));
  const { ratesFor } = state;
  const { cloud, transport } = createCloudClient(backend, configuration, log, {
    time,
    redactor,
    ratesFor: ratesFor && ((accountOf) => ratesFor(accountOf, time)),
    onFailure: observer && ((service, error) => observer.cloudFailed(service, error)),
  });
  const audit = observer ? observedAuditLog(state.audit, observer) : state.audit;
  const endpointOf = standingEndpoints(backend, configuration);
  const records = createRecords({ ...state, audit, terms: state.termsOf(environment.account?.name), endpointOf }, now);
  const accountFor = accountResolver(backend, configuration);
  const jobs = state.jobsIn(backend.jobs, environment.account?.name);
  // After all that may fail: what is begun here has to be closed.
  const notifier = createNotifier(configuration, environment, { env, redact, log, time });
  const journal = new Journal(jobs, now, { accountFor, redact, onSaved: jobReporter(notifier.notify) });
  const vault = new Vault({ maskSecrets: (secrets) => redactor.addSecrets(secrets) });
  const ownSecrets = createOwnSecrets(configuration, environment, env);
  return {
    backend,
    /** What no reference of a call may send. */
    ownSecrets,
    /** What `examine` needs of the clouds. */
    cloud,
    /** What calls share, whoever makes them. */
    shared: {
      cloud,
      redactor,
      references: new References({
        directories: configuration.files,
        envPrefix: configuration.envPrefix,
        ownSecrets,
        env,
        vault,
        allowInlineSecrets: configuration.allowInlineSecrets,
      }),
      vault,
      services,
      tlsCheck,
      journal,
      standingApprovals: records.standingApprovals,
      decisionsOn: records.decisionsOn,
      operations: enabledTools(allOperations, configuration, credentials),
      huaweiProjectId,
      accountName: environment.account?.name,
      maskPersonal: !configuration.showPersonalData,
      now,
      elapsed,
      nonce: randomBytes(4).toString("hex"),
      pause,
    },
    /** @param others accounts that whoever asks may read: an irreversible change looks there, too */
    gateWith: (asking: Asking, others: readonly OtherAccount[]) =>
      createGate(asking, {
        configuration,
        env,
        cloud,
        log,
        ...records,
        stateDeps: {
          tlsCheck,
          changedSince: (since) => journal.changedSince(since),
          listDomains: (read, signal) =>
            listDomainsOfAll(
              { read, signal, pause: (ms) => pause(ms, signal), services, huaweiProjectId },
              others.map((other) => listedBy(other, signal)),
            ),
        },
        notify: notifier.notify,
        time,
      }),
    /** Notifies people, as the operator configured it. Questions and jobs are reported without calling this. */
    notify: notifier.notify,
    /** @param lastMs how long waiting notifications may still take, in milliseconds */
    close: async (lastMs = LAST_NOTIFICATIONS) => {
      await Promise.all([transport.close(), backend.close(), notifier.close(lastMs)]);
      if (options.state === undefined) await state.close();
    },
  };
}

/** Another account, as far as its lists are read before a change. */
function listedBy({ name, within }: OtherAccount, signal: AbortSignal): OtherListing {
  return {
    name,
    within: (work) =>
      within(({ cloud, services, huaweiProjectId, pause }) =>
        work({
          read: (operation, params) => readWithoutSecrets(cloud, operation, params, signal),
          signal,
          pause: (ms) => pause(ms, signal),
          services,
          huaweiProjectId,
        }),
      ),
  };
}

function createOwnSecrets(
  { accounts, auditLog, evidenceKey }: Configuration,
  environment: RuntimeEnvironment,
  env: EnvironmentVariables,
): OwnSecrets {
  const kept = auditLog === undefined ? [] : [approvalsFolder(auditLog)];
  return new OwnSecrets({
    references: environment.references,
    variables: ownVariables(environment, env),
    secrets: configuredSecrets(environment),
    env,
    files: [accounts, auditLog, evidenceKey].filter((path) => path !== undefined),
    folders: [userStateDirectory(), ...kept].filter((path) => path !== undefined),
  });
}
