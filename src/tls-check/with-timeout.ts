/** Waits for `work`, but at most `ms`; then returns undefined. Rejects with the reason when `signal` aborts. */
export async function withTimeout<Value>(
  ms: number,
  signal: AbortSignal,
  work: () => Promise<Value>,
): Promise<Value | undefined> {
  signal.throwIfAborted();
  let settle = () => {};
  const over = new Promise<undefined>((resolve, reject) => {
    const timer = setTimeout(() => resolve(undefined), ms);
    const abort = () => reject(signal.reason);
    signal.addEventListener("abort", abort, { once: true });
    settle = () => {
      clearTimeout(timer);
      signal.removeEventListener("abort", abort);
    };
  });
  try {
    return await Promise.race([work(), over]);
  } finally {
    settle();
  }
}
