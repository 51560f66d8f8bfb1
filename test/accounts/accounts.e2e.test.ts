import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { z } from "zod";
import { type Assistant, saysYes, startAssistant } from "../support/assistant.js";

/** Two accounts over stdio, each a sandbox of its own. */
const file = `accounts:
  shop:
    tencent: { secret_id: env:A, secret_key: env:B }
    alibaba: { access_key_id: env:A, access_key_secret: env:B }
  blog:
    tencent: { secret_id: env:A, secret_key: env:B }
    huawei: { access_key: env:A, secret_key: env:B, project_id: sandboxproject }
`;

let folder: string;
let assistant: Assistant;
let tools: ReadonlyMap<string, z.output<typeof listed>>;
const listed = z.object({
  name: z.string(),
  inputSchema: z.object({
    required: z.array(z.string()).default([]),
    properties: z.object({ account: z.object({ enum: z.array(z.string()) }).optional() }).passthrough(),
  }),
});
const questions: string[] = [];
/** The remark of the certificate that a test deploys. */
const deployable = "storefront, next";

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "accounts-"));
  writeFileSync(join(folder, "accounts.yaml"), file);
  // With all tools: by default, a read that a single account has is not listed.
  assistant = await startAssistant(["--sandbox", "--tools", "*", "--accounts", join(folder, "accounts.yaml")], {
    person: (question) => {
      questions.push(question.message);
      return saysYes?.(question) ?? { action: "cancel" };
    },
  });
  const { tools: all } = await assistant.client.listTools();
  tools = new Map(all.map((tool) => [tool.name, listed.parse(tool)]));
});
afterAll(async () => {
  await assistant.close();
  rmSync(folder, { recursive: true });
});

const accountOf = (name: string) => {
  const listing = tools.get(name);
  if (listing === undefined) throw new Error(`${name} is not listed`);
  const { properties, required } = listing.inputSchema;
  return { of: properties.account?.enum, must: required.includes("account") };
};

describe("the tool list", () => {
  it.each([
    ["DescribeCertificates", { of: ["shop", "blog"], must: true }],
    ["ModifyCertificateAlias", { of: ["shop", "blog"], must: true }],
    ["DescribeCdnHttpsDomainList", { of: ["shop"], must: false }],
    ["SetCdnDomainSSLCertificate", { of: ["shop"], must: true }],
    ["UpdateDomainHttpsCert", { of: ["blog"], must: true }],
    ["deploy_certificate", { of: ["shop", "blog"], must: true }],
    ["find_certificates", { of: ["shop", "blog", "all"], must: false }],
    ["explain_error", { of: undefined, must: false }],
  ])("lets %s name the accounts that can carry it out", (name, expected) => {
    expect(accountOf(name)).toEqual(expected);
  });
});

const row = z.object({ account: z.string(), certificate_id: z.string() }).passthrough();

describe("calls", () => {
  it("go to the account that they name, and the reply says which", async () => {
    const [shop, blog] = await Promise.all(
      ["shop", "blog"].map((account) => assistant.result("DescribeCertificates", { account })),
    );
    expect([shop?.account, blog?.account]).toEqual(["shop", "blog"]);
    const idsIn = (reply: unknown) =>
      z.object({ Certificates: z.array(z.object({ CertificateId: z.string() })) }).parse(reply).Certificates;
    const ids = new Set(idsIn(shop).map(({ CertificateId }) => CertificateId));
    expect(idsIn(blog).filter(({ CertificateId }) => ids.has(CertificateId))).toEqual([]);
  });

  it("without an account do nothing where there is a choice", async () => {
    const said = await assistant.failure("DescribeCertificates", {});
    expect(said).toContain("DescribeCertificates needs account");
    expect(said).toContain("one of shop, blog");
  });

  it("for an account that cannot do it do nothing", async () => {
    expect(
      await assistant.failure("SetCdnDomainSSLCertificate", { account: "blog", DomainName: "img.example.com" }),
    ).toContain("not available to you for an account of that name");
  });

  it("that list answer over all accounts, each row with its own", async () => {
    const reply = await assistant.result("find_certificates", {});
    const rows = z.array(row).parse(reply.certificates);
    expect(new Set(rows.map(({ account }) => account))).toEqual(new Set(["shop", "blog"]));
    const days = rows.flatMap(({ days_left: left }) => (typeof left === "number" ? [left] : []));
    expect(days).toEqual(days.toSorted((a, b) => a - b));
  });

  it("that list give every row of every account, page by page", async () => {
    const seen: string[] = [];
    let cursor: unknown;
    do {
      const page = await assistant.result("find_certificates", {
        limit: 4,
        ...(typeof cursor === "string" && { cursor }),
      });
      seen.push(
        ...z
          .array(row)
          .parse(page.certificates)
          .map((each) => `${each.account} ${each.certificate_id}`),
      );
      cursor = page.next_cursor;
    } while (cursor !== undefined);
    const whole = await assistant.result("find_certificates", { limit: 100 });
    const all = z
      .array(row)
      .parse(whole.certificates)
      .map((each) => `${each.account} ${each.certificate_id}`);
    expect(seen.toSorted()).toEqual(all.toSorted());
    expect(new Set(seen).size).toBe(seen.length);
  });

  it("that change something ask about the account by its name", async () => {
    // Under review it could become another in the meantime.
    const { Certificates } = await assistant.result("DescribeCertificates", {
      account: "shop",
      CertificateStatus: [1],
    });
    const first = z
      .array(z.object({ CertificateId: z.string(), Alias: z.string().optional() }))
      .parse(Certificates)
      .find(({ Alias }) => Alias !== deployable);
    questions.splice(0);
    const reply = await assistant.result("ModifyCertificateAlias", {
      account: "shop",
      CertificateId: first?.CertificateId ?? "",
      Alias: "renamed",
    });
    expect(reply).toMatchObject({ account: "shop" });
    expect(questions.join()).toContain("account shop,");
    expect(questions.join()).not.toContain("account blog");
    expect(
      await assistant.failure("ModifyCertificateAlias", {
        account: "blog",
        CertificateId: first?.CertificateId,
        Alias: "x",
      }),
    ).toContain("Account blog");
  });
});

