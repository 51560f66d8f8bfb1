import { afterAll, beforeAll, describe, expect, it, onTestFinished } from "vitest";
import { z } from "zod";
import { type Assistant, approvesByToken, type Person, reads, textOf } from "../../support/assistant.js";
import { Company, type Files, referring, report, sha256Of } from "../../support/company.js";
import { sampleCompanionChanges } from "../../support/sample-calls.js";
import { wide } from "../../support/width.js";

/** DCDN of Alibaba Cloud, from the front door: found, planned, deployed, watched, put back. */

let company: Company;
let next: Files;
const questions: string[] = [];
let meanwhile: (() => void) | undefined;

const person: Person = reads(({ message }) => {
  questions.push(message);
  meanwhile?.();
  meanwhile = undefined;
  return { action: "accept", content: { approve: true } };
});

beforeAll(async () => {
  company = await Company.open({ speed: 100_000 });
});
afterAll(() => company.close());

const app = () => {
  const found = company.sandbox.account.dcdn.get("app.example.com");
  if (found === undefined) throw new Error("there is no app.example.com");
  return found;
};
const onApp = { targets: [{ domains: ["app.example.com"] }] };

async function assistantWith(flags: readonly string[], answer = person, of = company): Promise<Assistant> {
  const assistant = await of.assistant(flags, { person: answer });
  onTestFinished(() => assistant.close());
  return assistant;
}

describe("deploy_certificate", () => {
  it("finds the domain, shows what it has, serves the certificate there, and takes it back", async () => {
    const before = sha256Of(app().certificate?.certificatePem ?? "");
    next = await company.issue("next");
    const assistant = await assistantWith(["--approve", "elicit"]);
    const told = report.parse(await assistant.result("deploy_certificate", { ...referring(next), ...onApp }));
    expect(told.targets).toMatchObject([{ target: "DCDN domain app.example.com", state: "served" }]);
    expect(questions.at(-1)).toMatch(
      /DCDN domain app\.example\.com, HTTPS: example\.com, \*\.example\.com, expires [-\d]+, SHA-256 \S+, named img-example-com → example\.com, /,
    );
    expect(new Set(await company.served("app.example.com"))).toEqual(new Set([next.sha256]));
    expect(app().certificate?.name).toMatch(/^app\.example\.com-dcdn-/);
    const back = report.parse(await assistant.result("roll_back"));
    expect(back.targets).toMatchObject([{ target: "DCDN domain app.example.com", state: "put back" }]);
    expect(new Set(await company.served("app.example.com"))).toEqual(new Set([before]));
    expect(company.done()).toEqual(Array(2).fill("SetDcdnDomainSSLCertificate app.example.com"));
    expect(JSON.stringify(assistant.received)).not.toContain("PRIVATE KEY");
  });

  it("sends nothing if somebody sets another certificate there before the person says yes", wide, async () => {
    next = await company.issue("voided");
    const other = await company.sandbox.account.authority.issue({
      names: ["app.example.com"],
      key: "EC-P256",
      notBefore: new Date(Date.now() - 1_000),
      notAfter: new Date(Date.now() + 1e9),
    });
    const sent = company.done().length;
    const assistant = await assistantWith(["--approve", "elicit"]);
    meanwhile = () => Object.assign(app(), { certificate: { ...other, id: "7", name: "elsewhere" } });
    const reply = await assistant.call("deploy_certificate", { ...referring(next), ...onApp });
    expect(textOf(reply)).toMatch(/approval is void.*DCDN domain app\.example\.com.*elsewhere/s);
    expect(company.done()).toHaveLength(sent);
  });

  it("says that what is set may not be read, and asks all the same", wide, async () => {
    next = await company.issue("unread");
    const assistant = await assistantWith(["--approve", "elicit", "--deny", "DescribeDcdnDomainCertificateInfo"]);
    await assistant.result("deploy_certificate", { ...referring(next), ...onApp, wait_seconds: 0 });
    expect(questions.at(-1)).toContain(
      "what is set could not be read: this server's policy excludes DescribeDcdnDomainCertificateInfo",
    );
    expect(sha256Of(app().certificate?.certificatePem ?? "")).toBe(next.sha256);
  });
});

describe("a product that was never switched on", () => {
  const inventory = z.object({
    incomplete: z.array(z.string()).optional(),
    not_visible: z.array(z.string()),
    domains: z.array(z.object({ domain: z.string() })),
  });

  it("is said by the inventory, and is no gap", wide, async () => {
    const small = await Company.open({ speed: 600, notSwitchedOn: ["alibaba-cdn", "alibaba-dcdn"] });
    onTestFinished(() => small.close());
    const assistant = await assistantWith([], undefined, small);
    const told = inventory.parse(await assistant.result("find_certificates"));
    expect(told.incomplete).toBeUndefined();
    expect(told.not_visible).toContain("Alibaba Cloud CDN: not switched on for this account, so it has no domains.");
    expect(told.not_visible).toContain("Alibaba Cloud DCDN: not switched on for this account, so it has no domains.");
    const domains = told.domains.map(({ domain }) => domain);
    expect(domains).toContain("vod.example.com");
    expect(domains).not.toContain("app.example.com");
    const pair = referring(await small.issue("small"));
    expect(await assistant.failure("deploy_certificate", { ...pair, ...onApp })).toMatch(
      /lists the domain app\.example\.com\..*DCDN: not switched on/,
    );
  });
});

describe("SetDcdnDomainSSLCertificate by itself", () => {
  const name = "SetDcdnDomainSSLCertificate";
  const off = { ...sampleCompanionChanges[name] };
  const sent = () => company.sandbox.requests.filter(({ operation }) => operation === name).length;

  it("is a tool only by choice, and not where the server only reads", wide, async () => {
    for (const flags of [[], ["--tools", "companions", "--read-only"]]) {
      const assistant = await assistantWith(flags);
      await expect(assistant.call(name, off)).rejects.toThrow("There is no tool");
    }
  });

  it.each(["companions", "alibaba-dcdn"])(
    "of --tools %s is sent once a person says yes, and not before",
    wide,
    async (tools) => {
      Object.assign(app(), { https: true, certificate: app().certificate ?? (await served()) });
      const before = sent();
      const refusing = await assistantWith(["--tools", tools, "--approve", "elicit"], () => ({ action: "decline" }));
      await refusing.failure(name, off);
      const unanswered = await assistantWith(["--tools", tools, ...approvesByToken]);
      expect(textOf(await unanswered.call(name, off))).toContain("is waiting for approval");
      expect(sent()).toBe(before);
      const assistant = await assistantWith(["--tools", tools, "--approve", "elicit"]);
      await assistant.result(name, off);
      expect(sent()).toBe(before + 1);
      expect(questions.at(-1)).toContain("Turn HTTPS off for app.example.com?");
      expect(app()).toMatchObject({ https: false, certificate: undefined });
    },
  );

  async function served() {
    return company.sandbox.account.authority.issue({
      names: ["app.example.com"],
      key: "EC-P256",
      notBefore: new Date(Date.now() - 1_000),
      notAfter: new Date(Date.now() + 1e9),
    });
  }
});
