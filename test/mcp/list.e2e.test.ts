import { tmpdir } from "node:os";
import { join } from "node:path";
import { encode } from "gpt-tokenizer/encoding/o200k_base";
import { afterAll, describe, expect, it } from "vitest";
import { defaultCompanions } from "../../src/catalogue/companions.js";
import { operations } from "../../src/catalogue/index.js";
import { ownTools } from "../../src/tools/index.js";
import { type Assistant, startAssistant } from "../support/assistant.js";
import { wide } from "../support/width.js";

const servers = new Map<string, Promise<Assistant>>();
afterAll(() => Promise.all([...servers.values()].map(async (server) => (await server).close())));

/** A server with these settings, the same one for all tests. */
function started(args: readonly string[], env: Record<string, string> = {}): Promise<Assistant> {
  const settings = JSON.stringify([args, env]);
  const server = servers.get(settings) ?? startAssistant(args, { env });
  servers.set(settings, server);
  return server;
}

const huawei = { HUAWEICLOUD_SDK_AK: "ak", HUAWEICLOUD_SDK_SK: "sk", HUAWEICLOUD_SDK_PROJECT_ID: "project-1" };

/** The documented operations among the tools; those of our own stand after them, in snake case. */
async function offered(args: readonly string[], env: Record<string, string> = {}): Promise<string[]> {
  const { tools } = await (await started(args, env)).client.listTools();
  return tools.map(({ name }) => name).filter((name) => !name.includes("_"));
}

const names = (keep: (operation: (typeof operations)[number]) => boolean) =>
  [...operations, ...defaultCompanions].filter(keep).map(({ name }) => name);

describe("the tools that a client is offered", () => {
  it("are all 36 in documented order, and the one that revokes, when there are no credentials", async () => {
    expect(await offered([])).toEqual(names(() => true));
  });

  it("are those of the services that have credentials", async () => {
    expect(await offered([], huawei)).toEqual(["UpdateDomainHttpsCert"]);
  });

  it("are those of the chosen services", async () => {
    expect(await offered(["--services", "alibaba-cdn,tencent-edgeone"])).toEqual([
      "ModifyHostsCertificate",
      "SetCdnDomainSSLCertificate",
    ]);
  });

  it("are the 10 reads with --read-only", async () => {
    expect(await offered(["--read-only"])).toEqual(names(({ effect }) => effect === "read"));
  });

  it("leave out the CSR operations on the mainland site, which has none", wide, async () => {
    const csr = ["BatchDeleteCSR", "CreateCSR", "DescribeCSR", "DescribeCSRSet", "ModifyCSR"];
    expect(await offered(["--site", "mainland"])).toEqual(names(({ name }) => !csr.includes(name)));
  });

  it("say by their annotations what they do", async () => {
    const { tools } = await (await started([])).client.listTools();
    for (const operation of operations) {
      const tool = tools.find(({ name }) => name === operation.name);
      expect(tool?.title).toBe(operation.title);
      expect(tool?.description?.startsWith(operation.service.title)).toBe(true);
      expect(tool?.annotations).toMatchObject({
        readOnlyHint: operation.effect === "read",
        ...(operation.effect !== "read" && {
          destructiveHint: ["traffic", "destroy", "purchase"].includes(operation.effect),
        }),
      });
      expect(tool?.outputSchema).toMatchObject({ type: "object" });
    }
  });
});

describe("--tools", () => {
  const shown = async (choice: string, ...more: string[]) => {
    const { tools } = await (await started(["--tools", choice, ...more])).client.listTools();
    return tools.map(({ name }) => name);
  };

  it("shows groups, names and patterns, in the usual order", wide, async () => {
    expect(await shown("jobs", "--sandbox")).toEqual(ownTools.map(({ name }) => name));
    expect(await shown("list_vault,tencent-edgeone,*CSRSet")).toEqual([
      "DescribeCSRSet",
      "ModifyHostsCertificate",
      "list_vault",
    ]);
    const reads = [...operations, ...ownTools].filter(({ effect }) => effect === "read").map(({ name }) => name);
    expect(await shown("read")).toEqual(reads);
  });

  it("never shows what the operator rules out", async () => {
    expect(await shown("tencent-edgeone,list_vault", "--read-only")).toEqual(["list_vault"]);
  });

  it("leaves jobs the operations that they are made of, which the model cannot call", wide, async () => {
    const assistant = await started(["--tools", "jobs", "--sandbox"]);
    expect((await assistant.result("find_certificates")).certificates).not.toEqual([]);
    await expect(assistant.client.callTool({ name: "DescribeCertificates" })).rejects.toThrow("no tool");
    expect(assistant.client.getInstructions()).toContain("Tencent Cloud SSL (tencent-ssl)");
    expect(assistant.client.getInstructions()).not.toContain("CamelCase");
  });
});

