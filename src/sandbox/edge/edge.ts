import { parseSandboxCertificate } from "../certificate.js";
import type { KeyPair } from "../delivery.js";
import { edgeAddresses } from "../tencent-ssl/timing.js";
import type { Propagation } from "./propagation.js";
import { contextFor } from "./secure-context.js";
import { listenTls } from "./tls-listener.js";

/**
 * What an address serves instead of what the account has configured: other pairs, nothing at all, or "silence" for a
 * connection that is accepted and never answered.
 */
export type EdgeFault = (pairs: readonly KeyPair[], place: number) => readonly KeyPair[] | "silence";

/** The edge of the three clouds: a few addresses that serve every domain of the account over TLS, by SNI. */
export interface SandboxEdge {
  readonly addresses: readonly { readonly address: string; readonly port: number }[];
  /** By the name that visitors ask for. */
  readonly faults: Map<string, EdgeFault>;
  /** SHA-1 fingerprints of what each address serves for each domain, by `address:port`. */
  state(): { readonly name: string; readonly served: Readonly<Record<string, readonly (string | undefined)[]>> }[];
  close(): Promise<void>;
}

/** Uses ports instead of addresses: 127.0.0.1 is the only loopback address on some systems. */
export async function openEdge(propagation: Propagation): Promise<SandboxEdge> {
  const faults = new Map<string, EdgeFault>();
  const served = (name: string, place: number) => {
    const pairs = propagation.served(name, place);
    return faults.get(name)?.(pairs, place) ?? pairs;
  };
  const listeners = await Promise.all(
    Array.from({ length: edgeAddresses }, (_, place) =>
      listenTls((name) => {
        const pairs = served(name, place);
        return pairs === "silence" ? pairs : contextFor(pairs);
      }),
    ),
  );
  const fingerprints = (name: string, place: number) =>
    propagation.served(name, place).map(({ certificatePem }) => parseSandboxCertificate(certificatePem)?.fingerprint);
  return {
    addresses: listeners.map(({ address, port }) => ({ address, port })),
    faults,
    state: () =>
      propagation.domains().map((name) => ({
        name,
        served: Object.fromEntries(listeners.map((it, place) => [addressText(it), fingerprints(name, place)])),
      })),
    close: async () => void (await Promise.all(listeners.map((listener) => listener.close()))),
  };
}

/** In the form of the program's `--edge`. */
export function addressText({ address, port }: { readonly address: string; readonly port: number }): string {
  return `${address}:${port}`;
}
