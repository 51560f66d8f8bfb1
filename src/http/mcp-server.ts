import type { AccessRules } from "../access/rules.js";
import type { Person, Scope } from "../identity/person.js";
import { version } from "../lib/version.js";
import { type ReachedAccount, registerAccounts } from "../mcp/accounts.js";
import { registerToolHandlers } from "../mcp/calls.js";
import type { HttpTransport } from "../mcp/http-transport.js";
import { instructions } from "../mcp/instructions.js";
import { createServer } from "../mcp/server.js";
import { type ToolManifestEntry, toolManifest } from "../mcp/tool-manifest.js";
import { instructedAccounts, listedTools } from "../setup/offer.js";
import { saveToFile } from "../tools/save-to-file.js";
import { requestNow } from "./request-facts.js";
import type { TeamAccount } from "./team-accounts.js";
import type { Workspaces } from "./workspaces.js";

export interface TeamMcpOptions {
  readonly accounts: readonly TeamAccount[];
  readonly workspaces: Pick<Workspaces, "within">;
  readonly rules: Pick<AccessRules, "mayRead" | "mayChange" | "directoriesOf">;
  readonly sandbox: boolean;
  readonly readOnly: boolean;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  /** Reports a defect of this program. */
  readonly report: (error: unknown) => void;
}

/** The scopes that a call of the tool needs; empty for a read, which every admitted caller may make. */
export function scopesOf(name: string): readonly Scope[] {
  const tool = toolManifest.find((each) => each.name === name);
  return tool === undefined || tool.effect === "read" ? [] : ["certs:read", "certs:change"];
}

type Tool = Pick<ToolManifestEntry, "name" | "effect">;

/** MCP for remote people: each of their requests or sessions gets a server that knows only what is theirs. */
export class TeamMcp {
  readonly #options: TeamMcpOptions;

  constructor(options: TeamMcpOptions) {
    this.#options = options;
  }

  /** Connects a new server to a transport. It answers the caller of the current request. */
  async connect(transport: HttpTransport): Promise<void> {
    const { person } = caller().identity;
    const { server } = createServer({
      version,
      instructions: this.#instructionsFor(person),
      tools: () => this.#listed(caller().identity.person).map(({ shown }) => shown),
    });
    registerAccounts(server, () => this.#reached(caller().identity.person), this.#options.report);
    await server.connect(transport);
  }

  #listed(person: Person): readonly ToolManifestEntry[] {
    const allowed = this.#allowed(person);
    return listedTools(
      allowed.map(({ account }) => account.offer),
      (served, tool) => allowed.some(({ account, may }) => account.offer.account === served && may(tool)),
    );
  }

  #instructionsFor(person: Person): string {
    const { sandbox, readOnly, rules } = this.#options;
    const offers = this.#allowed(person).map(({ account }) => account.offer);
    const offered = toolManifest.filter((entry) => offers.some((offer) => offer.offered.includes(entry)));
    return instructions({
      sandbox,
      readOnly,
      files: rules.directoriesOf(person),
      envPrefix: undefined,
      elsewhere: true,
      offered,
      shown: this.#listed(person),
      ...instructedAccounts(offers),
    });
  }

  #reached(person: Person): readonly ReachedAccount[] {
    const { workspaces, now } = this.#options;
    return this.#allowed(person).map(({ account, may }) => ({
      name: account.name,
      clouds: account.offer.account.clouds,
      tools: account.tools.filter(may),
      within: (host, work) =>
        workspaces.within(person, account, async (workspace) => {
          registerToolHandlers(host, workspace, () => {
            const { until, ...facts } = caller();
            const { identity, stillAdmitted, hungUp } = facts;
            const timeLeft = Math.max(0, until - now());
            return { identity, stillAdmitted, tools: workspace.tools.filter(may), timeLeft, hungUp };
          });
          return work();
        }),
    }));
  }

  /** The accounts that a person may use, with what they may do in each. */
  #allowed(person: Person) {
    const { accounts, rules } = this.#options;
    const namesFiles = rules.directoriesOf(person).length > 0;
    return accounts.flatMap((account) => {
      const [mayRead, mayChange] = [rules.mayRead(person, account.name), rules.mayChange(person, account.name)];
      const may = ({ name, effect }: Tool) =>
        (effect === "read" ? mayRead : mayChange) && (name !== saveToFile.name || namesFiles);
      return mayRead || mayChange ? [{ account, may }] : [];
    });
  }
}

function caller() {
  const facts = requestNow();
  if (facts === undefined) throw new Error("a request is handled outside of any");
  return facts;
}