describe("what is answered before anything else is loaded", () => {
  it("are the lists of tools and prompts, no resource: no sandbox is started for them", wide, async () => {
    const assistant = await startAssistant(["--sandbox"]);
    await Promise.all([assistant.client.listPrompts(), assistant.client.ping()]);
    expect(assistant.stderr()).toBe("");
    await assistant.client.listResources();
    expect(assistant.stderr()).toContain("sandbox is up");
    await assistant.close();
  });

  it("keeps calls in their order, a cancellation after what it takes back", wide, async () => {
    const { client, close } = await startAssistant(["--sandbox"]);
    const taken = new AbortController();
    const calls = ["list_vault", "list_jobs", "list_vault"].map((name) => client.callTool({ name }));
    const cancelled = client.callTool({ name: "DescribeCertificates" }, undefined, { signal: taken.signal });
    taken.abort("no longer wanted");
    await expect(cancelled).rejects.toThrow("no longer wanted");
    expect((await Promise.all(calls)).map(({ isError }) => isError ?? false)).toEqual([false, false, false]);
    await close();
  });
});

it("the whole list, as it goes over the wire, costs at most 13,000 tokens in o200k", async () => {
  const { tools } = await (await started([])).client.listTools();
  expect(tools).toHaveLength(operations.length + defaultCompanions.length + ownTools.length);
  expect(encode(JSON.stringify(tools)).length).toBeLessThanOrEqual(13_000);
});

it("the instructions stay within 2,000 characters", wide, async () => {
  for (const args of [["--sandbox"], ["--read-only"], []]) {
    const instructions = (await started(args, huawei)).client.getInstructions() ?? "";
    expect(instructions.length).toBeGreaterThan(500);
    expect(instructions.length).toBeLessThanOrEqual(2_000);
  }
});

describe("limits are said before a call", () => {
  const long = Array.from({ length: 40 }, (_, index) => join(tmpdir(), `a-directory-of-the-operator-${index}`));
  const instructionsOf = async (...flags: string[]) => (await started(flags)).client.getInstructions() ?? "";

  it("where references may lead, that nothing renews by itself, and what a person schedules for that", async () => {
    const none = await instructionsOf();
    expect(none).toContain("file:PATH (switched off here: no --files); env:NAME (switched off here: no --env-prefix)");
    expect(none).toContain("Nothing renews by itself or later: a person schedules this program's command `renew`.");
    const named = await instructionsOf("--files", tmpdir(), "--env-prefix", "CLOUDKEY_");
    expect(named).toContain(`file:PATH below ${tmpdir()}; env:CLOUDKEY_NAME`);
  });

  it("as many directories as there is room for", async () => {
    const text = await instructionsOf(...long.flatMap((directory) => ["--files", directory]));
    expect(text.length).toBeLessThanOrEqual(2_000);
    expect(text).toMatch(/file:PATH below .*\d+ more \(check_setup names them\)/);
  });

  it.each([
    ["CreateCertificate", /Refused unless the operator allows purchases/],
    ["UpdateDomainHttpsCert", /Redirect HTTP to HTTPS; off if left out/],
    ["ApplyCertificate", /DNS_AUTO \(Tencent Cloud DNS, same account\), DNS or FILE by hand/],
    ["CommitCertificateInformation", /gets no new features.*DNS_AUTO \(Tencent Cloud DNS, same account\)/],
    ["CancelAuditCertificate", /status 0, 4 or 8/],
    ["CancelCertificateOrder", /status 0, 4, 5 or 8/],
    ["SubmitCertificateInformation", /It works, but gets no new features/],
    ["DescribeCertificateOperateLogs", /downloaded.*no deployments/],
    ["list_jobs", /Single operations and changes made elsewhere are not listed/],
  ])("in the description of %s", async (name, says) => {
    const { tools } = await (await started([])).client.listTools();
    const { description, inputSchema } = tools.find((tool) => tool.name === name) ?? {};
    expect(`${description} ${JSON.stringify(inputSchema)}`).toMatch(says);
  });
});

it("without credentials a call answers which variables to set", wide, async () => {
  const assistant = await started([]);
  expect(await assistant.failure("DescribeCertificates")).toContain("TENCENTCLOUD_SECRET_ID");
  const settings = { DomainName: "img.example.com", SSLProtocol: "off" };
  expect(await assistant.failure("SetCdnDomainSSLCertificate", settings)).toContain("ALIBABA_CLOUD_ACCESS_KEY_ID");
});

it("a tool that does not exist is a protocol error", async () => {
  await expect((await started([])).client.callTool({ name: "DeleteEverything" })).rejects.toThrow("DeleteEverything");
});

it("arguments that do not fit are named, and nothing is sent", wide, async () => {
  const said = await (await started(["--sandbox"], huawei)).failure("DescribeCertificates", {
    Limit: -1,
    ExpirationSort: "UP",
    Page: 2,
  });
  for (const part of ["Limit", "greater than or equal to 0", "ExpirationSort", "Page", "Nothing was changed."])
    expect(said).toContain(part);
});
