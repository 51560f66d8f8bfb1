import { join } from "node:path";
import type { ElicitResult } from "@modelcontextprotocol/sdk/types.js";
import { afterEach, describe, expect, it } from "vitest";
import { z } from "zod";
import { allOperations as everyOperation } from "../../src/catalogue/index.js";
import type { Operation } from "../../src/catalogue/operation.js";
import { contentOf, innermost } from "../../src/catalogue/params.js";
import { ownTools } from "../../src/tools/index.js";
import { type Assistant, approvesByToken, offeredToken, reads, untilEnded } from "../support/assistant.js";
import { Company, everywhere, referring } from "../support/company.js";
import { neededApproval } from "../support/requests.js";
import { prepareSamples, sampleCompanionChanges, sampleChanges as sampleToolChanges } from "../support/sample-calls.js";

const sampleChanges = { ...sampleToolChanges, ...sampleCompanionChanges };

/**
 * Every request that the program can make, tool by tool and job by job, resources and completion included, under every
 * setting of the policy: what it rules out never reaches a cloud, and no key is fetched before the yes.
 */

const open: Array<{ close(): Promise<void> }> = [];
afterEach(async () => {
  for (const each of open.splice(0)) await each.close();
});

/** Those of the site that the sandbox plays. */
const allOperations = everyOperation.filter(({ sites }) => sites?.includes("intl") ?? true);

interface Call {
  readonly name: string;
  make(assistant: Assistant): Promise<unknown>;
}

const tool = (name: string, args: Record<string, unknown>): Call => ({
  name: `${name} ${JSON.stringify(args).slice(0, 60)}`,
  make: (assistant) => approved(assistant, name, args),
});

/** Calls, and calls again with the approval where one is asked for; a tool that is not offered is no fault here. */
async function approved(assistant: Assistant, name: string, args: Record<string, unknown>): Promise<void> {
  const before = sent(assistant).length;
  const reply = await assistant.call(name, args).catch(() => undefined);
  const approval = reply && offeredToken(reply);
  if (approval === undefined) return;
  expect(sent(assistant).slice(before).filter(neededApproval), `${name} before the yes`).toEqual([]);
  await untilEnded(await assistant.call(name, { ...args, approval }), () => assistant.call(name, args));
}

const companyOf = new WeakMap<Assistant, Company>();
function sent(assistant: Assistant) {
  return companyOf.get(assistant)?.sandbox.requests ?? [];
}

/** Each documented operation by its own tool. */
const single = (operation: Operation): Call =>
  tool(operation.name, {
    ...(sampleChanges[operation.name] ?? operation.example),
  });

const completing = (ref: { type: "ref/prompt"; name: string } | { type: "ref/resource"; uri: string }, name: string) =>
  ({
    name: `completion of ${name}`,
    make: (assistant) => assistant.client.complete({ ref, argument: { name, value: "" } }).catch(() => undefined),
  }) satisfies Call;

/** Everything that is no single operation; what comes later builds on what came before. */
async function jobsOn(company: Company): Promise<readonly Call[]> {
  const pair = referring(await company.issue("site"));
  const next = company.certificate("storefront, next");
  const cdn = { service: "alibaba-cdn", domains: ["img.example.com"] };
  const short = { timeout_seconds: 1 };
  return [
    tool("find_certificates", { with_bindings: true, limit: 3 }),
    tool("check_served_certificate", { domains: ["img.example.com"], certificate_id: next }),
    tool("inspect_certificate", { certificate_id: next }),
    tool("check_setup", {}),
    tool("wait_for", { what: "certificate", id: next, ...short }),
    tool("wait_for", { what: "deletion", id: next, ...short }),
    tool("wait_for", { what: "update", id: company.certificate("storefront"), ...short }),
    tool("wait_for", { what: "rollback", id: "1", ...short }),
    tool("wait_for", { what: "bindings", id: "1", ...short }),
    tool("deploy_certificate", { certificate_id: next, targets: everywhere(company), wait_seconds: 2 }),
    tool("roll_back", { wait_seconds: 2 }),
    tool("deploy_certificate", { ...pair, targets: everywhere(company), wait_seconds: 0 }),
    // By id to the other clouds alone, and back to a key that lies at Tencent Cloud.
    tool("deploy_certificate", { certificate_id: next, targets: [cdn], wait_seconds: 0 }),
    tool("deploy_certificate", { ...pair, targets: [cdn], wait_seconds: 1 }),
    tool("roll_back", { wait_seconds: 0 }),
    tool("turn_off_https", { domains: ["www.example.com", "vod.example.com", "play.example.com"], wait_seconds: 1 }),
    tool("roll_back", { wait_seconds: 0 }),
    tool("wait_for", { what: "revocation", id: next, ...short }),
    tool("list_jobs", {}),
    tool("list_vault", {}),
    {
      name: "resources",
      make: async ({ client }) => {
        const { resources } = await client.listResources();
        const certificates = resources.filter(({ uri }) => uri.includes("/certificates/")).slice(0, 2);
        const uris = [...certificates.map(({ uri }) => uri), `cloudcert://certificates/${next}`];
        for (const uri of uris) await client.readResource({ uri }).catch(() => undefined);
      },
    },
    completing({ type: "ref/resource", uri: "cloudcert://certificates/{id}" }, "id"),
    completing({ type: "ref/prompt", name: "rotate_certificate" }, "zone"),
    completing({ type: "ref/prompt", name: "migrate_to_another_cloud" }, "zone"),
  ];
}

