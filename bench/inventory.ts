import { encode } from "gpt-tokenizer/encoding/o200k_base";
import { z } from "zod";
import { startSandbox } from "../src/sandbox/server.js";
import { addCertificate } from "../src/sandbox/tencent-ssl/lifecycle.js";
import { cli } from "./paths.js";
import type { Figure } from "./row.js";
import { StdioServer } from "./stdio.js";

const DOMAINS = 5_000;
const CERTIFICATES = 2_000;
/** Seconds; the vendors' documented rates are enforced, and VOD takes a call for each of its domains. */
const maxSeconds = 60;
const maxReplyTokens = 20_000;
/** MiB more than before the inventory. */
const maxMemory = 100;

const answer = z.object({
  result: z.object({
    isError: z.boolean().optional(),
    structuredContent: z
      .object({
        matching: z.number(),
        matching_domains: z.number(),
        next_cursor: z.string().optional(),
        incomplete: z.array(z.string()).optional(),
      })
      .passthrough(),
  }),
});

/** One inventory of a large company over all clouds, against the sandbox at the vendors' documented rates. */
export async function inventory(): Promise<Figure[]> {
  const sandbox = await startSandbox({ rates: true, domains: DOMAINS });
  const [first] = [...sandbox.account.ssl.certificates.values()].filter(({ alias }) => alias === "mail");
  if (first?.material === undefined) throw new Error("the sandbox has no such certificate");
  for (let n = sandbox.account.ssl.certificates.size; n < CERTIFICATES; n++) {
    addCertificate(sandbox.account, { status: 1, material: first.material, alias: `copy ${n}` });
  }
  const endpoints = Object.entries(sandbox.endpoints).flatMap(([id, url]) => ["--endpoint", `${id}=${url}`]);
  const server = new StdioServer(cli, [...endpoints, "--call-time", "300"], sandbox.env);
  await server.initialize();
  await server.request("tools/list", {});
  const before = server.resident();
  let peak = before;
  const watch = setInterval(() => {
    peak = Math.max(peak, server.resident());
  }, 50);
  const find = async (args: object) => {
    const begun = performance.now();
    const line = await server.request("tools/call", { name: "find_certificates", arguments: { limit: 100, ...args } });
    const seconds = (performance.now() - begun) / 1_000;
    const { structuredContent } = answer.parse(JSON.parse(line)).result;
    return { seconds, structuredContent, tokens: encode(JSON.stringify(structuredContent)).length };
  };
  try {
    const { seconds, tokens, structuredContent } = await find({});
    const calls = sandbox.requests.length;
    const refused = sandbox.requests.filter(({ outcome }) => outcome !== "done").length;
    const next = await find({ cursor: structuredContent.next_cursor });
    if (structuredContent.incomplete !== undefined) throw new Error(structuredContent.incomplete.join(" "));
    const what = `An inventory of ${structuredContent.matching_domains} domains and ${structuredContent.matching} certificates`;
    return [
      { what: `${what}: calls, ${refused} of them refused for their rate`, value: calls, unit: "calls" },
      { what: `${what}: time at the vendors' rates`, value: Math.round(seconds), unit: "s", atMost: maxSeconds },
      { what: `${what}: reply of 100 rows of each list`, value: tokens, unit: "tokens", atMost: maxReplyTokens },
      { what: "Its next page: calls", value: sandbox.requests.length - calls, unit: "calls", atMost: 0 },
      { what: "Its next page: time", value: Math.round(next.seconds * 1_000), unit: "ms" },
      { what: "Memory that it takes at its peak", value: Math.ceil(peak - before), unit: "MiB", atMost: maxMemory },
    ];
  } finally {
    clearInterval(watch);
    await server.stop();
    await sandbox.close();
  }
}
