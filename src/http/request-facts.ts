import { AsyncLocalStorage } from "node:async_hooks";
import { randomBytes } from "node:crypto";
import type { CallerIdentity } from "../identity/person.js";

/** Where a request belongs in a distributed trace (W3C Trace Context, section 3.2). */
interface Trace {
  readonly traceId: string;
  /** Of what this server does for the request. */
  readonly spanId: string;
}

/** What is known of the HTTP request that some work is done for. */
export interface RequestFacts {
  readonly id: string;
  readonly trace: Trace;
  readonly identity: CallerIdentity;
  /** When the caller's token ends, in milliseconds since the epoch. */
  readonly until: number;
  readonly isStillAdmitted: () => Promise<boolean>;
  /** Aborts when the client can no longer be answered, or its token was withdrawn. */
  readonly disconnected: AbortSignal;
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

/** The trace that a `traceparent` header continues; a new one if there is none or it is not valid. */
export function traceOf(header: string | undefined): Trace {
  const written = header?.trim() ?? "";
  // A later version may be longer; what is known of it is read the same way (section 4.3).
  const [, version, traceId = "", parentId = ""] =
    /^([0-9a-f]{2})-([0-9a-f]{32})-([0-9a-f]{16})-[0-9a-f]{2}(?:$|-)/.exec(written) ?? [];
  const isVersion = version !== "ff" && (version !== "00" || written.length === 55);
  const isContinued = isVersion && ![traceId, parentId].some((id) => /^0*$/.test(id));
  return { traceId: isContinued ? traceId : randomHex(16), spanId: randomHex(8) };
}

const randomHex = (bytes: number) => randomBytes(bytes).toString("hex");
