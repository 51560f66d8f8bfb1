import type { Edge, Look } from "./edge.js";

/**
 * The edge of the sandbox. It knows a few domains only, and a newcomer tries his own: that nothing is served for it says
 * nothing about that domain in the world.
 */
export class SandboxEdge implements Edge {
  readonly #edge: Edge;

  constructor(edge: Edge) {
    this.#edge = edge;
  }

  async look(domain: string, options: Parameters<Edge["look"]>[1]): Promise<Look> {
    const look = await this.#edge.look(domain, options);
    const lacks = `This sandbox has no domain ${domain}, or no HTTPS for it; what a real edge serves is not looked at.`;
    const addresses = look.addresses.map((address) =>
      address.certificates.length > 0 || address.unreached || address.problem === undefined
        ? address
        : { ...address, problem: `${address.problem} ${lacks}` },
    );
    return { ...look, addresses };
  }
}
