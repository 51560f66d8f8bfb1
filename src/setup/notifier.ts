import { Transport } from "../cloud/transport.js";
import type { EnvironmentVariables, RuntimeEnvironment } from "../config/environment.js";
import type { Configuration } from "../config/options.js";
import { readerIn } from "../lib/language.js";
import type { TimeSource } from "../lib/time-source.js";
import { Notifier } from "../notify/notifier.js";

/** Limit on establishing a connection to a receiver, in milliseconds. */
const CONNECT_TIMEOUT = 10_000;

/** Robots answer with a line of JSON; what is longer is not read. */
const MAX_ANSWER_BYTES = 16 * 1024;

/**
 * Notifies people, as the operator configured it, over connections of its own, so that calls to the clouds do not wait.
 */
export function createNotifier(
  { sandbox, language }: Pick<Configuration, "sandbox" | "language">,
  { notify: { targets, proxy }, account }: Pick<RuntimeEnvironment, "notify" | "account">,
  env: EnvironmentVariables,
  redact: (text: string) => string,
  log: (line: string) => void,
  { now, elapsed, pause }: TimeSource,
) {
  const transport = new Transport({ connectTimeout: CONNECT_TIMEOUT, maxReplyBytes: MAX_ANSWER_BYTES, proxy });
  const notifier = new Notifier(
    targets.map(({ receiver }) => receiver),
    {
      exchange: (request, signal) => transport.exchange(request, signal),
      now,
      elapsed,
      pause,
      timeLimit: (ms) => AbortSignal.timeout(ms),
      reader: readerIn(env, language),
      sandbox,
      account: account?.name,
      redact,
      log,
    },
  );
  return {
    notify: notifier.notify,
    /** Allows waiting messages `ms` milliseconds to be sent. */
    close: async (ms: number) => {
      await notifier.close(ms);
      await transport.close();
    },
  };
}
