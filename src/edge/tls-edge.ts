import { setMaxListeners } from "node:events";
import { matchesText } from "../catalogue/matching.js";
import { Failure } from "../failure.js";
import { findAddresses, shown } from "./addresses.js";
import { type AddressLook, clientKinds, type Edge, type EdgeAddress, type EdgeOptions, type Look } from "./edge.js";
import type { Ground } from "./handshake.js";
import { hostName } from "./host-name.js";
import { probe } from "./probe.js";

/** Looks by connecting, as any visitor could. */
export class TlsEdge implements Edge {
  readonly #options: EdgeOptions;

  constructor(options: EdgeOptions) {
    this.#options = options;
  }

  async look(domain: string, { signal, address }: Parameters<Edge["look"]>[1]): Promise<Look> {
    const host = hostName(domain);
    this.#refuseForeign(host);
    const { roots, timeout } = this.#options;
    try {
      const { targets, withheld, problem } = await findAddresses(host, address, this.#options, signal);
      const ground = { host, roots, timeout, signal: sharedBy(targets.length, signal) };
      const looks = await Promise.all(targets.map((target) => this.#probe(target, ground)));
      return { domain, addresses: [...looks, ...withheld], ...(problem !== undefined && { problem }) };
    } catch (error) {
      throw signal.aborted ? cancelled(domain) : error;
    }
  }

  /** One that cannot be described never hides the others. */
  async #probe(target: EdgeAddress, ground: Ground): Promise<AddressLook> {
    const { now, report } = this.#options;
    try {
      return await probe(target, ground, now);
    } catch (error) {
      if (ground.signal.aborted || report === undefined) throw error;
      report(error);
      return { address: shown(target), certificates: [], problem: undescribed, unreached: true };
    }
  }

  /** The operator's policy: which domains may be looked at. */
  #refuseForeign(host: string): void {
    const { domains } = this.#options;
    if (domains.length === 0 || domains.some((pattern) => matchesText(pattern, host))) return;
    throw new Failure({
      kind: "refused",
      happened: `${host} is not among the domains that may be looked at here. No connection was made.`,
      changed: "no",
      next: "The operator decides that when the server is started (--edge-domains).",
    });
  }
}

const undescribed =
  "What it serves could not be described: a defect of this server, which the operator finds in the server's log.";

/** The signal for looks at so many addresses at a time; Node.js takes more than ten listeners for a leak, and warns. */
function sharedBy(addresses: number, signal: AbortSignal): AbortSignal {
  const shared = AbortSignal.any([signal]);
  setMaxListeners(addresses * clientKinds.length, shared);
  return shared;
}

function cancelled(domain: string): Failure {
  return new Failure({
    kind: "cancelled",
    happened: `The look at ${domain} was cancelled.`,
    changed: "no",
    next: "Call again if it is still wanted.",
  });
}
