import { parseSandboxCertificate } from "../certificate.js";
import { edgeAddresses } from "../tencent-ssl/timing.js";
import type { Propagation } from "./propagation.js";
import { contextFor } from "./secure-context.js";
import { listenTls } from "./tls-listener.js";

/** The edge of the three clouds: a few addresses that serve every domain of the account over TLS, by SNI. */
export interface SandboxEdge {
  readonly addresses: readonly { readonly address: string; readonly port: number }[];
  /** SHA-1 fingerprints of what each address serves for each domain, by `address:port`. */
  state(): { readonly name: string; readonly served: Readonly<Record<string, readonly (string | undefined)[]>> }[];
  close(): Promise<void>;
}

/** Uses ports instead of addresses: 127.0.0.1 is the only loopback address on some systems. */
export async function openEdge(propagation: Propagation): Promise<SandboxEdge> {
  const listeners = await Promise.all(
    Array.from({ length: edgeAddresses }, (_, place) =>
      listenTls((name) => contextFor(propagation.served(name, place))),
    ),
  );
  const fingerprints = (name: string, place: number) =>
    propagation.served(name, place).map(({ certificatePem }) => parseSandboxCertificate(certificatePem)?.fingerprint);
  return {
    addresses: listeners.map(({ address, port }) => ({ address, port })),
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
