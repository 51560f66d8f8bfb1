import type { Caller } from "./channel.js";
import type { ApprovalRequest } from "./request.js";

/** How a call spends the time until a person has decided. */

/** How often a call that waits says so, in milliseconds: clients give up on calls that are silent for long. */
const PROGRESS_EVERY = 5_000;

export const tellWaiting = ({ progress }: Caller) => progress("Waiting for a person to approve");

/** Says again and again that a person is waited for. Some channels, a client's form for one, return only with the answer. */
export async function whileTelling<Result>(caller: Caller, work: () => Promise<Result>): Promise<Result> {
  const ticking = setInterval(() => tellWaiting(caller), PROGRESS_EVERY);
  try {
    return await work();
  } finally {
    clearInterval(ticking);
  }
}

/** Resolves when the request is decided, after `ms`, or when the call is given up. */
export function decidedWithin(request: ApprovalRequest, ms: number, { signal }: Caller): Promise<void> {
  return new Promise((resolve) => {
    const end = () => {
      clearTimeout(limit);
      signal.removeEventListener("abort", end);
      resolve();
    };
    const limit = setTimeout(end, ms);
    signal.addEventListener("abort", end);
    void request.decided().then(end);
  });
}
