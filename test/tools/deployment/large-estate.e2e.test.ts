import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { z } from "zod";
import { type Assistant, approving } from "../../support/assistant.js";
import { Company, report } from "../../support/company.js";
import { wide } from "../../support/width.js";

/** More domains than one job or one look at the edges takes. */

const page = z.object({
  incomplete: z.array(z.string()).default([]),
  domains: z.array(z.object({ domain: z.string(), drift: z.string() })),
  next_cursor: z.string().optional(),
});

let company: Company;
let assistant: Assistant;
const questions: string[] = [];
beforeAll(async () => {
  company = await Company.open({ speed: 600, domains: 110 });
  const person = approving(questions);
  assistant = await company.assistant(["--approve", "elicit"], { person });
});
afterAll(() => Promise.all([assistant.close(), company.close()]));

const next = () => company.certificate("storefront, next");

describe("more targets than one job takes", () => {
  it("are refused with how many each service has and how to split them, before Live is asked about redirects", async () => {
    const from = company.sandbox.requests.length;
    const said = await assistant.failure("deploy_certificate", { certificate_id: next(), covered: true });
    expect(said).toMatch(
      /\d+ targets were named or found \(.*tencent-edgeone 2\d, alibaba-cdn 2\d, .*\); one job takes/,
    );
    expect(said).toContain("each with targets: a service and up to 100 of its domains");
    expect(said).toContain("Nothing was changed.");
    expect(questions).toEqual([]);
    const asked = company.sandbox.requests.slice(from).map(({ operation }) => operation);
    expect(asked).not.toContain("ShowDomainHttpsCert");
  });

  it("can be named by service, also in an added zone", async () => {
    const targets = [{ service: "tencent-edgeone", domains: ["site-00000.example.com", "site-00005.example.com"] }];
    const done = report.parse(
      await assistant.result("deploy_certificate", { certificate_id: next(), targets, wait_seconds: 0 }),
    );
    expect(done.targets.map(({ target }) => target)).toEqual([
      "EdgeOne host site-00000.example.com (zone-sandbox0)",
      "EdgeOne host site-00005.example.com (zone-sandbox0)",
    ]);
    expect(company.done()).toContain("ModifyHostsCertificate site-00005.example.com");
  });
});

it("what is wrong with many steps is said once, with the first of them", wide, async () => {
  const { zones } = company.sandbox.account;
  const host = zones.get("zone-sandboxdemo")?.hosts.get("www.example.com");
  if (host === undefined) throw new Error("there is no www.example.com");
  const domains = ["a", "b", "c", "d", "e"].map((label) => `${label}.example.com`);
  const hosts = new Map(domains.map((name) => [name, { ...host, name }]));
  zones.set("zone-Odd", { id: "zone-Odd", name: "example.com", hosts });
  const said = await assistant.failure("deploy_certificate", { certificate_id: next(), targets: [{ domains }] });
  zones.delete("zone-Odd");
  expect(said.split("A site ID begins with")).toHaveLength(2);
  expect(said).toMatch(/The same for all of these: EdgeOne host a\.example\.com \(zone-Odd\), .* and 2 more/);
  expect(said).toContain("Nothing was changed.");
});

it("drift goes on with a cursor until every edge was looked at", wide, async () => {
  const { cdn, authority } = company.sandbox.account;
  // The last one of CDN.
  const last = cdn.get("site-00106.example.com");
  if (last?.certificate === undefined) throw new Error("the sandbox has no such domain");
  const { certificatePem, privateKeyPem } = await authority.issue({
    names: ["site-00106.example.com"],
    key: "EC-P256",
    notBefore: new Date(Date.now() - 86_400_000),
    notAfter: new Date(Date.now() + 9 * 86_400_000),
  });
  last.certificate = { ...last.certificate, certificatePem, privateKeyPem };
  // Its list shows the new one, and its edge goes on serving the old one.
  last.changedAt = new Date(Date.now() + 86_400_000);
  const all = [];
  const saysToGoOn: boolean[] = [];
  let cursor: string | undefined;
  do {
    const each = page.parse(await assistant.result("find_certificates", { drift: true, ...(cursor && { cursor }) }));
    saysToGoOn.push(each.incomplete.join().includes("next_cursor goes on with the others"));
    all.push(...each.domains.map(({ domain }) => domain));
    cursor = each.next_cursor;
  } while (cursor !== undefined && saysToGoOn.length < 5);
  expect(saysToGoOn).toEqual([true, false]);
  expect(all).toContain("site-00106.example.com");
});
