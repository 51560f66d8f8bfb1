import { countTokens } from "gpt-tokenizer/encoding/o200k_base";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { z } from "zod";
import { type Sandbox, startSandbox } from "../../src/sandbox/server.js";
import { addCertificate } from "../../src/sandbox/tencent-ssl/lifecycle.js";
import { type Assistant, pointedAt, startAssistant, textOf } from "../support/assistant.js";
import { httpReply, startFaultyServer } from "../support/faulty-server.js";
import { wide } from "../support/width.js";

/** Both tools as a client meets them: the built server over stdio, a sandbox in this process behind it. */

const ours = ["find_certificates", "wait_for"];
const found = z.object({
  incomplete: z.array(z.string()).optional(),
  counts: z.object({ total: z.number() }),
  matching: z.number(),
  certificates: z.array(z.object({ certificate_id: z.string() })),
  next_cursor: z.string().optional(),
  notes: z.array(z.string()).optional(),
});

describe("on the sandbox", () => {
  let sandbox: Sandbox;
  let assistant: Assistant;
  let skippedMs = 0;

  beforeAll(async () => {
    sandbox = await startSandbox({ speed: 60, now: () => Date.now() + skippedMs });
    const { args, env } = pointedAt(sandbox);
    assistant = await startAssistant(args, { env });
  });
  afterAll(async () => {
    await assistant.close();
    await sandbox.close();
  });

  const withDomain = (domain: string) => {
    const all = [...sandbox.account.ssl.certificates.values()];
    const certificate = all.find(({ order }) => order?.application?.names.includes(domain));
    if (certificate === undefined) throw new Error(`the sandbox has no certificate for ${domain}`);
    return certificate.id;
  };
  const withAlias = (alias: string) => {
    const certificate = [...sandbox.account.ssl.certificates.values()].find((it) => it.alias === alias);
    if (certificate === undefined) throw new Error(`the sandbox has no certificate ${alias}`);
    return certificate;
  };
  const asked = (operation: string) => sandbox.requests.filter((request) => request.operation === operation);

  it("each costs at most 520 tokens in the list", async () => {
    const { tools } = await assistant.client.listTools();
    for (const name of ours) {
      const { description, inputSchema, outputSchema } = tools.find((tool) => tool.name === name) ?? {};
      expect(countTokens(JSON.stringify({ name, description, inputSchema, outputSchema }))).toBeLessThanOrEqual(520);
    }
  });

  it("they are reads, and offered with --read-only", async () => {
    const { tools } = await assistant.client.listTools();
    for (const name of ours) expect(tools.find((tool) => tool.name === name)?.annotations?.readOnlyHint).toBe(true);
  });

  it("wait_for follows an application until it is issued, with progress", async () => {
    const id = withDomain("preview.example.org");
    const reply = await assistant.call("wait_for", { what: "certificate", id }, () => {
      skippedMs += 5_000; // five minutes of the sandbox's
    });
    expect(reply.structuredContent).toMatchObject({ state: "done", says: `Certificate ${id}: issued.` });
    expect(sandbox.account.ssl.certificates.get(id)?.status).toBe(1);
  });

  it("wait_for says that something still runs, and is no error then", async () => {
    const id = withAlias("mail").id;
    const reply = await assistant.call("wait_for", { what: "deletion", id, timeout_seconds: 1 });
    expect(reply.isError).toBeFalsy();
    expect(reply.structuredContent).toMatchObject({ state: "still running" });
    expect(textOf(reply)).toContain("Still running after 1 s.");
  });

  it("wait_for stops looking when the client takes the call back", wide, async () => {
    const [gone, other] = [withAlias("storefront").id, withAlias("mail").id];
    const looks = (id: string) =>
      asked("DescribeCertificate").filter(({ params }) => JSON.stringify(params).includes(id)).length;
    const controller = new AbortController();
    const call = assistant.client.callTool({ name: "wait_for", arguments: { what: "deletion", id: gone } }, undefined, {
      signal: controller.signal,
      onprogress: () => controller.abort("changed my mind"),
    });
    await expect(call).rejects.toThrow("changed my mind");
    expect(looks(gone)).toBe(1);
    // Three seconds in which the call that was taken back would have looked twice.
    await assistant.call("wait_for", { what: "deletion", id: other, timeout_seconds: 3 });
    expect(looks(other)).toBeGreaterThanOrEqual(3);
    expect(looks(gone)).toBe(1);
  });

  it("find_certificates joins what the cloud finds in use", async () => {
    const reply = await assistant.result("find_certificates", {
      domain: "www.example.com",
      service: "tencent-ssl",
      with_bindings: true,
    });
    expect(reply).toMatchObject({
      certificates: [
        { bindings: "2 clb, 1 cdn, 1 teo", bound_to: expect.arrayContaining(["cdn static.example.com"]) },
        { bindings: "none" },
      ],
    });
  });

  it("find_certificates reads 1,200 certificates page by page, and shows what fits", wide, async () => {
    const { material } = withAlias("storefront, next");
    if (material === undefined) throw new Error("an uploaded certificate has material");
    const before = sandbox.account.ssl.certificates.size;
    const uploads = 3; // besides the CA's, which lives for years
    while (sandbox.account.ssl.certificates.size < 1_200) {
      addCertificate(sandbox.account, { status: 1, material, alias: "a remark of a length that people write" });
    }
    const calls = asked("DescribeCertificates").length;
    const first = found.parse(await assistant.result("find_certificates", { service: "tencent-ssl", fresh: true }));
    expect(
      asked("DescribeCertificates")
        .slice(calls)
        .map(({ params }) => params),
    ).toEqual([
      { Offset: 0, Limit: 1_000 },
      { Offset: 1_000, Limit: 1_000 },
    ]);
    expect(first).toMatchObject({ counts: { total: 1_200 }, matching: 1_200, next_cursor: expect.any(String) });
    expect(first.certificates).toHaveLength(50);
    expect(first.incomplete).toBeUndefined();

    const ids = new Set<string>();
    let cursor: string | undefined;
    do {
      const args = { service: "tencent-ssl", source: "uploaded", expires_within_days: 400, limit: 100, cursor };
      const page: z.output<typeof found> = found.parse(await assistant.result("find_certificates", args));
      for (const { certificate_id } of page.certificates) ids.add(certificate_id);
      expect(countTokens(JSON.stringify(page))).toBeLessThan(20_000);
      expect(page.notes).toBeUndefined();
      cursor = page.next_cursor;
    } while (cursor !== undefined);
    // The pages are of one reading.
    expect(asked("DescribeCertificates")).toHaveLength(calls + 2);
    expect(ids.size).toBe(1_200 - before + uploads);
  });
});

