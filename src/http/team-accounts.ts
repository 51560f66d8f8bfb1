import { isOffered } from "../approval/policy.js";
import { callTimes } from "../config/options.js";
import type { Person } from "../identity/person.js";
import type { ToolManifestEntry } from "../mcp/tool-manifest.js";
import { shownTools } from "../mcp/tools.js";
import { createWorkspace, type WorkspaceOptions } from "../mcp/workspace.js";
import type { AnyTool, OtherAccount } from "../pipeline/call-context.js";
import { References } from "../secrets/references/resolve.js";
import type { RuntimeAccount } from "../setup/accounts.js";
import type { Asking } from "../setup/approval.js";
import { type Composition, type CompositionOptions, compose } from "../setup/composition.js";
import { type AccountOffer, offerOf } from "../setup/offered-tools.js";
import { statusOf } from "../setup/status.js";
import { checkSetup } from "../tools/check-setup.js";
import { listJobs } from "../tools/list-jobs.js";
import type { Vaults } from "./vaults.js";
import type { OpenWorkspace } from "./workspaces.js";

/** The name of the account of a server that has only one. */
const DEFAULT_ACCOUNT = "default";

/** The accounts' names, as rules have them. */
export function accountNames(accounts: readonly Pick<RuntimeAccount, "name">[]): readonly string[] {
  return accounts.map(({ name = DEFAULT_ACCOUNT }) => name);
}

interface TeamAccountOptions
  extends Omit<CompositionOptions, "configuration" | "environment">,
    Pick<WorkspaceOptions, "callsInFlight" | "onAnswered"> {
  /** Who is asked to approve what a person wants to change in the account. */
  readonly askFor: (person: Person, account: string) => Asking;
  /** Directories of this server below which the person may name files. */
  readonly directoriesOf: (person: Person) => readonly string[];
  /** The accounts beside this one that the person may read. */
  readonly othersFor: (person: Person, account: string) => readonly OtherAccount[];
  readonly vaults: Pick<Vaults, "take" | "giveBack">;
}

/** One account of the team's server, with all that its people share. It is composed on first use. */
export class TeamAccount {
  readonly name: string;
  readonly offer: AccountOffer;
  /** The tools that are shown to those who may use them. */
  readonly tools: readonly AnyTool[];
  readonly #options: TeamAccountOptions;
  #composing: Promise<Composition> | undefined;

  constructor(account: RuntimeAccount, options: TeamAccountOptions) {
    const { offered, shown } = offerOf(account);
    // It reports paths and settings of this server, which remote people must not see.
    const ours = (tools: readonly ToolManifestEntry[]) => tools.filter(({ name }) => name !== checkSetup.name);
    this.name = account.name ?? DEFAULT_ACCOUNT;
    this.offer = { account, offered: ours(offered), shown: ours(shown) };
    this.tools = shownTools(this.offer.shown);
    this.#options = options;
  }

  composed(): Promise<Composition> {
    this.#composing ??= this.#compose();
    // The next call tries again.
    this.#composing.catch(() => {
      this.#composing = undefined;
    });
    return this.#composing;
  }

  /** A person's workspace, with a gate, a vault and caches of its own. */
  async open(person: Person): Promise<OpenWorkspace> {
    const { askFor, directoriesOf, othersFor, vaults, callsInFlight, onAnswered, log } = this.#options;
    const { configuration, environment } = this.offer.account;
    const { allowInlineSecrets, callTime, approvalWait } = configuration;
    const { shared, ownSecrets, gateWith } = await this.composed();
    const vault = vaults.take(this.name, person.id);
    const directories = directoriesOf(person);
    const otherAccounts = othersFor(person, this.name);
    const gate = gateWith(askFor(person, this.name), otherAccounts);
    const { tools } = this;
    const workspace = createWorkspace({
      ...shared,
      otherAccounts,
      vault,
      references: new References({
        directories,
        envPrefix: undefined,
        env: {},
        ownSecrets,
        vault,
        allowInlineSecrets,
        remoteCallers: true,
      }),
      gate,
      tools,
      status: statusOf(configuration, environment.credentials, shared.operations, tools.length),
      listJobs: isOffered(configuration, listJobs) ? listJobs : undefined,
      approvalByToken: false,
      callTime: { ...callTimes, callTime, approvalWait },
      callsInFlight,
      takesOver: true,
      onAnswered,
      examine: async () => {
        throw new Error(`${checkSetup.name} is not offered here`);
      },
      log,
    });
    const close = async () => {
      await gate.close();
      vaults.giveBack(this.name, person.id);
    };
    return { workspace, close };
  }

  async #compose(): Promise<Composition> {
    const { configuration, environment } = this.offer.account;
    const composed = await compose({ ...this.#options, configuration, environment });
    const { notice } = composed.backend;
    if (notice !== undefined) this.#options.log(notice);
    return composed;
  }

  async close(lastMs: number): Promise<void> {
    await (await this.#composing?.catch(() => undefined))?.close(lastMs);
  }
}