async function started(flags: readonly string[]) {
  const company = await Company.open();
  const assistant = await company.assistant([
    ...approvesByToken.slice(0, 3),
    "--tools",
    "*",
    "--allow-inline-secrets",
    ...flags,
  ]);
  companyOf.set(assistant, company);
  // What a call before has left in a state in which there is nothing to do is as it was.
  const close = () => Promise.all([assistant.close(), company.close()]);
  return { company, assistant, ready: prepareSamples(company.sandbox), close };
}

const namesOf = (requests: readonly { readonly operation: string }[]) => new Set(requests.map((it) => it.operation));

/** What an unrestricted server sends for each job, by the place of the job. */
const baseline = (async () => {
  const { company, assistant, ready } = await started(["--allow-purchases"]);
  const jobs: ReadonlySet<string>[] = [];
  const byTool = new Map<string, Set<string>>();
  for (const call of await jobsOn(company)) {
    const before = company.sandbox.requests.length;
    await call.make(assistant);
    const names = namesOf(company.sandbox.requests.slice(before));
    jobs.push(names);
    const [made = ""] = call.name.split(" ");
    byTool.set(made, new Set([...(byTool.get(made) ?? []), ...names]));
  }
  for (const operation of allOperations) {
    ready();
    await single(operation).make(assistant);
  }
  const all = namesOf(company.sandbox.requests);
  await assistant.close();
  await company.close();
  return { jobs, byTool, all };
})();

/** A setting, and which operations it lets through. */
interface Setting {
  readonly flags: readonly string[];
  permits(operation: Operation): boolean;
}

const glob = (pattern: string) => new RegExp(`^${pattern.replaceAll("*", ".*")}$`, "i");
const matching = (patterns: readonly string[]) => (operation: Operation) =>
  patterns.some((pattern) =>
    glob(pattern).test(pattern.includes("/") ? `${operation.service.id}/${operation.name}` : operation.name),
  );
const denying = (...patterns: string[]): Setting => ({
  flags: ["--allow-purchases", "--deny", patterns.join()],
  permits: (operation) => !matching(patterns)(operation),
});
const allowing = (...patterns: string[]): Setting => ({
  flags: ["--allow-purchases", "--allow", ["jobs/*", "this-computer/*", ...patterns].join()],
  permits: matching(patterns),
});
/** The reply holds a key there too, which is dropped; the cloud's log does not tell. */
const readWithoutKey = ["DescribeCertificateDetail", "DescribeCSR"];

async function holds({ flags, permits }: Setting, only?: string): Promise<void> {
  const { company, assistant, ready, close } = await started(flags);
  try {
    const { jobs } = await baseline;
    const calls = (await jobsOn(company)).filter((_, place) => only === undefined || jobs[place]?.has(only));
    const alone = allOperations.filter(({ name }) => only === undefined || name === only);
    for (const call of calls) await call.make(assistant);
    for (const operation of alone) {
      ready();
      await single(operation).make(assistant);
    }
    const permitted = new Set(allOperations.filter(permits).map(({ name }) => name));
    expect([...namesOf(company.sandbox.requests)].filter((name) => !permitted.has(name))).toEqual([]);
  } finally {
    await close();
  }
}

it("drives every operation of the catalogue where nothing is ruled out", async () => {
  const { all } = await baseline;
  expect([...all].sort()).toEqual(allOperations.map(({ name }) => name).sort());
});

it("finds no job use an operation that it does not declare, so that what it lacks can be said before", async () => {
  const { byTool } = await baseline;
  for (const { name, uses = [] } of ownTools) {
    const declared = uses.map((operation) => operation.name);
    expect(
      [...(byTool.get(name) ?? [])].filter((used) => !declared.includes(used)),
      name,
    ).toEqual([]);
  }
});

it("no operation whose reply hands on a private key passes for an ordinary read", () => {
  const keys = (schema: z.ZodTypeAny): boolean => {
    const content = contentOf(schema);
    const inner = innermost(schema);
    if (inner instanceof z.ZodArray) return keys(inner.element);
    if (inner instanceof z.ZodObject) return Object.values(inner.shape).some((each) => isSchema(each) && keys(each));
    return content === "private key" || content === "archive";
  };
  const isDropped = (each: Operation) => each.effect === "read" && each.droppedMembers !== undefined;
  const taking = allOperations.filter((each) => keys(each.result) && !isDropped(each));
  expect(taking.map(({ name }) => name)).toEqual(["DownloadCertificate", "DescribeCertificateDetail", "DescribeCSR"]);
  expect(taking.map(({ effect }) => effect)).toEqual(taking.map(() => "key-export"));
});

