import { X509Certificate } from "node:crypto";
import { type ConnectionOptions, connect } from "node:tls";
import type { Sandbox } from "../../../src/sandbox/server.js";

/** What a visitor meets at one address of the edge. */
export type Visit = Met | { readonly refused: string };

interface Met {
  /** SHA-1 of the leaf, as the sandbox writes it. */
  readonly fingerprint: string;
  /** Subjects in the chain as it was sent, the leaf first; the root that the visitor added is left out. */
  readonly chain: readonly string[];
}

export type VisitorOptions = Pick<ConnectionOptions, "sigalgs" | "maxVersion">;

/** Visits `port` of the edge as a browser that trusts the sandbox's root would; without a name, without SNI. */
export function visit(
  sandbox: Pick<Sandbox, "edge">,
  port: number,
  name: string | undefined,
  options: VisitorOptions = {},
): Promise<Visit> {
  const { rootPem } = sandbox.edge;
  const root = new X509Certificate(rootPem).fingerprint;
  return new Promise((resolve, reject) => {
    const socket = connect({
      host: "127.0.0.1",
      port,
      ca: rootPem,
      ...(name === undefined ? { checkServerIdentity: () => undefined } : { servername: name }),
      ...options,
    });
    socket.once("secureConnect", () => {
      const leaf = socket.getPeerX509Certificate();
      const chain: string[] = [];
      for (let at = leaf; at !== undefined && at.fingerprint !== root; at = at.issuerCertificate)
        chain.push(at.subject);
      socket.destroy();
      resolve({ fingerprint: leaf?.fingerprint ?? "", chain });
    });
    socket.once("error", (error: NodeJS.ErrnoException) => {
      const { code = "" } = error;
      if (/HANDSHAKE_FAILURE|UNRECOGNIZED_NAME/.test(code)) resolve({ refused: code });
      else reject(error);
    });
  });
}

/** What each address serves for `name`, in the order in which changes reach them: a fingerprint, or nothing. */
export async function servedFor(
  sandbox: Pick<Sandbox, "edge">,
  name: string,
  options: VisitorOptions = {},
): Promise<(string | undefined)[]> {
  const visits = await Promise.all(sandbox.edge.addresses.map(({ port }) => visit(sandbox, port, name, options)));
  return visits.map((met) => ("refused" in met ? undefined : met.fingerprint));
}
