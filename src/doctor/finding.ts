import type { Operation } from "../catalogue/operation.js";
import type { Service } from "../catalogue/services.js";
import type { CloudClient } from "../cloud/client.js";
import type { Credentials } from "../cloud/credentials.js";
import type { Configuration } from "../config/options.js";
import type { ConnectedClient } from "../mcp/client.js";
import type { Curtailed } from "../offer.js";
import type { Environment } from "../surroundings.js";
import type { Answer } from "./answer.js";

export type State = "ok" | "warning" | "failure";

/** One thing that was looked at: what was found, and what to do about it unless it is ok. */
export interface Finding {
  readonly state: State;
  readonly says: string;
  readonly next?: string;
}

/** What is examined. */
export interface Setup {
  readonly configuration: Configuration;
  readonly env: Environment;
  readonly home: string;
  readonly credentials: Credentials;
  readonly services: readonly Service[];
  readonly operations: readonly Operation[];
  /** Tools that have to do without operations which the policy excludes. */
  readonly curtailed: readonly Curtailed[];
  readonly cloud: Pick<CloudClient, "send">;
  /** What the services' addresses answered. */
  readonly answers: readonly Answer[];
  /** Absent where none is connected. */
  readonly client: ConnectedClient | undefined;
  readonly signal: AbortSignal;
  /** Where the journal of jobs is. */
  readonly jobs: string;
}

export interface Check {
  readonly name: string;
  run(setup: Setup): Promise<readonly Finding[]>;
}

/** "1 operation", "36 operations". */
export const counted = (count: number, thing: string) => `${count} ${thing}${count === 1 ? "" : "s"}`;

export const ok = (says: string): Finding => ({ state: "ok", says });
export const warning = (says: string, next: string): Finding => ({ state: "warning", says, next });
export const failure = (says: string, next: string): Finding => ({ state: "failure", says, next });
