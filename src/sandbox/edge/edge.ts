import { constants } from "node:crypto";
import { createSecureContext, type SecureContext } from "node:tls";
import { unlessThrown } from "../../lib/failure.js";
import { parseSandboxCertificate } from "../certificate.js";
import type { KeyPair } from "../delivery.js";
import { edgeAddresses, type Propagation } from "./propagation.js";
import { listenTls } from "./tls-listener.js";

/**
 * What an address serves instead of what the account has configured: other pairs, nothing at all, or "silence" for a
 * connection that is accepted and never answered.
 */
export type EdgeFault = (pairs: readonly KeyPair[], index: number) => readonly KeyPair[] | "silence";

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
  const served = (name: string, index: number) => {
    const pairs = propagation.served(name, index);
    return faults.get(name)?.(pairs, index) ?? pairs;
  };
  const listeners = await Promise.all(
    Array.from({ length: edgeAddresses }, (_, index) =>
      listenTls((name) => {
        const pairs = served(name, index);
        return pairs === "silence" ? pairs : contextFor(pairs);
      }),
    ),
  );
  const fingerprints = (name: string, index: number) =>
    propagation.served(name, index).map(({ certificatePem }) => parseSandboxCertificate(certificatePem)?.fingerprint);
  return {
    addresses: listeners.map(({ address, port }) => ({ address, port })),
    faults,
    state: () =>
      propagation.domains().map((name) => ({
        name,
        served: Object.fromEntries(listeners.map((it, index) => [addressText(it), fingerprints(name, index)])),
      })),
    close: async () => void (await Promise.all(listeners.map((listener) => listener.close()))),
  };
}

/** In the form of the program's `--edge`. */
export function addressText({ address, port }: { readonly address: string; readonly port: number }): string {
  return `${address}:${port}`;
}

const contexts = new WeakMap<readonly KeyPair[], SecureContext>();

/** The TLS context that serves `pairs`, RSA or ECDSA as the visitor supports; undefined if there is none. */
function contextFor(pairs: readonly KeyPair[]): SecureContext | undefined {
  const context = contexts.get(pairs) ?? createContext(onePerKind(pairs));
  if (context !== undefined) contexts.set(pairs, context);
  return context;
}

function createContext(pairs: readonly KeyPair[]): SecureContext | undefined {
  if (pairs.length === 0) return undefined;
  // OpenSSL refuses some, for instance one whose key is too short.
  return unlessThrown(() =>
    createSecureContext({
      // A resumed session would show an earlier certificate.
      secureOptions: constants.SSL_OP_NO_TICKET,
      cert: pairs.map(({ certificatePem }) => certificatePem),
      key: pairs.map(({ privateKeyPem }) => privateKeyPem),
    }),
  );
}

/** OpenSSL holds one certificate per key type, and refuses the key of one that was replaced. */
function onePerKind(pairs: readonly KeyPair[]): KeyPair[] {
  const kindOf = ({ certificatePem }: KeyPair) =>
    parseSandboxCertificate(certificatePem)?.leaf.publicKey?.asymmetricKeyType;
  return [...new Map(pairs.toReversed().map((pair) => [kindOf(pair), pair])).values()];
}
