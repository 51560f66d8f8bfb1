import type { Operation } from "../catalogue/operation.js";
import type { Service } from "../catalogue/services.js";
import type { CloudClient } from "../cloud/client.js";
import type { Credentials } from "../cloud/credentials.js";
import type { EnvironmentVariables, NotifyTargets, RuntimeEnvironment } from "../config/environment.js";
import type { Configuration } from "../config/options.js";
import type { ConnectedClient } from "../mcp/client.js";
import type { RestrictedTool } from "../setup/tool-selection.js";
import type { EndpointAnswer } from "./answer.js";

export type State = "ok" | "warning" | "failure";

/** The result of one check, and what to do about it unless it is ok. */
export interface DoctorFinding {
  readonly state: State;
  readonly says: string;
  readonly next?: string;
}

/** What the checks examine. */
export interface Setup {
  readonly configuration: Configuration;
  readonly env: EnvironmentVariables;
  readonly home: string;
  readonly credentials: Credentials;
  readonly services: readonly Service[];
  readonly operations: readonly Operation[];
  /** Tools that lack operations excluded by the policy. */
  readonly curtailed: readonly RestrictedTool[];
  readonly cloud: Pick<CloudClient, "send">;
  /** Who is told outside the conversation. */
  readonly notify: NotifyTargets;
  /** What the services' addresses answered. */
  readonly answers: readonly EndpointAnswer[];
  /** Absent if none is connected. */
  readonly client: ConnectedClient | undefined;
  readonly signal: AbortSignal;
  /** Path of the journal of jobs. */
  readonly jobs: string;
  /** What is used in place of files. */
  readonly database: RuntimeEnvironment["database"];
}

export interface Check {
  readonly name: string;
  run(setup: Setup): Promise<readonly DoctorFinding[]>;
}

/** "1 operation", "36 operations". */
export const countOf = (count: number, thing: string) => `${count} ${thing}${count === 1 ? "" : "s"}`;

export const ok = (says: string): DoctorFinding => ({ state: "ok", says });
export const doctorWarning = (says: string, next: string): DoctorFinding => ({ state: "warning", says, next });
export const failure = (says: string, next: string): DoctorFinding => ({ state: "failure", says, next });
