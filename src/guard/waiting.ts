import type { Caller } from "./channel.js";

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

/** Calls `end` after `ms`; gives what calls it off. */
export type Timer = (ms: number, end: () => void) => () => void;

export const systemTimer: Timer = (ms, end) => {
  const timeout = setTimeout(end, ms);
  return () => clearTimeout(timeout);
};

/** Resolves when `done` has settled, either way, when `limit` is over, or when the call is given up. */
export function settledWithin(
  done: Promise<unknown>,
  { signal }: Caller,
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
