import { safe } from "../lib/safe-text.js";
import { type Caller, type Channel, replyTo } from "./channel.js";
import type { PendingApproval } from "./pending-approval.js";
import type { ApprovalRequest } from "./request.js";

/** How often a waiting call reports progress, in milliseconds: clients give up on calls that stay silent. */
const PROGRESS_EVERY = 5_000;

/** How long a terminal in which a person waits for questions may take to show one, in milliseconds: it asks twice a second. */
const SHOWN_IN_TERMINAL_WITHIN = 1_000;

const waitsForPerson = safe`Waiting for a person to approve`;

/** Reports progress while `work` runs. Some channels, such as a client's form, return only with the answer. */
export async function withProgress<Result>(
  caller: Caller,
  work: () => Promise<Result>,
  message = waitsForPerson,
): Promise<Result> {
  const interval = setInterval(() => caller.progress(message), PROGRESS_EVERY);
  try {
    return await work();
  } finally {
    clearInterval(interval);
  }
}

/** Calls `end` after `ms`; returns a function that cancels it. */
export type Timer = (ms: number, end: () => void) => () => void;

export const systemTimer: Timer = (ms, end) => {
  const timeout = setTimeout(end, ms);
  return () => clearTimeout(timeout);
};

/** Resolves when `done` has settled either way, `limit` has passed, or the call is aborted. */
export function settledWithin(
  done: Promise<unknown>,
  { signal }: Pick<Caller, "signal">,
  limit?: { readonly ms: number; readonly timer: Timer },
): Promise<void> {
  return new Promise((resolve) => {
    const end = () => {
      callOff?.();
      signal.removeEventListener("abort", end);
      resolve();
    };
    const callOff = limit?.timer(limit.ms, end);
    signal.addEventListener("abort", end);
    if (signal.aborted) end();
    done.then(end, end);
  });
}

/** Settles when the request is decided or could not be shown; reports that it waits once it has been shown. */
export function decidedOrFailed(
  pending: PendingApproval,
  request: ApprovalRequest,
  caller: Caller,
  timer: Timer,
): Promise<void> {
  const presented = pending.presented.then(() => {
    // A late answer decides nothing.
    if (!request.open) return undefined;
    caller.progress(waitsForPerson);
    void reportUnseen(request, caller, timer);
    return request.decided;
  });
  return Promise.race([presented, request.decided]);
}

/** Tells the reply once the person sees the request nowhere, so that they can learn of it only from the assistant. */
async function reportUnseen(request: ApprovalRequest, caller: Caller, timer: Timer): Promise<void> {
  for (;;) {
    const changed = Promise.race([request.shownOrHidden(), request.decided]);
    const patience = request.places.has("terminal") ? SHOWN_IN_TERMINAL_WITHIN : 0;
    await settledWithin(changed, caller, request.shown ? undefined : { ms: patience, timer });
    if (!request.open || caller.signal.aborted) return;
    if (!request.shown) return replyTo(caller).enterStage({ name: "waiting", request, unseen: true });
  }
}

/** Presents the request through every channel that reaches a person, until it is decided. */
export async function presentThrough(
  channels: readonly Channel[],
  request: ApprovalRequest,
  caller: Caller,
): Promise<boolean> {
  let reached = false;
  for (const channel of channels) {
    if (!request.open) break;
    reached = (await channel.present(request, caller)) || reached;
  }
  return reached;
}
