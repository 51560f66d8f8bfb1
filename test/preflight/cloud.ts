import { allOperations } from "../../src/catalogue/index.js";
import type { Operation } from "../../src/catalogue/operation.js";
import type { Site } from "../../src/catalogue/services.js";
import { ToolError } from "../../src/lib/tool-error.js";
import { type Sandbox, startSandbox } from "../../src/sandbox/server.js";
import { connectClient } from "../support/sandbox-client.js";
import { sendWith } from "../support/send.js";

type Connection = ReturnType<typeof connectClient>;
type Params = Readonly<Record<string, unknown>>;

/** The sandbox, and a client that sends whatever it is given; parameters that only the mainland site takes go there. */
export class Cloud {
  readonly #sandbox: Sandbox;
  readonly #mainland: Sandbox;
  readonly #connection: Connection;
  readonly #toMainland: Connection;

  private constructor(sandbox: Sandbox, mainland: Sandbox, now: Date) {
    this.#sandbox = sandbox;
    this.#mainland = mainland;
    this.#connection = connectClient(sandbox, () => now);
    this.#toMainland = connectClient(mainland, () => now);
  }

  static async open(now: Date): Promise<Cloud> {
    const open = (site: Site) => startSandbox({ now: () => now.getTime(), site });
    const [sandbox, mainland] = await Promise.all([open("intl"), open("mainland")]);
    return new Cloud(sandbox, mainland, now);
  }

  /** The code that the cloud answers, or `done`. */
  async answer(operation: Operation, params: Params): Promise<string> {
    const ofMainland = operation.onlyMainland?.some((name) => params[name] !== undefined) ?? false;
    const { client } = ofMainland ? this.#toMainland : this.#connection;
    try {
      await sendWith(client, operation, params, new AbortController().signal);
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
    await Promise.all([this.#connection.transport.close(), this.#toMainland.transport.close()]);
    await Promise.all([this.#sandbox.close(), this.#mainland.close()]);
  }
}

type SslCertificate = Parameters<Sandbox["account"]["ssl"]["certificates"]["set"]>[1];

export function operationNamed(name: string): Operation {
  const operation = allOperations.find((candidate) => candidate.name === name);
  if (operation === undefined) throw new Error(`there is no ${name}`);
  return operation;
}
