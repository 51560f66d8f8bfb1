import { spawnSync } from "node:child_process";
import { X509Certificate } from "node:crypto";
import { mkdtempSync, writeFileSync } from "node:fs";
import { connect as connectTcp } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { connect, type DetailedPeerCertificate } from "node:tls";
import type { TlsAddress } from "../../src/tls-check/tls-check.js";
import type { YearDomain } from "./world.js";

/** What a visitor gets, seen without any part of the program: by handshakes of our own, judged by openssl. */

/** One domain at one address. */
export interface Sight {
  readonly domain: string;
  readonly at: number;
  /** SHA-256 of the leaf; undefined if nothing was served. */
  readonly leaf?: string;
  readonly notAfter?: number;
  /** What is wrong with it, in openssl's words. */
  readonly fault?: string;
}

export class Judge {
  readonly #edge: readonly TlsAddress[];
  readonly #folder = mkdtempSync(join(tmpdir(), "year-judge-"));
  readonly #roots: string;
  /** By leaf and name: what openssl says of the chain at a moment at which it is valid. */
  readonly #verdicts = new Map<string, string | undefined>();

  constructor(edge: readonly TlsAddress[], roots: readonly string[]) {
    this.#edge = edge;
    this.#roots = join(this.#folder, "roots.pem");
    writeFileSync(this.#roots, roots.join(""));
  }

  /** All domains at all addresses. */
  async look(domains: readonly YearDomain[], now: Date): Promise<readonly Sight[]> {
    const sights: Sight[] = [];
    for (const { name } of domains) {
      sights.push(...(await Promise.all(this.#edge.map((address) => this.#sight(name, address, now)))));
    }
    return sights;
  }

  async #sight(domain: string, address: TlsAddress, now: Date): Promise<Sight> {
    const at = now.getTime();
    const chain = await served(domain, address);
    const [leaf] = chain;
    if (leaf === undefined) return { domain, at, fault: "nothing is served" };
    const [notBefore, notAfter] = [Date.parse(leaf.validFrom), Date.parse(leaf.validTo)];
    const seen = { domain, at, leaf: leaf.fingerprint256, notAfter };
    if (at >= notAfter) return { ...seen, fault: "expired" };
    if (at < notBefore) return { ...seen, fault: "not yet valid" };
    const key = `${domain} ${chain.map(({ fingerprint256 }) => fingerprint256).join()}`;
    if (!this.#verdicts.has(key)) this.#verdicts.set(key, this.#openssl(domain, chain, now));
    const fault = this.#verdicts.get(key);
    return { ...seen, ...(fault !== undefined && { fault }) };
  }

  #openssl(domain: string, chain: readonly X509Certificate[], now: Date): string | undefined {
    const file = join(this.#folder, "chain.pem");
    writeFileSync(file, chain.map((each) => `${each.toString().trimEnd()}\n`).join(""));
    const seconds = String(Math.floor(now.getTime() / 1000));
    const trust = ["-no-CApath", "-CAfile", this.#roots, "-attime", seconds, "-purpose", "sslserver"];
    const args = ["verify", ...trust, "-verify_hostname", domain, "-untrusted", file, file];
    const { status, stdout, stderr } = spawnSync("openssl", args, { encoding: "utf8" });
    return status === 0 ? undefined : `${stdout}${stderr}`.trim();
  }
}

/** The chain as one address serves it; empty if the handshake fails. */
function served(domain: string, { address, port }: TlsAddress): Promise<readonly X509Certificate[]> {
  return new Promise((resolve) => {
    const socket = connect({
      socket: connectTcp({ host: address, port }),
      servername: domain,
      rejectUnauthorized: false,
    });
    const end = (chain: readonly X509Certificate[]) => {
      socket.destroy();
      resolve(chain);
    };
    socket.once("error", () => end([])).once("secureConnect", () => end(chainOf(socket.getPeerCertificate(true))));
  });
}

function chainOf(leaf: DetailedPeerCertificate): readonly X509Certificate[] {
  const chain: X509Certificate[] = [];
  for (let next: DetailedPeerCertificate | undefined = leaf; next?.raw !== undefined; next = next.issuerCertificate) {
    const certificate = new X509Certificate(next.raw);
    if (chain.some(({ fingerprint256 }) => fingerprint256 === certificate.fingerprint256)) break;
    chain.push(certificate);
  }
  return chain;
}
