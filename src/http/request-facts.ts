import { AsyncLocalStorage } from "node:async_hooks";
import type { CallerIdentity } from "../identity/person.js";
import type { Trace } from "./trace.js";

/** What is known of the HTTP request that some work is done for. */
export interface RequestFacts {
  readonly id: string;
  readonly trace: Trace;
  readonly identity: CallerIdentity;
  /** When the caller's token ends, in milliseconds since the epoch. */
  readonly until: number;
  /** Whether the token still counts. */
  readonly stillAdmitted: () => Promise<boolean>;
  /** Aborts when the client can no longer be answered, or its token was withdrawn. */
  readonly hungUp: AbortSignal;
}

const current = new AsyncLocalStorage<RequestFacts>();

/** Does the work for a request; what it starts belongs to the request, too. */
export function onBehalfOf<Result>(facts: RequestFacts, work: () => Result): Result {
  return current.run(facts, work);
}

/** The request that the current work is done for; undefined if there is none. */
export function requestNow(): RequestFacts | undefined {
  return current.getStore();
}
