import { allOperations } from "../catalogue/index.js";
import type { CloudClient } from "../cloud/client.js";
import type { EnvironmentVariables } from "../config/environment.js";
import type { Configuration } from "../config/options.js";
import { homeDirectory } from "../lib/paths.js";
import type { ConnectedClient } from "../mcp/client.js";
import { toolManifest } from "../mcp/tool-manifest.js";
import { type Backend, endpointOf } from "../setup/backend.js";
import { enabledServices, enabledTools, exclusionOf, restrictedTools } from "../setup/tool-selection.js";
import { answersOf } from "./answer.js";
import { approval } from "./approval.js";
import { clock } from "./clock.js";
import { credentials } from "./credentials.js";
import { endpoints } from "./endpoints.js";
import { credentialFiles, keyDirectories } from "./files.js";
import type { Check, DoctorFinding, Setup, State } from "./finding.js";
import { client, configuration, notifications, versions } from "./program.js";
import { proxy } from "./proxy.js";
import { auditLog, database, stateDirectory } from "./state.js";

/** In report order. */
const checks: readonly Check[] = [
  versions,
  configuration,
  credentials,
  proxy,
  endpoints,
  clock,
  credentialFiles,
  keyDirectories,
  auditLog,
  stateDirectory,
  database,
  approval,
  notifications,
  client,
];

export interface ReportLine extends DoctorFinding {
  readonly check: string;
}

export interface Report {
  /** The most severe state of any line. */
  readonly verdict: State;
  readonly lines: readonly ReportLine[];
}

/** The parts of a server that are examined. */
export interface Examined {
  readonly configuration: Configuration;
  readonly env: EnvironmentVariables;
  readonly backend: Backend;
  readonly cloud: Pick<CloudClient, "send">;
}

/** Checks whether a server with these settings can work and what prevents it. It changes nothing. */
export async function examine(
  { configuration: given, env, backend, cloud }: Examined,
  connected: ConnectedClient | undefined,
  signal: AbortSignal,
): Promise<Report> {
  const services = [...enabledServices(given.services, backend.credentials)];
  // Services that the policy excludes completely are not contacted.
  const reachable = services.filter((service) =>
    allOperations.some((operation) => operation.service === service && exclusionOf(operation, given) === undefined),
  );
  const targets = reachable.map((service) => ({ service, url: endpointOf(service, backend, given, env) }));
  const setup: Setup = {
    configuration: given,
    env,
    home: homeDirectory(),
    credentials: backend.credentials,
    services,
    operations: enabledTools(allOperations, given, backend.credentials),
    curtailed: restrictedTools(given, enabledTools(toolManifest, given, backend.credentials)),
    cloud,
    notify: backend.notify,
    answers: await answersOf(targets, env),
    client: connected,
    signal,
    jobs: backend.jobs,
    database: backend.database,
  };
  const found = await Promise.all(
    checks.map(async ({ name, run }) => (await run(setup)).map((finding) => ({ check: name, ...finding }))),
  );
  return doctorReport(found.flat());
}

export function doctorReport(lines: readonly ReportLine[]): Report {
  const gravest = (["failure", "warning"] as const).find((state) => lines.some((line) => line.state === state));
  return { verdict: gravest ?? "ok", lines };
}
