import type { Plan } from "./plan.js";
import type { ApprovalRequest } from "./request.js";

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
  /** Ends with the call, or when the server waits no longer: a change that is being sent may still hear its answer. */
  readonly sending: AbortSignal;
}

/** A way to put a plan before a person. It decides nothing itself: it hands the person's decision to the request. */
export interface Channel {
  readonly name: string;
  /**
   * Puts the request before a person.
   * @returns false when nobody can be reached this way, so that the next channel is tried. True otherwise: the request
   * is decided by the time this resolves, or may be decided later.
   */
  present(request: ApprovalRequest, caller: Caller): Promise<boolean>;
  /** Whether the plan is too large for this way, which reaches a person otherwise; then `present` does not ask. */
  exceeded?(plan: Plan): boolean;
  close(): Promise<void>;
}
