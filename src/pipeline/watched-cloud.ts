import { altersAccount } from "../catalogue/operation.js";
import type { CallContext } from "./execute-call.js";

type Cloud = CallContext["cloud"];

/** Knows whether a change has started to be sent: earlier failures changed nothing, and earlier reads hold until then. */
export class WatchedCloud implements Cloud {
  readonly #cloud: Cloud;
  readonly #changing: () => void;
  mayHaveAltered = false;

  /** @param changing is called when a change is sent, and again when it is answered */
  constructor(cloud: Cloud, changing: () => void) {
    this.#cloud = cloud;
    this.#changing = changing;
  }

  readonly accountOf: Cloud["accountOf"] = (service) => this.#cloud.accountOf(service);
  readonly exclusionOf: Cloud["exclusionOf"] = (operation) => this.#cloud.exclusionOf(operation);
  readonly send: Cloud["send"] = async (operation, params, ...more) => {
    if (!altersAccount(operation)) return this.#cloud.send(operation, params, ...more);
    this.mayHaveAltered = true;
    this.#changing();
    try {
      return await this.#cloud.send(operation, params, ...more);
    } finally {
      this.#changing();
    }
  };
}
