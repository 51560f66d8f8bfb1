import { altersAccount } from "../catalogue/operation.js";
import type { CallContext } from "../pipeline/execute-call.js";

type Cloud = CallContext["cloud"];

/** Knows whether a change has started to be sent: earlier failures changed nothing. */
export class WatchedCloud implements Cloud {
  readonly #cloud: Cloud;
  mayHaveAltered = false;

  constructor(cloud: Cloud) {
    this.#cloud = cloud;
  }

  readonly accountOf: Cloud["accountOf"] = (service) => this.#cloud.accountOf(service);
  readonly exclusionOf: Cloud["exclusionOf"] = (operation) => this.#cloud.exclusionOf(operation);
  readonly send: Cloud["send"] = (operation, params, ...more) => {
    this.mayHaveAltered ||= altersAccount(operation);
    return this.#cloud.send(operation, params, ...more);
  };
}
