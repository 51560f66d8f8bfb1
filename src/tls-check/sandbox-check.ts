import type { TlsCheck, TlsReport } from "./tls-check.js";

/**
 * The sandbox's edge. It knows only a few domains, and a newcomer will try his own: a missing answer says nothing about
 * the real domain.
 */
export class SandboxTlsCheck implements TlsCheck {
  readonly #edge: TlsCheck;

  constructor(edge: TlsCheck) {
    this.#edge = edge;
  }

  get roots(): TlsCheck["roots"] {
    return this.#edge.roots;
  }

  async inspect(domain: string, options: Parameters<TlsCheck["inspect"]>[1]): Promise<TlsReport> {
    const look = await this.#edge.inspect(domain, options);
    const lacks = `This sandbox has no domain ${domain}, or no HTTPS for it; what a real edge serves is not looked at.`;
    const addresses = look.addresses.map((address) =>
      address.certificates.length > 0 || address.unreached || address.problem === undefined
        ? address
        : { ...address, problem: `${address.problem} ${lacks}` },
    );
    return { ...look, addresses };
  }
}
