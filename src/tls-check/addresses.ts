import { isIP } from "node:net";
import { setTimeout } from "node:timers/promises";
import { systemCodeOf } from "../lib/failure.js";
import { unusable } from "../lib/tool-error.js";
import { canonicalAddress, nonPublicKind } from "./public-address.js";
import { machineResolver } from "./resolver.js";
import type { AddressReport, TlsAddress, TlsCheckOptions } from "./tls-check.js";

/** The only port used on real addresses: checking certificates must not become port scanning. */
const httpsPort = 443;

/** More than a CDN returns; each costs at least two connections. */
const maxAddresses = 16;

interface FoundAddresses {
  /** Checked; connections go to these exact addresses, so a different DNS answer later changes nothing. */
  readonly targets: readonly TlsAddress[];
  /** Addresses that are not connected to, with the reason. */
  readonly skipped: readonly AddressReport[];
  readonly problem?: string;
}

type Options = Pick<TlsCheckOptions, "overrides" | "allowPrivate" | "timeout" | "resolve">;

/**
 * The addresses of a host, or the one that the caller gave, as far as connecting to them is allowed.
 * @throws {ToolError} if `address` is invalid, or not one of the stand-ins; rejects when `signal` aborts
 */
export async function findAddresses(
  host: string,
  address: string | undefined,
  options: Options,
  signal: AbortSignal,
): Promise<FoundAddresses> {
  const { overrides, allowPrivate } = options;
  if (overrides.length > 0) return { targets: chosenOverrides(address, overrides), skipped: [] };
  if (address !== undefined) {
    if (isIP(address) === 0) throw wrongAddress(`"${address}" is not an IP address.`);
    return allowedTargets([address], allowPrivate);
  }
  const resolved = await resolvedAddresses(host, options, signal);
  return typeof resolved === "string"
    ? { targets: [], skipped: [], problem: resolved }
    : allowedTargets(resolved, allowPrivate);
}

/** How an address is shown: with its port unless that is the usual one. */
export function formatAddress({ address, port }: TlsAddress): string {
  if (port === httpsPort) return address;
  return isIP(address) === 6 ? `[${address}]:${port}` : `${address}:${port}`;
}

/** If stand-ins are configured, no real address is connected to. */
function chosenOverrides(address: string | undefined, overrides: readonly TlsAddress[]): readonly TlsAddress[] {
  const chosen = overrides.filter(
    (standIn) => address === undefined || address === standIn.address || address === formatAddress(standIn),
  );
  if (chosen.length === 0) {
    throw wrongAddress(
      `${address} is not one of the addresses that stand in here: ${overrides.map(formatAddress).join(", ")}.`,
    );
  }
  return chosen;
}

/** All addresses of the host, or why there are none. */
async function resolvedAddresses(
  host: string,
  { resolve = systemResolver, timeout }: Options,
  signal: AbortSignal,
): Promise<readonly string[] | string> {
  signal.throwIfAborted();
  /** Aborts when nobody waits for an answer any more. */
  const settled = new AbortController();
  const over = setTimeout(timeout, undefined, { signal: AbortSignal.any([signal, settled.signal]) });
  try {
    const addresses = await Promise.race([resolve(host, settled.signal), over]);
    if (addresses === undefined) return `DNS gave no answer within ${timeout / 1000} s.`;
    return addresses.length > 0 ? addresses : "The name has no address in DNS.";
  } catch (error) {
    signal.throwIfAborted();
    return notResolved(error);
  } finally {
    settled.abort();
  }
}

/** One for all checks of the process, because they share its threads. */
const systemResolver = machineResolver();

function notResolved(error: unknown): string {
  const code = systemCodeOf(error) ?? "";
  if (code === "ETIMEOUT" || code === "ECANCELLED") return "DNS gave no answer.";
  if (code === "ENOTFOUND" || code === "ENODATA") return "The name does not exist in DNS, or has no address there.";
  return `DNS could not be queried${code === "" ? "" : ` (${code})`}.`;
}

/** Separates the addresses that may be connected to from the others. Different spellings of an address count once. */
function allowedTargets(addresses: readonly string[], allowPrivate: boolean): FoundAddresses {
  const all = [...new Set(addresses.map(canonicalAddress))];
  const targets: TlsAddress[] = [];
  const skipped: AddressReport[] = [];
  for (const address of all.slice(0, maxAddresses)) {
    const kind = nonPublicKind(address);
    if (kind === undefined || allowPrivate) targets.push({ address, port: httpsPort });
    else skipped.push(notConnected(address, kind));
  }
  const problem = `Only ${maxAddresses} of its ${all.length} addresses were looked at.`;
  return { targets, skipped, ...(all.length > maxAddresses && { problem }) };
}

function notConnected(address: string, kind: string): AddressReport {
  const problem = `Not connected to: it is ${kind}, and only public ones are looked at.`;
  return { address, certificates: [], problem, unreached: true };
}

const wrongAddress = (happened: string) => unusable(happened, "Correct the address, or leave it out.");
