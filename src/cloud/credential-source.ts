import type { Cloud } from "../catalogue/services.js";
import type { TimeSource } from "../lib/time-source.js";
import type { Credentials } from "./credentials.js";
import type { HttpReply, HttpRequest } from "./http.js";

/** Where the credentials of one account come from while the program runs: they may be rotated, or be a role's. */
export interface CredentialSource {
  /** As they are set now, without any call: a role stands for itself. */
  latest(): Credentials;
  /**
   * What signs calls to a cloud now; for a role its temporary keys, which a call may have to fetch.
   * @throws {ToolError} if there are none; nothing was sent then
   */
  signing(cloud: Cloud, signal: AbortSignal): Promise<Credentials>;
  /** The cloud refused what signed: temporary keys are fetched anew for the next call. */
  refused(cloud: Cloud): void;
}

/** What a source needs of the program. */
export interface SourceDeps extends Pick<TimeSource, "now" | "pause"> {
  readonly exchange: (request: HttpRequest, signal: AbortSignal, replyTimeout: number) => Promise<HttpReply>;
  /** A UUID, different each time. */
  readonly nonce: () => string;
  /** Has secrets masked everywhere from now on, until what it returns is called. */
  readonly maskSecrets: (secrets: readonly string[]) => () => void;
}

/** An account that the operator named. */
export interface NamedAccount {
  readonly name: string;
  /** Opens its credentials; absent where the sandbox's stand in for them. */
  readonly open?: (deps: SourceDeps) => CredentialSource;
}

/** Credentials that stay as they are. */
export function fixedCredentials(credentials: Credentials): CredentialSource {
  return { latest: () => credentials, signing: async () => credentials, refused: () => {} };
}
