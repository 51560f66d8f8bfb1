import { allOperations } from "../../src/catalogue/index.js";
import type { Operation } from "../../src/catalogue/operation.js";
import { ToolError } from "../../src/lib/tool-error.js";
import { type Sandbox, startSandbox } from "../../src/sandbox/server.js";
import { connectClient } from "../support/sandbox-client.js";
import { sendWith } from "../support/send.js";

type Params = Readonly<Record<string, unknown>>;

/** The sandbox, and a client that sends whatever it is given. */
export class Cloud {
  readonly #sandbox: Sandbox;
  readonly #connection: ReturnType<typeof connectClient>;

  private constructor(sandbox: Sandbox, now: Date) {
    this.#sandbox = sandbox;
    this.#connection = connectClient(sandbox, () => now);
  }

  static async open(now: Date): Promise<Cloud> {
    return new Cloud(await startSandbox({ now: () => now.getTime() }), now);
  }

  /** The code that the cloud answers, or `done`. */
  async answer(operation: Operation, params: Params): Promise<string> {
    try {
      await sendWith(this.#connection.client, operation, params, new AbortController().signal);
      return "done";
    } catch (error) {
      if (error instanceof ToolError && error.details.code !== undefined) return error.details.code;
      throw error;
    }
  }

  /** The id of the first certificate of the SSL service that fits. */
  certificate(fits: (candidate: SslCertificate) => boolean): string {
    const found = [...this.#sandbox.account.ssl.certificates.values()].find(fits);
    if (found === undefined) throw new Error("there is no such certificate");
    return found.id;
  }

  async close(): Promise<void> {
    await this.#connection.transport.close();
    await this.#sandbox.close();
  }
}

type SslCertificate = Parameters<Sandbox["account"]["ssl"]["certificates"]["set"]>[1];

export function operationNamed(name: string): Operation {
  const operation = allOperations.find((candidate) => candidate.name === name);
  if (operation === undefined) throw new Error(`there is no ${name}`);
  return operation;
}
