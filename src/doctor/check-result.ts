import type { Operation } from "../catalogue/operation.js";
import type { Service } from "../catalogue/services.js";
import type { CloudClient } from "../cloud/cloud-client.js";
import type { Configuration } from "../config/options.js";
import type { EnvironmentVariables } from "../lib/environment.js";
import { type SafeText, titled, verbatim } from "../lib/safe-text.js";
import type { ConnectedClient } from "../mcp/connected-client.js";
import type { Backend } from "../setup/backend.js";
import type { RestrictedTool } from "../setup/tool-selection.js";

/** "not checked" proves nothing and is no fault: it does not count for the verdict. */
export type State = "ok" | "not checked" | "warning" | "failure";

/** The result of one check, and what to do about it unless it is ok. */
export interface DoctorFinding {
  readonly state: State;
  readonly says: SafeText;
  readonly next?: SafeText;
}

/** The parts of a server that are examined. */
export interface ServerParts {
  readonly configuration: Configuration;
  readonly env: EnvironmentVariables;
  readonly backend: Backend;
  readonly cloud: Pick<CloudClient, "send">;
  /** Whether people decide on the pages of a team's server, which has a check of its own. */
  readonly onTeamServer?: boolean;
}

/** The answer of an address to an unsigned request, which no cloud acts on. */
export interface EndpointAnswer {
  readonly service: Service;
  readonly url: URL;
  /** From the first packet to the response head, with TCP and TLS, in milliseconds. */
  readonly elapsedMs?: number;
  /** How far our clock is ahead of the server's, in milliseconds, precise to a second; absent if it sends no time. */
  readonly clockAheadMs?: number;
  readonly fault?: string;
}

/** What the checks examine. */
export interface CheckContext extends ServerParts {
  readonly services: readonly Service[];
  readonly operations: readonly Operation[];
  /** Tools that lack operations excluded by the policy. */
  readonly restricted: readonly RestrictedTool[];
  readonly answers: readonly EndpointAnswer[];
  /** Absent if none is connected. */
  readonly client: ConnectedClient | undefined;
  readonly signal: AbortSignal;
}

export type Check = (context: CheckContext) => readonly DoctorFinding[] | Promise<readonly DoctorFinding[]>;

/** "Tencent Cloud SSL", and in Chinese as its vendor calls it there. */
export const titleOf = ({ title }: Pick<Service, "title">) => titled(title);

/** The message of an error, which may or may not end as a sentence. */
export const asSentence = ({ message }: Pick<Error, "message">) => verbatim(message.replace(/\.?$/, "."));

export const ok = (says: SafeText): DoctorFinding => ({ state: "ok", says });
export const notChecked = (says: SafeText): DoctorFinding => ({ state: "not checked", says });
export const doctorWarning = (says: SafeText, next: SafeText): DoctorFinding => ({ state: "warning", says, next });
export const failure = (says: SafeText, next: SafeText): DoctorFinding => ({ state: "failure", says, next });
