import type { Caller, Channel } from "./channel.js";
import type { PendingApproval } from "./pending-approval.js";
import type { ApprovalRequest } from "./request.js";

/** How a call spends the time until a person has decided. */

/** How often a call that waits says so, in milliseconds: clients give up on calls that are silent for long. */
const PROGRESS_EVERY = 5_000;

const waitsForPerson = "Waiting for a person to approve";

/** Says again and again what is waited for. Some channels, a client's form for one, return only with the answer. */
export async function whileTelling<Result>(
  caller: Caller,
  work: () => Promise<Result>,
  message = waitsForPerson,
): Promise<Result> {
  const ticking = setInterval(() => caller.progress(message), PROGRESS_EVERY);
  try {
    return await work();
  } finally {
    clearInterval(ticking);
  }
}

/** Calls `end` after `ms`; gives what calls it off. */
export type Timer = (ms: number, end: () => void) => () => void;

export const systemTimer: Timer = (ms, end) => {
  const timeout = setTimeout(end, ms);
  return () => clearTimeout(timeout);
};

/** Resolves when `done` has settled, either way, when `limit` is over, or when the call is given up. */
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

/** Settles when the request is decided, or when no way was found to put it; says that it waits once it has been put. */
export function decidedOrFailed(pending: PendingApproval, request: ApprovalRequest, caller: Caller): Promise<void> {
  const put = pending.presented.then(() => {
    // An answer that came too late decides nothing.
    if (!request.open) return undefined;
    caller.progress(waitsForPerson);
    return request.decided();
  });
  return Promise.race([put, request.decided()]);
}

/** Puts the request before a person in every way that reaches one, until it is decided. */
export async function presentTo(
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
