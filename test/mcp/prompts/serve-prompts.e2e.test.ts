import { ErrorCode } from "@modelcontextprotocol/sdk/types.js";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { prompts } from "../../../src/mcp/prompts/index.js";
import { type Assistant, startAssistant } from "../../support/assistant.js";

let sandboxed: Assistant;
const others: Assistant[] = [];
beforeAll(async () => {
  sandboxed = await startAssistant(["--sandbox"]);
});
afterAll(() => sandboxed.close());
afterEach(async () => {
  for (const assistant of others.splice(0)) await assistant.close();
});

async function started(args: readonly string[], env: Record<string, string> = {}) {
  const assistant = await startAssistant(args, { env });
  others.push(assistant);
  return assistant;
}

async function textFrom({ client }: Assistant, name: string, given: Record<string, string> = {}): Promise<string> {
  const { messages } = await client.getPrompt({ name, arguments: given });
  return messages.map(({ content }) => (content.type === "text" ? content.text : "")).join();
}

const migration = { certificate: "abcd1234", service: "alibaba-cdn" };

it("are listed with their arguments", async () => {
  const { prompts: listed } = await sandboxed.client.listPrompts();
  expect(listed.map(({ name }) => name)).toEqual([
    "rotate_certificate",
    "expiry_review",
    "issue_free_certificate",
    "replace_leaked_key",
    "migrate_to_another_cloud",
  ]);
  for (const { name, arguments: known = [], description } of listed) {
    expect(description?.length).toBeGreaterThan(20);
    const declared = prompts.find((prompt) => prompt.name === name)?.arguments ?? {};
    expect(known.map((argument) => [argument.name, argument.required])).toEqual(
      Object.entries(declared).map(([argument, { required }]) => [argument, required]),
    );
  }
});

it("come as a message of the person, with the arguments in it", async () => {
  const { messages } = await sandboxed.client.getPrompt({
    name: "rotate_certificate",
    arguments: { certificate: "abcd1234", replacement: "file:new.pem" },
  });
  expect(messages.map(({ role }) => role)).toEqual(["user"]);
  const text = await textFrom(sandboxed, "rotate_certificate", {
    certificate: "abcd1234",
    replacement: "file:new.pem",
  });
  expect(text).toContain('Replace certificate "abcd1234"');
  expect(text).toContain('use "file:new.pem"');
});

describe("what cannot be given", () => {
  it.each([
    ["no_such_prompt", {}, "no such prompt"],
    ["rotate_certificate", {}, "needs certificate"],
    ["expiry_review", { days: "soon" }, "number of days"],
    ["expiry_review", { colour: "red" }, "does not take"],
  ])("is an error of the protocol: %s %j", async (name, given, says) => {
    await expect(sandboxed.client.getPrompt({ name, arguments: given })).rejects.toMatchObject({
      code: ErrorCode.InvalidParams,
      message: expect.stringContaining(says),
    });
  });

  it("is not repeated, so that a key does not come back", async () => {
    const key = "-----BEGIN PRIVATE KEY-----\nMC4CAQAwBQYDK2VwBCIEIcanary\n-----END PRIVATE KEY-----";
    const given = { certificate: "abcd1234", replacement: key };
    await expect(sandboxed.client.getPrompt({ name: "rotate_certificate", arguments: given })).rejects.toThrow(
      "replacement must be",
    );
    expect(JSON.stringify(sandboxed.received)).not.toMatch(/canary|PRIVATE KEY/);
  });
});

describe("what a prompt needs and this server does not have", () => {
  const missing = (text: string) => /^Not offered by this server .*?: (.+?)\./m.exec(text)?.[1]?.split(", ") ?? [];

  it("is nothing among the operations where all are configured", async () => {
    const text = await textFrom(sandboxed, "migrate_to_another_cloud", migration);
    expect(missing(text).filter((name) => !name.includes("_"))).toEqual([]);
    expect(text).not.toContain("No credentials");
  });

  it("is said where the service is not configured", async () => {
    const env = { TENCENTCLOUD_SECRET_ID: "id", TENCENTCLOUD_SECRET_KEY: "key" };
    const text = await textFrom(await started([], env), "migrate_to_another_cloud", migration);
    expect(missing(text)).toContain("SetCdnDomainSSLCertificate");
    expect(missing(text)).not.toContain("DescribeCertificate");
  });

  it("is said where changes are switched off", async () => {
    const text = await textFrom(await started(["--sandbox", "--read-only"]), "issue_free_certificate", {
      domain: "www.example.com",
    });
    expect(missing(text)).toEqual(
      expect.arrayContaining(["ApplyCertificate", "CancelAuditCertificate", "DownloadCertificate", "save_to_file"]),
    );
    expect(missing(text)).not.toContain("wait_for");
  });

  it("is said where there are no credentials, once for each service", async () => {
    const text = await textFrom(await started([]), "migrate_to_another_cloud", migration);
    expect(text).toContain("No credentials are set for Alibaba Cloud CDN, Tencent Cloud SSL.");
    expect(missing(text)).not.toContain("DescribeCertificate");
  });
});
