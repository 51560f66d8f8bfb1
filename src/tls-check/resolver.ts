import { promises as dns } from "node:dns";
import { systemCodeOf } from "../lib/failure.js";
import { KeyedMutex } from "../lib/keyed-mutex.js";
import type { Resolve } from "./tls-check.js";

export interface ResolverOptions {
  /** Of DNS, as ADDRESS or ADDRESS:PORT; absent: those of this machine. */
  readonly servers?: readonly string[];
  /** Asks the system, with its hosts file and whatever else it knows names from. */
  readonly lookup?: (host: string) => Promise<readonly string[]>;
  /** How long DNS may take, in milliseconds, whatever the number of its servers. */
  readonly timeout?: number;
}

/**
 * Asks DNS directly, and the system only for names that DNS does not know.
 *
 * The system's own lookup (getaddrinfo) occupies one of the two threads that Node.js has for it until it returns: for a
 * name whose servers never answer, ten seconds and more. Many such names would keep the server from reaching the clouds.
 * Therefore these lookups run one at a time, which leaves a thread for the clouds, and names that DNS knows do not wait.
 */
export function machineResolver({ servers, lookup = systemLookup, timeout = 5_000 }: ResolverOptions = {}): Resolve {
  const oneAtATime = new KeyedMutex();
  /** Whether DNS answered anything: then a name without an answer is not one that only the system knows. */
  let hasAnswered = false;
  return async (host, signal) => {
    const found = await askDns(host, signal);
    if (found.length > 0) return found;
    return oneAtATime.take("", async () => {
      signal.throwIfAborted();
      return lookup(host);
    });
  };

  /** Empty if the system may know more. */
  async function askDns(host: string, signal: AbortSignal): Promise<readonly string[]> {
    // Node.js takes whole milliseconds only.
    const resolver = new dns.Resolver({ timeout: Math.ceil(timeout / 3), tries: 2 });
    if (servers !== undefined) resolver.setServers(servers);
    const cancel = () => resolver.cancel();
    // Each silent server takes the time of its own tries.
    const over = setTimeout(cancel, timeout);
    signal.addEventListener("abort", cancel, { once: true });
    try {
      const lookups = await Promise.allSettled([resolver.resolve4(host), resolver.resolve6(host)]);
      signal.throwIfAborted();
      const failures = lookups.flatMap((each) => (each.status === "rejected" ? [each.reason] : []));
      const silent = failures.find(isSilence);
      hasAnswered ||= silent === undefined;
      const found = lookups.flatMap((each) => (each.status === "fulfilled" ? each.value : []));
      if (found.length === 0 && hasAnswered && silent !== undefined) throw silent;
      return found;
    } finally {
      clearTimeout(over);
      signal.removeEventListener("abort", cancel);
    }
  }
}

/** Whether nothing came from DNS: a refusal or a failure is an answer, after which the system may still know the name. */
function isSilence(failure: unknown): boolean {
  return ["ETIMEOUT", "ECANCELLED"].includes(systemCodeOf(failure) ?? "");
}

const systemLookup = async (host: string) => {
  const found = await dns.lookup(host, { all: true, verbatim: true });
  return found.map(({ address }) => address);
};