const isSchema = (value: unknown): value is z.ZodTypeAny => value instanceof z.ZodType;

describe.concurrent("with --deny of one operation, whatever used it does without", () => {
  it.each(allOperations.map(({ name }) => name))("%s", (name) => holds(denying(name), name));
});

describe.concurrent("with --allow of one operation, nothing else is sent", () => {
  it.each(allOperations.map(({ name }) => name))("%s", (name) => holds(allowing(name)));
});

describe.concurrent("with patterns, services, reads only or without purchases, nothing else is sent", () => {
  it.each<[string, Setting]>([
    ["--deny Describe*", denying("Describe*")],
    ["--deny *Certificate*", denying("*Certificate*")],
    ["--deny tencent-ssl/*", denying("tencent-ssl/*")],
    ["--deny alibaba-*/*,huawei-live/*", denying("alibaba-*/*", "huawei-live/*")],
    ["--deny download*", denying("download*")],
    ["--allow Describe*", allowing("Describe*")],
    ["--allow tencent-ssl/Describe*,alibaba-cdn/*", allowing("tencent-ssl/Describe*", "alibaba-cdn/*")],
    ["--allow without any operation", allowing()],
    [
      "--read-only",
      { flags: ["--read-only"], permits: ({ effect, name }) => effect === "read" || readWithoutKey.includes(name) },
    ],
    ["purchases off", { flags: [], permits: ({ effect }) => effect !== "purchase" }],
    [
      "--site mainland",
      { flags: ["--site", "mainland"], permits: ({ name, effect }) => !name.includes("CSR") && effect !== "purchase" },
    ],
    ...[...new Set(allOperations.map(({ service }) => service.id))].map((id): [string, Setting] => [
      `--services ${id}`,
      { flags: ["--allow-purchases", "--services", id], permits: ({ service }) => service.id === id },
    ]),
  ])("%s", (_, setting) => holds(setting));
});

describe("a key stays in the cloud until a person said yes", () => {
  it("nothing is fetched for any call that is not approved, and the vault stays empty", async () => {
    const { company, assistant, close } = await started(["--allow-purchases"]);
    open.push({ close: async () => void (await close()) });
    for (const { name, example } of allOperations) {
      await assistant.call(name, { ...(sampleChanges[name] ?? example) });
    }
    const next = company.certificate("storefront, next");
    await assistant.call("DescribeCertificateDetail", { CertificateId: next });
    await assistant.call("DownloadCertificate", { CertificateId: next });
    await assistant.call("deploy_certificate", { certificate_id: next, targets: everywhere(company) });
    await assistant.client.readResource({ uri: `cloudcert://certificates/${next}` });
    expect(company.sandbox.requests.filter(neededApproval)).toEqual([]);
    expect(await assistant.result("list_vault")).toMatchObject({ entries: [] });
  });

  const answers: readonly (readonly [string, ElicitResult])[] = [
    ["declines", { action: "decline" }],
    ["closes the form", { action: "cancel" }],
    ["says no in it", { action: "accept", content: { approve: false } }],
  ];
  it.each(answers)("a person who %s leaves neither request nor vault entry", async (_, answer) => {
    const company = await Company.open();
    open.push(company);
    const person = reads(() => answer);
    const assistant = await company.assistant(["--approve", "elicit"], { person });
    open.push(assistant);
    const next = company.certificate("storefront, next");
    const targets = [{ service: "alibaba-cdn", domains: ["img.example.com"] }];
    await assistant.failure("deploy_certificate", { certificate_id: next, targets });
    await assistant.failure("DownloadCertificate", { CertificateId: next });
    await assistant.failure("DescribeCertificateDetail", { CertificateId: next });
    await assistant.failure("DescribeCSR", { CSRId: [...company.sandbox.account.ssl.csrs.keys()][0] });
    expect(company.sandbox.requests.filter(neededApproval)).toEqual([]);
    expect(await assistant.result("list_vault")).toMatchObject({ entries: [] });
  });
});

it("a key that was approved is fetched by one request, after the yes, and is recorded", async () => {
  const company = await Company.open();
  open.push(company);
  let asked = "";
  const assistant = await company.assistant(["--approve", "elicit", "--audit-log", join(company.home, "audit.jsonl")], {
    person: reads(({ message }) => {
      asked = message;
      expect(company.sandbox.requests.filter(neededApproval)).toEqual([]);
      return { action: "accept", content: { approve: true } };
    }),
  });
  open.push(assistant);
  const certificate_id = company.certificate("storefront, next");
  const targets = [{ service: "alibaba-cdn", domains: ["img.example.com", "assets.example.com"] }];
  const { summary } = await assistant.result("deploy_certificate", { certificate_id, targets, wait_seconds: 5 });
  expect(summary).toBe("2 served");
  expect(asked).toContain(`private key of certificate ${certificate_id}, fetched from Tencent Cloud after approval`);
  expect(company.sandbox.requests.filter(neededApproval).map(({ operation }) => operation)).toEqual([
    "DownloadCertificate",
    "SetCdnDomainSSLCertificate",
    "SetCdnDomainSSLCertificate",
  ]);
});
