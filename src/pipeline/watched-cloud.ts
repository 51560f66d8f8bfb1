import { altersAccount } from "../catalogue/operation.js";
import type { CallContext } from "./execute-call.js";

type Cloud = CallContext["cloud"];

/** Notices when a change is sent: until then a failure has changed nothing, and cached reads stay valid. */
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