it("prompts miss nothing that one of the accounts has", async () => {
  const { messages } = await assistant.client.getPrompt({
    name: "rotate_certificate",
    arguments: { certificate: "abcd1234" },
  });
  expect(JSON.stringify(messages)).not.toMatch(/Not offered by this server|No credentials are set/);
});

describe("resources", () => {
  it("are listed and read by account", async () => {
    const { resources } = await assistant.client.listResources();
    const uris = resources.map(({ uri }) => uri);
    expect(uris.some((uri) => uri.startsWith("cloudcert://certificates/shop/"))).toBe(true);
    expect(uris.some((uri) => uri.startsWith("cloudcert://certificates/blog/"))).toBe(true);
    expect(new Set(uris).size).toBe(uris.length);
    const shops = uris.find((uri) => uri.startsWith("cloudcert://certificates/shop/")) ?? "";
    const { contents } = await assistant.client.readResource({ uri: shops });
    expect(contents[0]).toMatchObject({ uri: shops });
    await expect(assistant.client.readResource({ uri: shops.replace("/shop/", "/blog/") })).rejects.toThrow();
  });

  it("are completed within the account that was chosen", async () => {
    const { resourceTemplates } = await assistant.client.listResourceTemplates();
    const template = resourceTemplates.find(({ uriTemplate }) => uriTemplate.includes("certificates"));
    expect(template?.uriTemplate).toBe("cloudcert://certificates/{account}/{id}");
    const ref = { type: "ref/resource" as const, uri: template?.uriTemplate ?? "" };
    const names = await assistant.client.complete({ ref, argument: { name: "account", value: "s" } });
    expect(names.completion.values).toEqual(["shop"]);
    const ids = await Promise.all(
      ["shop", "blog"].map(async (account) => {
        const context = { arguments: { account } };
        return (await assistant.client.complete({ ref, argument: { name: "id", value: "" }, context })).completion
          .values;
      }),
    );
    expect(ids[0]?.length).toBeGreaterThan(0);
    expect(ids[0]?.filter((id) => ids[1]?.includes(id))).toEqual([]);
  });
});

describe("an account", () => {
  const jobs = z.object({ jobs: z.array(z.object({ job: z.string() }).passthrough()) });

  it("cannot see a job in the journal of another account", async () => {
    const { certificates } = await assistant.result("find_certificates", { account: "shop" });
    const rows = z.array(z.object({ certificate_id: z.string(), alias: z.string().optional() })).parse(certificates);
    const deployed = await assistant.result("deploy_certificate", {
      account: "shop",
      certificate_id: rows.find(({ alias }) => alias === deployable)?.certificate_id,
      targets: [{ service: "tencent-edgeone", zone_id: "zone-sandboxdemo", domains: ["www.example.com"] }],
      wait_seconds: 0,
    });
    const { job } = z.object({ job: z.string() }).parse(deployed);
    expect(jobs.parse(await assistant.result("list_jobs", { account: "shop" })).jobs.map((each) => each.job)).toContain(
      job,
    );
    expect(JSON.stringify(await assistant.call("list_jobs", { account: "blog" }))).not.toContain(job);
    const elsewhere = await assistant.call("list_jobs", { account: "blog", job });
    expect(JSON.stringify(elsewhere.structuredContent)).not.toContain("www.example.com");
    await assistant.failure("wait_for", { account: "blog", job });
    await assistant.client.readResource({ uri: `cloudcert://jobs/shop/${job}` });
    await expect(assistant.client.readResource({ uri: `cloudcert://jobs/blog/${job}` })).rejects.toThrow();
    const ref = { type: "ref/resource" as const, uri: "cloudcert://jobs/{account}/{id}" };
    const ids = async (account: string) =>
      (
        await assistant.client.complete({
          ref,
          argument: { name: "id", value: "" },
          context: { arguments: { account } },
        })
      ).completion.values;
    expect([(await ids("shop")).includes(job), (await ids("blog")).includes(job)]).toEqual([true, false]);
  });

  it("cannot use a secret in the vault of another account", async () => {
    const { Certificates } = await assistant.result("DescribeCertificates", {
      account: "shop",
      CertificateStatus: [1],
    });
    const [first] = z.array(z.object({ CertificateId: z.string() })).parse(Certificates);
    const exported = await assistant.result("DescribeCertificateDetail", {
      account: "shop",
      CertificateId: first?.CertificateId,
    });
    const [reference = ""] = /vault:[\w-]+/.exec(JSON.stringify(exported)) ?? [];
    expect(reference).not.toBe("");
    expect(JSON.stringify(await assistant.result("list_vault", { account: "shop" }))).toContain(reference);
    expect(JSON.stringify(await assistant.result("list_vault", { account: "blog" }))).not.toContain(reference);
    const refused = await assistant.failure("inspect_certificate", { account: "blog", certificate: reference });
    expect(refused).not.toContain("example.com");
  });
});
