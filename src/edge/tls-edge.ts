import type { Edge, EdgeOptions, Look } from "./edge.js";

export class TlsEdge implements Edge {
  readonly options: EdgeOptions;

  constructor(options: EdgeOptions) {
    this.options = options;
  }

  async look(): Promise<Look> {
    throw new Error("not built yet");
  }
}
