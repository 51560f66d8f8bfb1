import { operations } from "../../src/catalogue/index.js";
import type { Operation } from "../../src/catalogue/operation.js";
import { CloudClient } from "../../src/cloud/client.js";
import { Transport } from "../../src/cloud/transport.js";
import { ToolError } from "../../src/lib/tool-error.js";
import { permanentCredentials } from "../../src/sandbox/credentials.js";
import { type Sandbox, startSandbox } from "../../src/sandbox/server.js";

type Params = Readonly<Record<string, unknown>>;

/** The sandbox, and a client that sends whatever it is given. */
export class Cloud {
  readonly #sandbox: Sandbox;
  readonly #transport = new Transport({ connectTimeout: 60_000, maxReplyBytes: 1_000_000 });
  readonly #client: CloudClient;

  private constructor(sandbox: Sandbox, now: Date) {
    this.#sandbox = sandbox;
    const { tencent, alibaba, huawei } = permanentCredentials;
    let nonces = 0;
    this.#client = new CloudClient({
      credentials: {
        tencent: { secretId: tencent.id, secretKey: tencent.secret },
        alibaba: { accessKeyId: alibaba.id, accessKeySecret: alibaba.secret },
        huawei: { accessKey: huawei.id, secretKey: huawei.secret },
      },
      site: "intl",
      regions: {},
      endpoints: Object.fromEntries(Object.entries(sandbox.endpoints).map(([name, url]) => [name, new URL(url)])),
      exclusionOf: () => undefined,
      tencentSignature: "TC3-HMAC-SHA256",
      timeout: 60_000,
      transport: this.#transport,
      now: () => now,
      nonce: () => String(nonces++).padStart(32, "0"),
      elapsed: () => performance.now(),
      pause: async () => {},
      random: () => 0,
      log: () => {},
    });
  }

  static async open(now: Date): Promise<Cloud> {
    return new Cloud(await startSandbox({ now: () => now.getTime() }), now);
  }

  /** The code that the cloud answers, or `done`. */
  async answer(operation: Operation, params: Params): Promise<string> {
    try {
      await this.#client.send(operation, params, new AbortController().signal);
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
    await this.#transport.close();
    await this.#sandbox.close();
  }
}

type SslCertificate = Parameters<Sandbox["account"]["ssl"]["certificates"]["set"]>[1];

export function operationNamed(name: string): Operation {
  const operation = operations.find((candidate) => candidate.name === name);
  if (operation === undefined) throw new Error(`there is no ${name}`);
  return operation;
}
