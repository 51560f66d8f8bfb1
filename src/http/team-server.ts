import { type AccessRules, readOnlyRules } from "../access/rules.js";
import { QuestionLimits } from "../approval/question-limits.js";
import { configuredSecrets, type RuntimeEnvironment } from "../config/environment.js";
import type { Configuration } from "../config/options.js";
import type { ListenAddress, TeamConfiguration } from "../config/team-options.js";
import type { Person } from "../identity/person.js";
import type { EnvironmentVariables } from "../lib/environment.js";
import { keepNewest } from "../lib/keep-newest.js";
import type { OpenResources } from "../lib/open-resources.js";
import { machineTime } from "../lib/time-source.js";
import { CallsInFlight } from "../mcp/calls-in-flight.js";
import type { Redactor } from "../secrets/redaction/redactor.js";
import type { NewEntry } from "../secrets/vault/vault.js";
import { runtimeAccounts } from "../setup/accounts.js";
import { otherAccount } from "../setup/other-account.js";
import { openState, realmOf } from "../setup/state.js";
import { Admission } from "./authenticate.js";
import { teamMcp } from "./mcp-server.js";
import type { Metrics } from "./metrics.js";
import { Sessions } from "./sessions.js";
import { accountNames, TeamAccount } from "./team-accounts.js";
import { readRules } from "./team-rules.js";
import { pageLoginOf, resourceOf, tokenChecksOf } from "./team-settings.js";
import { openStores, tryStores } from "./team-stores.js";
import { Vaults } from "./vaults.js";
import { Workspaces } from "./workspaces.js";

/** How long the last notifications may take when the server ends, in milliseconds. */
const LAST_NOTIFICATIONS = 3_000;

interface TeamServerOptions {
  readonly team: TeamConfiguration;
  /** For remote callers. */
  readonly configuration: Configuration;
  readonly listen: ListenAddress;
  readonly env: EnvironmentVariables;
  readonly environment: RuntimeEnvironment;
  readonly redactor: Redactor;
  readonly metrics: Metrics | undefined;
  /** Gets what is to be closed. */
  readonly opened: OpenResources;
  readonly log: (line: string) => void;
  readonly report: (error: unknown) => void;
  /** When the server is to end, also before it is composed. */
  readonly end: AbortSignal;
}

/** What the routes of the team's server work with. */
export type TeamServer = Awaited<ReturnType<typeof composeTeamServer>>;

/**
 * Composes the team's server from its settings, without anything to call yet.
 * @throws {ConfigurationError} for settings that do not go together
 */
