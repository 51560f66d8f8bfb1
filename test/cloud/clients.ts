import type { Socket } from "node:net";
import { afterAll } from "vitest";
import type { Operation } from "../../src/catalogue/operation.js";
import { CloudClient, type CloudClientOptions } from "../../src/cloud/cloud-client.js";
import { fixedCredentials } from "../../src/cloud/credential-source.js";
import { Transport } from "../../src/cloud/transport.js";
import { ToolError, type ToolErrorDetails } from "../../src/lib/tool-error.js";
import { startFaultyServer } from "../support/faulty-server.js";
import { sendWith } from "../support/send.js";

const cleanups: (() => Promise<void>)[] = [];
afterAll(async () => {
  for (const cleanup of cleanups) await cleanup();
});

export function clientTo(url: URL, options: Partial<CloudClientOptions> = {}): CloudClient {
  const transport = new Transport({ connectTimeout: 60_000, maxReplyBytes: 1_000 });
  cleanups.push(() => transport.close());
  return new CloudClient({
    source: fixedCredentials({
      tencent: { id: "id", key: "key" },
      alibaba: { id: "id", key: "key" },
      huawei: { id: "id", key: "key" },
    }),
    site: "intl",
    regions: {},
    endpoints: { "tencent-ssl": url, "alibaba-cdn": url, "huawei-live": url },
    exclusionOf: () => undefined,
    tencentSignature: "TC3-HMAC-SHA256",
    // In milliseconds: a busy computer sends a request within it.
    timeout: 2_000,
    transport,
    now: () => new Date(),
    nonce: () => "0123456789abcdef0123456789abcdef",
    redact: (text: string) => text,
    elapsed: () => performance.now(),
    pause: async () => {},
    random: () => 0,
    log: () => {},
    ...options,
  });
}

export async function clientOf(behave: (socket: Socket) => void, options?: Partial<CloudClientOptions>) {
  const server = await startFaultyServer(behave);
  cleanups.push(() => server.close());
  return clientTo(server.url, options);
}

export async function failureOf(
  client: CloudClient,
  [operation, params]: readonly [Operation, Readonly<Record<string, unknown>>],
  signal = new AbortController().signal,
): Promise<ToolErrorDetails> {
  const outcome = await sendWith(client, operation, params, signal).catch((error: unknown) => error);
  if (!(outcome instanceof ToolError)) throw new Error(`expected a failure, got ${JSON.stringify(outcome)}`);
  return outcome.details;
}
