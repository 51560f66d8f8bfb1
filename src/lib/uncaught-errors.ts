/**
 * A defect ends the process, but only after its text has been redacted and what was sent has been recorded. After a
 * second one, do not wait for that.
 * @returns a signal that aborts at the first defect
 */
export function endOnDefects(report: (error: unknown) => void): AbortSignal {
  const defect = new AbortController();
  const end = (error: unknown) => {
    report(error);
    if (defect.signal.aborted) process.exit(1);
    // Also if the process ends before anybody has looked at the signal.
    process.exitCode = 1;
    defect.abort();
  };
  process.on("uncaughtException", end).on("unhandledRejection", end);
  return defect.signal;
}
