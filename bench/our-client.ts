import { randomUUID } from "node:crypto";
import { setTimeout } from "node:timers/promises";
import type { Operation } from "../src/catalogue/operation.js";
import { CloudClient, type CloudClientOptions } from "../src/cloud/cloud-client.js";
import { fixedCredentials } from "../src/cloud/credential-source.js";
import { Transport } from "../src/cloud/transport.js";
import { credentials } from "./material.js";

/** The operation without a rate limit: the vendors allow some tens of calls per second. */
export function unlimited<Any extends Operation>(operation: Any): Any {
  const rate = { calls: 100, perSeconds: 0, per: "operation" } as const;
  return { ...operation, service: { ...operation.service, rate } };
}

/** Configured like the program's own client; every service is at `address`. */
export function optionsFor(address: URL) {
  const transport = new Transport({ connectTimeout: 10_000, maxReplyBytes: 32 * 1024 * 1024 });
  const endpoints = { "tencent-ssl": address, "alibaba-cdn": address, "huawei-live": address };
  const { tencent, alibaba, huawei } = credentials;
  return {
    source: fixedCredentials({
      tencent: { id: tencent.secretId, key: tencent.secretKey },
      alibaba: { id: alibaba.accessKeyId, key: alibaba.accessKeySecret },
      huawei: { id: huawei.accessKey, key: huawei.secretKey },
    }),
    endpoints,
    site: "mainland",
    regions: {},
    exclusionOf: () => undefined,
    tencentSignature: "TC3-HMAC-SHA256",
    timeout: 60_000,
    transport,
    now: () => new Date(),
    nonce: randomUUID,
    redact: (text: string) => text,
    elapsed: () => performance.now(),
    pause: (ms, signal) => setTimeout(ms, undefined, { signal }),
    random: Math.random,
    log: () => {},
  } satisfies CloudClientOptions;
}

export function ourClient(address: URL): { readonly client: CloudClient; close(): Promise<void> } {
  const options = optionsFor(address);
  return { client: new CloudClient(options), close: () => options.transport.close() };
}
