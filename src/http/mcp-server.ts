import type { AccessRules } from "../access/rules.js";
import { isOffered } from "../approval/policy.js";
import type { Configuration } from "../config/options.js";
import { callTimes } from "../config/options.js";
import type { Person, Scope } from "../identity/person.js";
import { version } from "../lib/version.js";
import { type Connection, registerToolHandlers } from "../mcp/calls.js";
import type { CallsInFlight } from "../mcp/calls-in-flight.js";
import type { HttpTransport } from "../mcp/http-transport.js";
import { instructions } from "../mcp/instructions.js";
import { errorCodesOf, errorPage, operationPage } from "../mcp/resources/pages/index.js";
import { createServer } from "../mcp/server.js";
import { type ToolManifestEntry, toolManifest } from "../mcp/tool-manifest.js";
import { createWorkspace, type Workspace } from "../mcp/workspace.js";
import type { AnyTool } from "../pipeline/execute-call.js";
import type { Redactor } from "../secrets/redaction/redactor.js";
import { References } from "../secrets/references/resolve.js";
import { Vault } from "../secrets/vault/vault.js";
import type { AskingTeam } from "../setup/approval.js";
import type { Composition } from "../setup/composition.js";
import { statusOf } from "../setup/status.js";
import { enabledTools, visibleTools } from "../setup/tool-selection.js";
import { checkSetup } from "../tools/check-setup.js";
import { customTools } from "../tools/index.js";
import { listJobs } from "../tools/list-jobs.js";
import { saveToFile } from "../tools/save-to-file.js";
import { requestNow } from "./request-facts.js";
import type { OpenWorkspace } from "./workspaces.js";

/** The account of a server that has only one. */
export const ACCOUNT = "default";

/** Tells paths and settings of this server, which are nothing to people elsewhere. */
const ofTheOperator: ReadonlySet<string> = new Set([checkSetup.name]);

export interface TeamMcpOptions {
  /** As it counts for callers from elsewhere. */
  readonly configuration: Configuration;
  readonly composed: Composition;
  readonly redactor: Redactor;
  readonly callsInFlight: CallsInFlight;
  readonly rules: AccessRules;
  /** Asks the person's team; absent for a sandbox, whose user is asked in a terminal. */
  readonly teamOf: ((person: Person) => AskingTeam) | undefined;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  readonly log: (line: string) => void;
}

/** What a call of the tool needs beside reading. */
export function scopesOf(name: string): readonly Scope[] {
  const tool = toolManifest.find((each) => each.name === name);
  return tool === undefined || tool.effect === "read" ? [] : ["certs:read", "certs:change"];
}

/** MCP for people elsewhere: a workspace for each of them, and a server for each of their requests or sessions. */
export class TeamMcp {
  readonly #options: TeamMcpOptions;
  readonly #offered: readonly ToolManifestEntry[];
  readonly #shown: readonly ToolManifestEntry[];
  readonly #tools: readonly AnyTool[];
  readonly #instructions: string;

  constructor(options: TeamMcpOptions) {
    this.#options = options;
    const { configuration, composed } = options;
    const { credentials } = composed.backend;
    this.#offered = enabledTools(toolManifest, configuration, credentials).filter(
      ({ name }) => !ofTheOperator.has(name),
    );
    this.#shown = visibleTools(this.#offered, configuration);
    const names = new Set(this.#shown.map(({ name }) => name));
    this.#tools = [...composed.shared.operations, ...customTools].filter(({ name }) => names.has(name));
    const { huaweiProjectId } = credentials;
    this.#instructions = instructions({
      ...configuration,
      offered: this.#offered,
      shown: this.#shown,
      huaweiProjectId,
    });
  }

  /** A workspace with a gate, a vault and caches of its own. */
  async open(person: Person): Promise<OpenWorkspace> {
    const { configuration, composed, redactor, callsInFlight, rules, teamOf, log } = this.#options;
    const { shared, backend } = composed;
    const { allowInlineSecrets } = configuration;
    const vault = new Vault(undefined, shared.now, (secrets) => redactor.addSecrets(secrets));
    const directories = rules.directoriesOf(person);
    const references = new References({ directories, envPrefix: undefined, env: {}, vault, allowInlineSecrets });
    const gate = composed.gateWith(teamOf ? { team: teamOf(person) } : { oneOfMany: true });
    const workspace = createWorkspace({
      ...shared,
      vault,
      references,
      gate,
      tools: this.#tools,
      status: statusOf({
        version,
        configuration,
        credentials: backend.credentials,
        operations: shared.operations,
        toolCount: this.#shown.length,
      }),
      pages: { operationPage, errorPage, errorCodesOf },
      listJobs: isOffered(configuration, listJobs) ? listJobs : undefined,
      approvalByToken: false,
      callTime: { ...callTimes, callTime: configuration.callTime, approvalWait: configuration.approvalWait },
      callsInFlight,
      takesOver: true,
      examine: async () => {
        throw new Error("check_setup is not offered here");
      },
      log,
    });
    const close = async () => {
      await gate.close();
      vault.clear();
    };
    return { workspace, close };
  }

  /** Makes a server of its own answer on a transport. */
  async connect(transport: HttpTransport, workspace: Workspace): Promise<void> {
    const { server } = createServer({
      version,
      instructions: this.#instructions,
      tools: () => {
        const { identity } = caller();
        return this.#shown.filter((tool) => this.#mayUse(identity.person, tool)).map(({ shown }) => shown);
      },
    });
    registerToolHandlers(server, workspace, () => this.#connection(workspace));
    await server.connect(transport);
  }

  #mayUse(person: Person, { name, effect }: Pick<ToolManifestEntry, "name" | "effect">): boolean {
    const { rules } = this.#options;
    if (name === saveToFile.name && rules.directoriesOf(person).length === 0) return false;
    return effect === "read" ? rules.mayRead(person, ACCOUNT) : rules.mayChange(person, ACCOUNT);
  }

  #connection({ tools }: Workspace): Connection {
    const { identity, until, hungUp } = caller();
    return {
      identity,
      tools: tools.filter((tool) => this.#mayUse(identity.person, tool)),
      timeLeft: Math.max(0, until - this.#options.now()),
      hungUp,
    };
  }
}

function caller() {
  const facts = requestNow();
  if (facts === undefined) throw new Error("a request is handled outside of any");
  return facts;
}