describe("a cloud that fails in the middle", () => {
  const cleanups: (() => Promise<void>)[] = [];
  afterEach(async () => {
    for (const cleanup of cleanups.splice(0)) await cleanup();
  });

  const TOTAL = 1_200;
  const reply = (Response: Record<string, unknown>) =>
    httpReply(200, JSON.stringify({ Response: { ...Response, RequestId: "r-1" } }), { connection: "close" });
  const page = (offset: number, TotalCount = TOTAL, size = 1_000) =>
    reply({
      TotalCount,
      Certificates: Array.from({ length: Math.min(size, TOTAL - offset) }, (_, index) => ({
        CertificateId: `c${offset + index}`,
        Status: 1,
        CertEndTime: "2099-01-01 07:59:59",
      })),
    });
  const throttled = reply({ Error: { Code: "RequestLimitExceeded", Message: "Slow down." } });
  const proxyPage = httpReply(502, "<html>Bad Gateway</html>", { connection: "close" });

  /** Answers in turn; the last answer stays. */
  async function against(...answers: readonly string[]) {
    let turn = 0;
    const server = await startFaultyServer((socket) => {
      socket.end(answers[Math.min(turn, answers.length - 1)] ?? "");
      turn += 1;
    });
    cleanups.push(() => server.close());
    const assistant = await startAssistant(
      ["--services", "tencent-ssl", "--endpoint", `tencent-ssl=${server.url.href}`],
      {
        env: { TENCENTCLOUD_SECRET_ID: "id", TENCENTCLOUD_SECRET_KEY: "key" },
      },
    );
    cleanups.push(() => assistant.close());
    return assistant;
  }

  it.each([
    ["throttles", throttled, "RequestLimitExceeded"],
    ["is a proxy's error page", proxyPage, "HTTP 502"],
  ])("%s: a part is not presented as the whole", wide, async (_name, answer, why) => {
    const assistant = await against(page(0), answer);
    const called = await assistant.call("find_certificates", {});
    const { incomplete, counts } = found.parse(called.structuredContent);
    expect(incomplete).toEqual([expect.stringMatching(/^Only 1000 certificates could be listed: /)]);
    expect(incomplete?.[0]).toContain(why);
    expect(counts.total).toBe(1_000);
    // First, so that it is not overlooked.
    expect(textOf(called)).toMatch(/^\{"incomplete":/);
  });

  it("throttles once: the page is asked for again", wide, async () => {
    const assistant = await against(page(0), throttled, page(1_000));
    const { incomplete, counts } = found.parse(await assistant.result("find_certificates", {}));
    expect(incomplete).toBeUndefined();
    expect(counts.total).toBe(TOTAL);
  });

  it("gives shorter pages than were asked for: all of them are read", wide, async () => {
    const assistant = await against(...[0, 500, 1_000].map((offset) => page(offset, TOTAL, 500)));
    const { incomplete, counts } = found.parse(await assistant.result("find_certificates", {}));
    expect(incomplete).toBeUndefined();
    expect(counts.total).toBe(TOTAL);
  });

  it("changes its list meanwhile: that is said", wide, async () => {
    const assistant = await against(page(0), page(1_000, TOTAL - 1));
    const { incomplete } = found.parse(await assistant.result("find_certificates", {}));
    expect(incomplete).toEqual([expect.stringContaining("1200, then 1199")]);
  });

  it("counts more than it tells: that is said", wide, async () => {
    const assistant = await against(page(0), reply({ TotalCount: TOTAL, Certificates: null }));
    const { incomplete } = found.parse(await assistant.result("find_certificates", {}));
    expect(incomplete).toEqual([expect.stringContaining(`the cloud counts ${TOTAL}`)]);
  });

  it("does not even give a first page: a failure", wide, async () => {
    const assistant = await against(throttled);
    expect(await assistant.failure("find_certificates")).toContain("RequestLimitExceeded");
  });
});