export async function composeTeamServer(options: TeamServerOptions) {
  const { team, configuration, listen, env, environment, redactor, metrics, opened, log, report, end } = options;
  const redact = (text: string) => redactor.redact(text);
  const { elapsed } = machineTime;
  const now = () => machineTime.now().getTime();
  const resource = resourceOf(team, listen);
  const checks = await tokenChecksOf(team, resource, machineTime, log);
  // Where the login's secret is, is said by a setting of this server alone.
  const references = [...environment.references, ...(team.loginSecret === undefined ? [] : [team.loginSecret])];
  const served = await runtimeAccounts(configuration, env, { ...environment, references });
  redactor.addSecrets(served.flatMap((account) => configuredSecrets(account.environment)));
  const { database } = environment;
  const isOwnSandbox = checks.anybody !== undefined && team.rules === undefined;
  const rules = isOwnSandbox ? rulesByScope : await readRules(team, accountNames(served));
  const maskSecrets = (secrets: readonly string[]) => redactor.addSecrets(secrets);
  const state = await openState({ configuration, database, redactor, now: machineTime.now, log });
  opened.add(() => state.close());
  const stores = openStores(state.database, database, realmOf(configuration), machineTime.now);
  const { questions, records, logins, vault, bindingKey, needs } = stores;
  await tryStores(stores, log, end, machineTime);
  const vaults = new Vaults({ now: machineTime.now, maskSecrets, shared: vault, log });
  opened.add(() => vaults.close());
  const login = pageLoginOf(team, resource, env, maskSecrets, log);
  login?.clientSecret?.();
  if (login === undefined && team.rules !== undefined)
    log("nobody can approve anything: without --login-client there is no page on which people decide");
  // A link is useful only if people can reach this server by it.
  const addressOf = login && team.publicUrl && ((id: string) => new URL(`/approvals/${id}`, login.origin).href);
  const callsInFlight = new CallsInFlight();
  const limitsOf = limitsByPerson(elapsed);
  const workspaces = new Workspaces({ elapsed, report });
  const accounts: readonly TeamAccount[] = served.map(
    (account) =>
      new TeamAccount(account, {
        env,
        redactor,
        state,
        callsInFlight,
        observer: metrics,
        onAnswered: metrics?.answered,
        // Whoever uses a sandbox on this computer is asked in a terminal.
        askFor: (person, name) =>
          isOwnSandbox
            ? { limits: limitsOf(person) }
            : { team: { questions, rules, person, account: name, addressOf, bindingKey }, limits: limitsOf(person) },
        directoriesOf: (person) => rules.directoriesOf(person),
        othersFor: (person, name) =>
          accounts
            .filter((other) => other.name !== name && rules.mayRead(person, other.name))
            .map((other) =>
              otherAccount(other.name, (work) => workspaces.within(person, other, ({ context }) => work(context)), log),
            ),
        vaults,
        log,
      }),
  );
  const changeableBy = (person: Person) => accounts.filter(({ name }) => rules.mayChange(person, name));
  opened.add(() => Promise.all(accounts.map((account) => account.close(LAST_NOTIFICATIONS))));
  opened.add(() => workspaces.close());
  const sessions = team.httpSessions ? new Sessions(elapsed) : undefined;
  const { sandbox, readOnly } = configuration;
  const scopes = readOnly ? (["certs:read"] as const) : (["certs:read", "certs:change"] as const);
  return {
    resource,
    callsInFlight,
    workspaces,
    sessions,
    needs,
    /** Deletes what has expired; to be called regularly. */
    tidy: async () => {
      vaults.tidy();
      await stores.tidy();
    },
    connect: teamMcp({ accounts, workspaces, rules, sandbox, readOnly, now, report }),
    admission: new Admission({
      ...checks,
      known: (person) => rules.known(person),
      resource,
      issuer: team.issuer,
      scopes,
      mask: maskSecrets,
    }),
    /** Absent if nobody can log in. */
    pages: login && {
      ...login,
      questions,
      records,
      logins,
      rules,
      /** What people upload goes into their own vaults. */
      uploads: {
        accountsOf: (person: Person) => changeableBy(person).map(({ name }) => name),
        keep: async (person: Person, account: string, entry: NewEntry) => {
          const place = changeableBy(person).find(({ name }) => name === account);
          if (place === undefined) throw new Error("an upload to an account that is not the person's");
          return workspaces.within(person, place, async ({ vault }) => {
            const reference = vault.keep(entry);
            await vault.saved();
            return reference;
          });
        },
      },
      language: configuration.language,
      log,
    },
    redact,
    now,
  };
}

/** For the user of a sandbox on this computer. */
const rulesByScope: AccessRules = { ...readOnlyRules, mayChange: ({ scopes }) => scopes.has("certs:change") };

const MAX_COUNTED_PERSONS = 1_000;

/** Each person has limits of their own, for all accounts together, which outlast a workspace. */
function limitsByPerson(elapsed: () => number): (person: Person) => QuestionLimits {
  const known = new Map<string, QuestionLimits>();
  return ({ id }) => {
    const limits = known.get(id) ?? new QuestionLimits(elapsed);
    keepNewest(known, id, limits, MAX_COUNTED_PERSONS);
    return limits;
  };
}
