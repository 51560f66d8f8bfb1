import { randomBytes } from "node:crypto";
import { setImmediate } from "node:timers/promises";
import type { Site } from "../../src/catalogue/services.js";
import { CloudClient } from "../../src/cloud/cloud-client.js";
import { fixedCredentials } from "../../src/cloud/credential-source.js";
import type { Credentials } from "../../src/cloud/credentials.js";
import { Transport } from "../../src/cloud/transport.js";
import { permanentCredentials } from "../../src/sandbox/credentials.js";
import type { Sandbox } from "../../src/sandbox/server.js";

const { tencent, alibaba, huawei } = permanentCredentials;

/** Those of the sandbox, for all of its clouds. */
const sandboxCredentials: Credentials = {
  tencent: { id: tencent.id, key: tencent.secret },
  alibaba: { id: alibaba.id, key: alibaba.secret },
  huawei: { id: huawei.id, key: huawei.secret },
};

/** A client of a sandbox in the same process, which signs and sends every call; closed with its transport. */
export function connectClient(
  { endpoints }: Pick<Sandbox, "endpoints">,
  now: () => Date,
  {
    site = "intl",
    credentials = sandboxCredentials,
  }: { readonly site?: Site | undefined; readonly credentials?: Credentials } = {},
): { readonly client: CloudClient; readonly transport: Transport } {
  const transport = new Transport({ connectTimeout: 60_000, maxReplyBytes: 32_000_000 });
  const client = new CloudClient({
    source: fixedCredentials(credentials),
    site,
    regions: {},
    endpoints: Object.fromEntries(Object.entries(endpoints).map(([name, url]) => [name, new URL(url)])),
    exclusionOf: () => undefined,
    tencentSignature: "TC3-HMAC-SHA256",
    timeout: 60_000,
    transport,
    now,
    nonce: () => randomBytes(16).toString("hex"),
    redact: (text: string) => text,
    elapsed: () => performance.now(),
    // Not at once: on a loaded machine several idle connections end together, and a repeat has to learn of it first.
    pause: () => setImmediate(),
    random: () => 0,
    log: () => {},
  });
  return { client, transport };
}
