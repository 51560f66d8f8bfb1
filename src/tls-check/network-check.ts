import { setMaxListeners } from "node:events";
import { readFileSync } from "node:fs";
import { rootCertificates } from "node:tls";
import { matchesText } from "../catalogue/policy-patterns.js";
import { certificateBlocks } from "../certificates/bundle.js";
import { unlessThrown } from "../lib/failure.js";
import { memoize } from "../lib/memoize.js";
import { becauseOfDefect, cancelledCall, ToolError } from "../lib/tool-error.js";
import { findAddresses, formatAddress } from "./addresses.js";
import { clientContexts } from "./client-hello-options.js";
import type { HandshakeOptions } from "./handshake.js";
import { hostName } from "./host-name.js";
import { type ProbeOptions, probe } from "./probe.js";
import {
  type AddressReport,
  clientKinds,
  type TlsAddress,
  type TlsCheck,
  type TlsCheckOptions,
  type TlsReport,
} from "./tls-check.js";

/** Looks by connecting, like any visitor. */
export class NetworkTlsCheck implements TlsCheck {
  readonly #options: TlsCheckOptions;
  readonly #contextOf: HandshakeOptions["contextOf"];

  constructor(options: TlsCheckOptions) {
    this.#options = options;
    this.#contextOf = clientContexts(options.roots);
  }

  get roots(): readonly string[] {
    return this.#options.roots ?? defaultRoots();
  }

  async inspect(domain: string, { signal, address }: Parameters<TlsCheck["inspect"]>[1]): Promise<TlsReport> {
    const host = hostName(domain);
    this.#refuseDisallowed(host);
    const at = this.#options.now().toISOString();
    try {
      const { targets, skipped, problem } = await findAddresses(host, address, this.#options, signal);
      const shared = signalForAll(targets.length, signal);
      const options = { ...this.#options, host, contextOf: this.#contextOf, signal: shared };
      const addressReports = await Promise.all(targets.map((target) => this.#probe(target, options)));
      return { domain, at, addresses: [...addressReports, ...skipped], ...(problem !== undefined && { problem }) };
    } catch (error) {
      throw signal.aborted ? cancelledCall(`The TLS check of ${domain} was cancelled.`) : error;
    }
  }

  /** An address that cannot be described never hides the others. */
  async #probe(target: TlsAddress, options: ProbeOptions): Promise<AddressReport> {
    const { report } = this.#options;
    try {
      return await probe(target, options);
    } catch (error) {
      if (options.signal.aborted || report === undefined) throw error;
      report(error);
      return { address: formatAddress(target), certificates: [], problem: notDescribed, unreached: true };
    }
  }

  /** The operator's policy: which domains may be looked at. */
  #refuseDisallowed(host: string): void {
    const { domains } = this.#options;
    if (domains.length === 0 || domains.some((pattern) => matchesText(pattern, host))) return;
    throw new ToolError({
      kind: "refused",
      happened: `${host} is not among the domains that may be checked here. No connection was made.`,
      changed: "no",
      next: "Ask the operator, who sets these domains when starting the server (--edge-domains).",
    });
  }
}

const notDescribed = `What it serves could not be described ${becauseOfDefect}`;

/** A signal for parallel looks at several addresses; Node.js warns of a leak above ten listeners. */
function signalForAll(addresses: number, signal: AbortSignal): AbortSignal {
  const shared = AbortSignal.any([signal]);
  setMaxListeners(addresses * clientKinds.length, shared);
  return shared;
}

/**
 * The roots that TLS connections of Node.js trust, in PEM: its own, and those of the file that NODE_EXTRA_CA_CERTS
 * names. Node.js 20 has no function that tells them (tls.getCACertificates is of 22.15).
 */
const defaultRoots = memoize(() => [...rootCertificates, ...extraRoots(process.env.NODE_EXTRA_CA_CERTS)]);

/** As Node.js does, a file that cannot be read counts as none. */
function extraRoots(path: string | undefined): readonly string[] {
  if (path === undefined || path === "") return [];
  return unlessThrown(() => certificateBlocks(readFileSync(path, "utf8"))) ?? [];
}

/**
 * The sandbox's edge. It knows only a few domains, and a newcomer will try his own: a missing answer says nothing about
 * the real domain.
 */
export function sandboxTlsCheck(edge: TlsCheck): TlsCheck {
  return {
    roots: edge.roots,
    inspect: async (domain, options) => {
      const tlsReport = await edge.inspect(domain, options);
      const sandboxNote = `This sandbox has no domain ${domain}, or no HTTPS for it; what a real edge serves is not looked at.`;
      const addresses = tlsReport.addresses.map((address) =>
        address.certificates.length > 0 || address.unreached || address.problem === undefined
          ? address
          : { ...address, problem: `${address.problem} ${sandboxNote}` },
      );
      return { ...tlsReport, addresses };
    },
  };
}
