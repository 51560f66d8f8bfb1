// @module-tag wide
import { afterAll, beforeAll, beforeEach, expect, it } from "vitest";
import { z } from "zod";
import { type Assistant, declining } from "../../support/assistant.js";
import { type CloudProxy, startAlteringProxy } from "../../support/cloud-proxy.js";
import { Company, type Files, referring } from "../../support/company.js";

/** Lists that leave HTTPS open, and domains that are not in service, as the vendors' SDKs allow both. */

let company: Company;
let assistant: Assistant;
let next: Files;
const proxies: CloudProxy[] = [];
const questions: string[] = [];

/** How the clouds' lists are altered; each test sets its own. */
let altered: (text: string) => string = (text) => text;

beforeAll(async () => {
  company = await Company.open();
  next = await company.issue("next");
  const person = declining(questions);
  const lists = new Set<unknown>(["DescribeAccelerationDomains", "DescribeUserDomains"]);
  const endpoints: string[] = [];
  for (const service of ["tencent-edgeone", "alibaba-cdn"] as const) {
    const proxy = await startAlteringProxy(company.sandbox.endpoints[service], (operation, text) =>
      lists.has(operation) || /"PageData"/.test(text) ? altered(text) : text,
    );
    proxies.push(proxy);
    endpoints.push("--endpoint", `${service}=${proxy.url}`);
  }
  assistant = await company.assistant(["--approve", "elicit", ...endpoints], { person });
});
afterAll(async () => {
  await assistant.close();
  for (const proxy of proxies) await proxy.close();
  await company.close();
});
beforeEach(() => {
  questions.length = 0;
});

const withoutCertificates = (text: string) =>
  text.replace(/"Certificate":\{.*?\},"CreatedOn"/g, '"Certificate":null,"CreatedOn"');

/** What a person is asked; everybody declines. */
async function questionOf(args: Record<string, unknown>): Promise<string> {
  await assistant.failure("deploy_certificate", { ...referring(next), wait_seconds: 0, ...args });
  return questions.join("\n");
}

const notSaid = "the list does not say whether HTTPS is on for";

it("a host of which the list does not say whether HTTPS is on is not listed as without HTTPS", async () => {
  altered = withoutCertificates;
  const reply = z
    .object({ incomplete: z.array(z.string()), domains: z.array(z.object({ domain: z.string() })) })
    .parse(await assistant.result("find_certificates", { https_off: true, fresh: true, service: "tencent-edgeone" }));
  expect(reply.domains).toEqual([]);
  expect(reply.incomplete.join()).toContain(notSaid);
});

it("covered takes it in where its edge serves a certificate for it, and replaces, where that is the old one", async () => {
  altered = withoutCertificates;
  const covered = await questionOf({ covered: true });
  expect(covered).toContain("EdgeOne host www.example.com");
  expect(covered).toContain(notSaid);
  questions.length = 0;
  const replaced = await questionOf({ replaces: company.certificate("storefront") });
  expect(replaced).toContain("EdgeOne host www.example.com");
  expect(replaced).toContain(notSaid);
});

it("a misspelt host is not listed, so nobody is asked about it, whatever the list leaves open of others", async () => {
  altered = withoutCertificates;
  const targets = [{ service: "tencent-edgeone", zone_id: "zone-sandboxdemo", domains: ["wwww.example.com"] }];
  const said = await assistant.failure("deploy_certificate", { ...referring(next), wait_seconds: 0, targets });
  expect(said).toContain("does not list, in site zone-sandboxdemo, the domain wwww.example.com");
  expect(questions).toEqual([]);
});

it("a plan says that a domain is stopped or still being configured", async () => {
  // What was declined is not asked again.
  for (const [status, warning, domains] of [
    ["offline", "it may refuse the change, and visitors may be served nothing", ["img.example.com", "www.example.com"]],
    ["configuring", "it may refuse a change until that has ended, so better wait first", ["img.example.com"]],
  ] as const) {
    questions.length = 0;
    altered = (text) => text.replaceAll('"DomainStatus":"online"', `"DomainStatus":"${status}"`);
    const question = await questionOf({ targets: [{ domains }] });
    expect(question).toContain(warning);
    expect(question).toContain(`"${status}"`);
    expect(question).toContain("CDN domain img.example.com");
  }
});

it("a plan for domains in service says nothing of their state", async () => {
  altered = (text) => text;
  expect(await questionOf({ targets: [{ domains: ["www.example.com"] }] })).not.toContain("Its cloud says");
});
