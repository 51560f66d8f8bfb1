import { allOperations } from "../catalogue/index.js";
import type { Configuration } from "../config/options.js";
import type { TeamConfiguration } from "../config/team-options.js";
import type { EnvironmentVariables } from "../lib/environment.js";
import type { JsonObject } from "../lib/json.js";
import { type SafeText, safe } from "../lib/safe-text.js";
import type { ConnectedClient } from "../mcp/connected-client.js";
import { toolManifest } from "../mcp/tool-manifest.js";
import type { RuntimeAccount } from "../setup/accounts.js";
import { endpointOf } from "../setup/backend.js";
import { enabledServices, enabledTools, exclusionOf, restrictedTools } from "../setup/tool-selection.js";
import { approval } from "./approval.js";
import type { Check, CheckContext, DoctorFinding, ServerParts, State } from "./check-result.js";
import { credentials } from "./credentials.js";
import { auditLog, credentialFiles, database, keyDirectories, standingApprovals, stateDirectory } from "./files.js";
import { answersOf, clock, endpoints, proxy } from "./network.js";
import { client, configuration, notifications, versions } from "./program.js";

/** By name, in report order. */
const checks: readonly (readonly [check: SafeText, run: Check])[] = [
  [safe`versions`, versions],
  [safe`configuration`, configuration],
  [safe`credentials`, credentials],
  [safe`proxy`, proxy],
  [safe`endpoints`, endpoints],
  [safe`clock`, clock],
  [safe`credential files`, credentialFiles],
  [safe`key directories`, keyDirectories],
  [safe`audit log`, auditLog],
  [safe`state directory`, stateDirectory],
  [safe`standing approvals`, standingApprovals],
  [safe`database`, database],
  [safe`approval`, approval],
  [safe`notifications`, notifications],
  [safe`client`, client],
];

export interface ReportLine extends DoctorFinding {
  readonly check: SafeText;
}

export interface Report {
  /** The most severe state of any line. */
  readonly verdict: State;
  readonly lines: readonly ReportLine[];
}

/** What is checked of a team's server beside its accounts. */
export interface TeamSettings {
  readonly team: TeamConfiguration;
  readonly configuration: Configuration;
  readonly env: EnvironmentVariables;
  /** All of them: rules are about accounts by name. */
  readonly accounts: readonly RuntimeAccount[];
  /** Whether such a server is to be started with these settings; otherwise some are merely in the environment. */
  readonly isServed: boolean;
}

/** Checks whether a server with these settings can work and what prevents it. It changes nothing. */
export async function examine(
  examined: ServerParts,
  connected: ConnectedClient | undefined,
  signal: AbortSignal,
): Promise<Report> {
  const { configuration: given, env, backend } = examined;
  const services = [...enabledServices(given.services, backend.credentials)];
  // Services that the policy excludes completely are not contacted.
  const reachable = services.filter((service) =>
    allOperations.some((operation) => operation.service === service && exclusionOf(operation, given) === undefined),
  );
  const targets = reachable.map((service) => ({ service, url: endpointOf(service, backend, given) }));
  const setup: CheckContext = {
    ...examined,
    services,
    operations: enabledTools(allOperations, given, backend.credentials),
    restricted: restrictedTools(given, enabledTools(toolManifest, given, backend.credentials)),
    answers: await answersOf(targets, env),
    client: connected,
    signal,
  };
  const found = await Promise.all(
    checks.map(async ([check, run]) => (await run(setup)).map((finding) => ({ check, ...finding }))),
  );
  return doctorReport(found.flat());
}

/** The same as the result of `check_setup`, for a model. */
export async function setupCheck(...examined: Parameters<typeof examine>): Promise<JsonObject> {
  const { verdict, lines } = await examine(...examined);
  return {
    verdict,
    lines: lines.map(({ check, state, says, next }) => ({
      check: String(check),
      state,
      says: String(says),
      ...(next && { next: String(next) }),
    })),
  };
}

export function doctorReport(lines: readonly ReportLine[]): Report {
  const gravest = (["failure", "warning"] as const).find((state) => lines.some((line) => line.state === state));
  return { verdict: gravest ?? "ok", lines };
}
