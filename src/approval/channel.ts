import type { Plan } from "./plan.js";
import type { ApprovalRequest } from "./request.js";

/** How far a call that changes something has come. */
export type CallStage =
  | { readonly name: "planning" }
  /** `request` waits for a person's decision. */
  | { readonly name: "waiting"; readonly request: ApprovalRequest }
  /** A person approved it, and what they were shown is read again. */
  | { readonly name: "approved"; readonly request: ApprovalRequest }
  | { readonly name: "sending" };

/** The reply that a client waits for. A call may outlive it; then it goes on until the same call takes it up. */
export interface PendingReply {
  /** Whether a client waits for it now. Nothing is begun while nobody would hear of it. */
  readonly awaited: boolean;
  /** Resolves when a client waits for it again. */
  whenAwaited(): Promise<void>;
  /** How much longer the call may take before it has to be answered, in milliseconds. */
  readonly timeLeft: number;
  /** Takes note of how far the call has come, for a reply that cannot wait for its end. */
  reached(stage: CallStage): void;
  /** Adds a sentence to it. */
  add(sentence: string): void;
}

/** Where there is no limit: the reply is awaited until it comes. */
const unlimited: PendingReply = {
  awaited: true,
  whenAwaited: () => Promise.resolve(),
  timeLeft: Number.POSITIVE_INFINITY,
  reached: () => {},
  add: () => {},
};

export function replyTo({ reply = unlimited }: Pick<Caller, "reply">): PendingReply {
  return reply;
}

/** The call on whose behalf a person is asked, as far as a channel needs to know it. */
export interface Caller {
  /** Tells the client that the call is alive; shown to the person, never to the model as a result. */
  progress(message: string): void;
  /**
   * Offers a link through the client's own user interface, past the model. Resolves to whether the client can do that.
   * Absent where the client has no such thing.
   */
  offerLink?(url: string, message: string): Promise<boolean>;
  /** Ends with the call, or as soon as the server is going away: nothing begins after that. */
  readonly signal: AbortSignal;
  /** Ends when the server waits no longer: until then a change that is being sent may still hear its answer. */
  readonly sending: AbortSignal;
  /** Absent where there is no limit to it. */
  readonly reply?: PendingReply;
}

/** A way to put a plan before a person. It decides nothing itself: it hands the person's decision to the request. */
export interface Channel {
  readonly name: string;
  /**
   * Puts the request before a person.
   * @returns false when nobody can be reached this way, so that the next channel is tried. True otherwise: the request
   * is decided by the time this resolves, or may be decided later. Where it can be decided, the channel tells the request.
   */
  present(request: ApprovalRequest, caller: Caller): Promise<boolean>;
  /** Whether the plan is too large for this way, which reaches a person otherwise; then `present` does not ask. */
  exceeded?(plan: Plan): boolean;
  close(): Promise<void>;
}
