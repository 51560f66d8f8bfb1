import { afterAll, afterEach, beforeAll, expect, it } from "vitest";
import { z } from "zod";
import { domainServing } from "../../src/sandbox/delivery.js";
import { type Assistant, approving, type Person } from "../support/assistant.js";
import { startWatchingProxy } from "../support/cloud-proxy.js";
import { Company, referring, report, sha256Of } from "../support/company.js";
import { wide } from "../support/width.js";

let company: Company;
let assistant: Assistant;
const questions: string[] = [];

const person: Person = approving(questions);

beforeAll(async () => {
  company = await Company.open({ speed: 100_000 });
  assistant = await company.assistant(["--approve", "elicit"], { person });
});
afterAll(async () => {
  await assistant.close();
  await company.close();
});
// Each begins without a journal.
afterEach(async () => {
  questions.length = 0;
  for (const { id } of await company.journal.list()) await company.journal.remove(id);
});

const dark = [undefined, undefined, undefined];
const states = (told: z.output<typeof report>) => told.targets.map(({ state }) => state);

it("turns HTTPS off on every kind of domain under one approval, and roll_back puts all of it back", async () => {
  const domains = ["www.example.com", "img.example.com", "vod.example.com", "play.example.com"];
  const live = () => company.sandbox.account.live.get("play.example.com");
  Object.assign(live() ?? {}, { forceRedirect: true });
  const storefront = company.sandbox.account.ssl.certificates.get(company.certificate("storefront"));
  const before = sha256Of(storefront?.material?.certificatePem ?? "");

  const off = report.parse(await assistant.result("turn_off_https", { domains }));
  expect(states(off)).toEqual(Array(4).fill("off"));
  expect(off.summary).toBe("4 off");
  expect(company.done().slice(-4)).toEqual([
    "ModifyHostsCertificate www.example.com",
    "SetCdnDomainSSLCertificate img.example.com",
    "SetVodDomainSSLCertificate vod.example.com",
    "DeleteDomainHttpsCert play.example.com",
  ]);
  for (const domain of domains) expect([domain, await company.served(domain)]).toEqual([domain, dark]);
  expect(questions).toHaveLength(1);
  expect(questions[0]).toContain("Turn HTTPS off for www.example.com, img.example.com, vod.example.com and 1 more?");
  for (const domain of domains) {
    expect(questions[0]).toMatch(new RegExp(`${domain}.*→ none: visitors on HTTPS get a connection error`));
  }
  expect(questions[0]).toContain("To undo this, roll_back turns HTTPS back on for 4 domains");

  // There is nothing left to do, and nobody is asked.
  const again = report.parse(await assistant.result("turn_off_https", { domains }));
  expect(states(again)).toEqual(Array(4).fill("unchanged"));
  expect(questions).toHaveLength(1);

  const back = report.parse(await assistant.result("roll_back", { job: off.job }));
  expect(questions[1]).toContain(`Turn HTTPS on again on 4 targets, as before job ${off.job}?`);
  expect(states(back)).toEqual(Array(4).fill("put back"));
  for (const domain of domains) {
    expect([domain, await company.served(domain)]).toEqual([domain, [before, before, before]]);
  }
  expect(live()?.forceRedirect).toBe(true);
});

it("says before where there is no way back, and reports it in list_jobs as what it was", wide, async () => {
  const own = await company.issue("own", ["assets.example.com"]);
  const targets = [{ service: "alibaba-cdn", domains: ["assets.example.com"] }];
  const { private_key: key, certificate } = referring(own);
  await assistant.result("deploy_certificate", { certificate, private_key: key, targets });
  for (const { id } of await company.journal.list()) await company.journal.remove(id);
  company.emptyStore();
  questions.length = 0;

  const off = report.parse(await assistant.result("turn_off_https", { domains: ["assets.example.com"] }));
  expect(questions[0]).toMatch(/CDN domain assets.example.com: roll_back cannot put back what it has now: the key of/);
  const { jobs } = z
    .object({ jobs: z.array(z.object({ job: z.string(), kind: z.string(), summary: z.string() }).passthrough()) })
    .parse(await assistant.result("list_jobs"));
  expect(jobs[0]).toMatchObject({ job: off.job, kind: "https off", summary: "1 off" });
  expect(jobs[0]).not.toHaveProperty("certificate");
});

it("what somebody else changes while it is under way is left alone, and roll_back leaves it, too", async () => {
  const { authority, clock, vod } = company.sandbox.account;
  const domain = "vod.example.com";
  const successor = await authority.issue({
    names: [domain],
    key: "EC-P256",
    notBefore: new Date(0),
    notAfter: new Date(Date.now() + 90 * 86_400_000),
  });
  const replaced = vod.get(domain);
  const proxy = await startWatchingProxy(company.sandbox.endpoints["alibaba-cdn"], ({ headers }) => {
    if (headers["x-acs-action"] === "SetCdnDomainSSLCertificate")
      vod.set(domain, domainServing(successor, domain, clock.now()));
  });
  const flags = ["--approve", "elicit", "--endpoint", `alibaba-cdn=${proxy.url}`];
  const overtaken = await company.assistant(flags, { person });
  try {
    const domains = ["img.example.com", domain, "www.example.com"];
    const off = report.parse(await overtaken.result("turn_off_https", { domains }));
    expect(states(off)).toEqual(["off", "not attempted", "not attempted"]);
    expect(off.targets[1]?.says).toMatch(
      /vod\.example\.com.* was not sent: .* has changed since the plan was made\. .*Nothing was changed there\. Next: .*call again/,
    );
    expect(company.done().at(-1)).toBe("SetCdnDomainSSLCertificate img.example.com");
    expect(new Set(await company.served(domain))).toEqual(new Set([sha256Of(successor.certificatePem)]));

    const back = report.parse(await overtaken.result("roll_back", { job: off.job }));
    expect(back.targets.map(({ target, state }) => [target, state])).toEqual([
      ["CDN domain img.example.com", "put back"],
    ]);
    expect(new Set(await company.served(domain))).toEqual(new Set([sha256Of(successor.certificatePem)]));
  } finally {
    if (replaced !== undefined) vod.set(domain, replaced);
    await overtaken.close();
    await proxy.close();
  }
});

it("refuses a service that there is not", async () => {
  const refused = await assistant.call("turn_off_https", { domains: ["img.example.com"], service: "cdn" });
  expect(JSON.stringify(refused)).toContain("service is one of tencent-edgeone, alibaba-cdn,");
});

it("refuses a domain that no cloud lists, and one without HTTPS is left as it is", async () => {
  const unknown = await assistant.call("turn_off_https", { domains: ["no.example.org"] });
  expect(JSON.stringify(unknown)).toContain("No service that is set up here lists the domain no.example.org.");
  for (const said of [unknown, await assistant.call("turn_off_https", { domains: ["*.example.org"] })])
    expect(JSON.stringify(said)).not.toMatch(/target|covered: true|old_certificate_id/);
  const misspelt = JSON.stringify(await assistant.call("turn_off_https", { domains: ["wwww.example.com"] }));
  expect(misspelt).toContain("lists the domain wwww.example.com. Did you mean www.example.com?");
  expect(misspelt).toContain("turned off in that product's console");
  const before = company.done();
  const told = report.parse(await assistant.result("turn_off_https", { domains: ["live.example.com"] }));
  expect(states(told)).toEqual(["unchanged"]);
  expect(company.done()).toEqual(before);
  expect(questions).toEqual([]);
});
