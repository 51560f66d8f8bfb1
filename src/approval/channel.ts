import type { CallerIdentity } from "../identity/person.js";
import type { SafeText } from "../lib/safe-text.js";
import type { Plan } from "./plan.js";
import type { ApprovalRequest } from "./request.js";

/** The stage of a call that changes something. */
export type CallStage =
  | { readonly name: "planning" }
  /** `request` waits for a person's decision; `unseen`: nothing but a reply tells them so. */
  | { readonly name: "waiting"; readonly request: ApprovalRequest; readonly unseen?: true }
  /** A person approved it; what they were shown is being read again. */
  | { readonly name: "approved"; readonly request: ApprovalRequest }
  /** `progress`: the job that is being carried out, and how far it is. */
  | { readonly name: "sending"; readonly progress?: { readonly job: string; readonly position: string } };

/** The reply that a client waits for. A call may outlive it and continue until the same call comes again. */
export interface PendingReply {
  /** Whether a client waits for it now. Nothing is started while no client would get the result. */
  readonly awaited: boolean;
  /** Resolves when a client waits for it again. */
  whenAwaited(): Promise<void>;
  /** Time left until the call must be answered, in milliseconds. */
  readonly timeLeft: number;
  /** Records the stage of the call, for a reply that cannot wait for its end. */
  enterStage(stage: CallStage): void;
  add(sentence: string): void;
}

/** Without a limit, the reply is awaited until it comes. */
const withoutTimeLimit: PendingReply = {
  awaited: true,
  whenAwaited: () => Promise.resolve(),
  timeLeft: Number.POSITIVE_INFINITY,
  enterStage: () => {},
  add: () => {},
};

export function replyTo({ reply = withoutTimeLimit }: Pick<Caller, "reply">): PendingReply {
  return reply;
}

/** When a call ends. */
export interface CallSignals {
  /** Aborts with the call or as soon as the server shuts down: nothing starts after that. */
  readonly signal: AbortSignal;
  /** Aborts when the server stops waiting: until then a change in flight can still receive its answer. */
  readonly sending: AbortSignal;
}

/** What a channel needs to know about the call that a person is asked for. */
export interface Caller extends CallSignals {
  /** Tells the client that the call is alive. Shown to the person, never to the model as a result. */
  progress(message: SafeText): void;
  /**
   * Offers a link through the client's own user interface, bypassing the model. Resolves to whether the client can do
   * that. Absent if the client has no such feature.
   */
  offerLink?(url: string, message: string): Promise<boolean>;
  /** Absent if there is no limit. */
  readonly reply?: PendingReply;
  /** Whether the caller is still allowed to make the call; if absent, always. */
  readonly isStillAdmitted?: () => Promise<boolean>;
  /** Who makes the call; absent for the user of this computer. */
  readonly identity?: CallerIdentity;
}

/** A way to show a plan to a person. It decides nothing itself: it passes the person's decision to the request. */
export interface Channel {
  /** Whether it reaches the person without involving the client, as this program's page and terminal do. */
  readonly outOfBand?: true;
  /** Of a channel that never reaches a person: how the operator chose that, for the reply. */
  readonly asksNobody?: "unattended" | "dry run";
  /**
   * Shows the request to a person.
   * @returns false if nobody can be reached this way; the next channel is tried. Otherwise true: the request is decided
   * when this resolves or may be decided later. The channel tells the request where it can be decided.
   */
  present(request: ApprovalRequest, caller: Caller): Promise<boolean>;
  /** Whether only the size of the plan keeps this channel from reaching a person; then `present` does not ask. */
  exceeded?(plan: Plan): boolean;
  close(): Promise<void>;
}
