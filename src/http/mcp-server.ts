import type { AccessRules } from "../access/rules.js";
import type { Person } from "../identity/person.js";
import { version } from "../lib/version.js";
import type { ChoosingTool } from "../mcp/account-argument.js";
import { handlersAcross, type ReachableAccount } from "../mcp/accounts.js";
import { handlersOf } from "../mcp/calls.js";
import type { Client } from "../mcp/connected-client.js";
import { registerHandlers } from "../mcp/handlers.js";
import type { HttpTransport } from "../mcp/http-transport.js";
import { instructions } from "../mcp/instructions.js";
import { createServer } from "../mcp/server.js";
import type { ToolManifestEntry } from "../mcp/tool-manifest.js";
import { instructedAccounts, listedTools } from "../setup/offered-tools.js";
import { saveToFile } from "../tools/save-to-file.js";
import { requestNow } from "./request-facts.js";
import type { TeamAccount } from "./team-accounts.js";
import type { Workspaces } from "./workspaces.js";

interface TeamMcpOptions {
  readonly accounts: readonly TeamAccount[];
  readonly workspaces: Pick<Workspaces, "within">;
  readonly rules: Pick<AccessRules, "mayRead" | "mayChange" | "directoriesOf">;
  readonly sandbox: boolean;
  readonly readOnly: boolean;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  readonly report: (error: unknown) => void;
}

/**
 * MCP for remote people: each of their requests or sessions gets a server that knows only what is theirs.
 * @returns connects a new server to a transport; it answers the caller of the current request
 */
export function teamMcp(options: TeamMcpOptions): (transport: HttpTransport) => Promise<void> {
  return async (transport) => {
    const server = createServer({
      version,
      instructions: instructionsFor(whoCalls(), options),
      tools: () => listed(whoCalls(), options).map(({ shown }) => shown),
    });
    const reached = () => reachedBy(whoCalls(), server, options);
    registerHandlers(server, handlersAcross(reached, options.report));
    await server.connect(transport);
  };
}

function listed(person: Person, options: TeamMcpOptions): readonly ToolManifestEntry[] {
  const allowed = allowedTo(person, options);
  return listedTools(
    allowed.map(({ account }) => account.offer),
    (served, tool) => allowed.some(({ account, may }) => account.offer.account === served && may(tool)),
  );
}

function instructionsFor(person: Person, options: TeamMcpOptions): string {
  const { sandbox, readOnly, rules } = options;
  const offers = allowedTo(person, options).map(({ account }) => account.offer);
  return instructions({
    sandbox,
    readOnly,
    files: rules.directoriesOf(person),
    envPrefix: undefined,
    elsewhere: true,
    shown: listed(person, options),
    ...instructedAccounts(offers),
  });
}

function reachedBy(person: Person, client: Client, options: TeamMcpOptions): readonly ReachableAccount[] {
  const { workspaces, now } = options;
  return allowedTo(person, options).map(({ account, may }) => ({
    name: account.name,
    clouds: account.offer.account.clouds,
    tools: account.tools.filter(may),
    within: (work) =>
      workspaces.within(person, account, async (workspace) => {
        const connection = () => {
          const { identity, isStillAdmitted, disconnected, until } = caller();
          const timeLeft = Math.max(0, until - now());
          return { identity, isStillAdmitted, tools: workspace.tools.filter(may), timeLeft, disconnected };
        };
        return work(handlersOf(client, workspace, connection));
      }),
  }));
}

/** The accounts that a person may use, with what they may do in each. */
function allowedTo(person: Person, { accounts, rules }: TeamMcpOptions) {
  const namesFiles = rules.directoriesOf(person).length > 0;
  return accounts.flatMap((account) => {
    const [mayRead, mayChange] = [rules.mayRead(person, account.name), rules.mayChange(person, account.name)];
    const may = ({ name, effect }: ChoosingTool) =>
      (effect === "read" ? mayRead : mayChange) && (name !== saveToFile.name || namesFiles);
    return mayRead || mayChange ? [{ account, may }] : [];
  });
}

const whoCalls = () => caller().identity.person;

function caller() {
  const facts = requestNow();
  if (facts === undefined) throw new Error("a request is handled outside of any");
  return facts;
}
