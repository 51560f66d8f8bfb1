import { allOperations } from "../catalogue/index.js";
import type { ConnectedClient } from "../mcp/connected-client.js";
import { toolManifest } from "../mcp/tool-manifest.js";
import { endpointOf } from "../setup/backend.js";
import { enabledServices, enabledTools, exclusionOf, restrictedTools } from "../setup/tool-selection.js";
import { approval } from "./approval.js";
import type { Check, CheckContext, DoctorFinding, ServerParts, State } from "./check-result.js";
import { credentials } from "./credentials.js";
import { auditLog, credentialFiles, database, keyDirectories, standingApprovals, stateDirectory } from "./files.js";
import { answersOf, clock, endpoints, proxy } from "./network.js";
import { client, configuration, notifications, versions } from "./program.js";

/** By name, in report order. */
const checks: Readonly<Record<string, Check>> = {
  versions,
  configuration,
  credentials,
  proxy,
  endpoints,
  clock,
  "credential files": credentialFiles,
  "key directories": keyDirectories,
  "audit log": auditLog,
  "state directory": stateDirectory,
  "standing approvals": standingApprovals,
  database,
  approval,
  notifications,
  client,
};

export interface ReportLine extends DoctorFinding {
  readonly check: string;
}

export interface Report {
  /** The most severe state of any line. */
  readonly verdict: State;
  readonly lines: readonly ReportLine[];
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
  const targets = reachable.map((service) => ({ service, url: endpointOf(service, backend, given, env) }));
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
    Object.entries(checks).map(async ([check, run]) => (await run(setup)).map((finding) => ({ check, ...finding }))),
  );
  return doctorReport(found.flat());
}

export function doctorReport(lines: readonly ReportLine[]): Report {
  const gravest = (["failure", "warning"] as const).find((state) => lines.some((line) => line.state === state));
  return { verdict: gravest ?? "ok", lines };
}
