import { afterAll, afterEach, beforeAll, expect, it, onTestFinished } from "vitest";
import { z } from "zod";
import { seededCasIds } from "../../../src/sandbox/seed/alibaba.js";
import { seededScmId } from "../../../src/sandbox/seed/huawei.js";
import { type Assistant, approving, declining, type Person } from "../../support/assistant.js";
import { Company, domains, everywhere, referring, report, sha256Of, until } from "../../support/company.js";
import { wide } from "../../support/width.js";

let company: Company;
let assistant: Assistant;

beforeAll(async () => {
  company = await Company.open({ speed: 100_000 });
  assistant = await company.assistant(["--approve", "elicit"]);
});
afterAll(async () => {
  await assistant.close();
  await company.close();
});
// Each begins without a journal.
afterEach(async () => {
  for (const { id } of await company.journal.list()) await company.journal.remove(id);
});
/** Another process: all that it knows is in the journal. */
async function asking(person: Person): Promise<Assistant> {
  const started = await company.assistant(["--approve", "elicit"], { person });
  onTestFinished(() => started.close());
  return started;
}

const storefront = () => {
  const held = company.sandbox.account.ssl.certificates.get(company.certificate("storefront"));
  return sha256Of(held?.material?.certificatePem ?? "");
};

it(
  "gives each target back what it had, out of Tencent Cloud's store and by Tencent Cloud's own rollback",
  wide,
  async () => {
    const next = await company.issue("next");
    await assistant.result("deploy_certificate", { ...referring(next), targets: everywhere(company) });
    const questions: string[] = [];
    const person = approving(questions);
    const second = await asking(person);
    const told = report.parse(await second.result("roll_back"));
    expect(questions).toHaveLength(1);
    expect(questions[0]).toMatch(/Live domain live.example.com, HTTPS: .* → no HTTPS, as before/);
    expect(told.cannot_go_back).toBeUndefined();
    expect(told.targets.map(({ state }) => state)).toEqual(Array(8).fill("put back"));

    const had = new Set([
      "www.example.com",
      "static.example.com",
      "img.example.com",
      "vod.example.com",
      "play.example.com",
    ]);
    for (const domain of domains) {
      const expected = had.has(domain) ? storefront() : undefined;
      expect([domain, ...(await company.served(domain))]).toEqual([domain, expected, expected, expected]);
    }
    expect(JSON.stringify(second.received)).not.toContain("PRIVATE KEY");
    const { jobs } = z.object({ jobs: z.array(z.unknown()) }).parse(await second.result("list_jobs"));
    expect(jobs).toHaveLength(2);
  },
);

it("leaves nothing to finish of the deployment, whatever of it had failed", async () => {
  const next = await company.issue("half");
  const targets = [{ service: "alibaba-cdn", domains: ["img.example.com", "assets.example.com"] }];
  await assistant.result("deploy_certificate", { ...referring(next), targets });
  const [job] = await company.journal.list();
  if (job === undefined) throw new Error("there is no job");
  const failed = job.targets.map((target) =>
    target.domain === "assets.example.com" ? { ...target, state: "failed" as const, acceptedAt: undefined } : target,
  );
  await company.journal.save({ ...job, targets: failed });
  const list = z.object({ jobs: z.array(z.object({ kind: z.string(), to_finish: z.unknown() })) });
  const before = list.parse(await assistant.result("list_jobs")).jobs;
  expect(before).toMatchObject([{ kind: "deployment", to_finish: { tool: "deploy_certificate" } }]);
  await assistant.result("roll_back");
  const after = list.parse(await assistant.result("list_jobs")).jobs;
  expect(after.map(({ kind, to_finish: left }) => [kind, left])).toEqual([
    ["rollback", undefined],
    ["deployment", undefined],
  ]);
});

it("turns HTTPS off again on a wildcard, of which only its cloud says what it had", async () => {
  const next = await company.issue("deep", ["*.cdn.example.com"]);
  const questions: string[] = [];
  const person = approving(questions);
  const started = await asking(person);
  const targets = [{ service: "alibaba-cdn", domains: ["*.cdn.example.com"] }];
  const wildcard = () => [...company.sandbox.account.cdn.values()].find(({ name }) => name === ".cdn.example.com");
  expect(wildcard()?.https).toBe(false);
  await started.result("deploy_certificate", { ...referring(next), targets, wait_seconds: 0 });
  expect(questions[0]).not.toContain("cannot be undone");
  expect(wildcard()?.https).toBe(true);
  await started.result("roll_back", { wait_seconds: 0 });
  expect(questions[1]).toMatch(/CDN domain \*\.cdn\.example\.com, HTTPS: .* → no HTTPS, as before/);
  expect(wildcard()?.https).toBe(false);
});

it("finds the previous certificate by the references of the deployment before", wide, async () => {
  const [one, two] = [await company.issue("one"), await company.issue("two")];
  const targets = [{ service: "huawei-live", domains: ["live.example.com"], force_redirect: false }];
  await assistant.result("deploy_certificate", { ...referring(one), targets });
  await assistant.result("deploy_certificate", { ...referring(two), targets });
  await assistant.result("roll_back");
  expect(await company.served("live.example.com")).toEqual([one.sha256, one.sha256, one.sha256]);
  // And forward again: a rollback is no obstacle to deploying anew.
  const again = report.parse(await assistant.result("deploy_certificate", { ...referring(two), targets }));
  expect(again.targets[0]?.state).toBe("served");
  expect(await company.served("live.example.com")).toEqual([two.sha256, two.sha256, two.sha256]);
});

it("says what is missing where the previous key is not at hand, and takes it by reference", wide, async () => {
  const [one, two] = [await company.issue("one"), await company.issue("two")];
  const settings = { DomainName: "assets.example.com", SSLProtocol: "on", CertType: "upload", CertName: "by-hand" };
  await assistant.result("SetCdnDomainSSLCertificate", {
    ...settings,
    SSLPub: `file:${one.chain}`,
    SSLPri: `file:${one.key}`,
  });
  const targets = [{ service: "alibaba-cdn", domains: ["assets.example.com"] }];
  await until(async () => (await company.served("assets.example.com")).every((leaf) => leaf === one.sha256));
  await assistant.result("deploy_certificate", { ...referring(two), targets });
  const emptied = company.emptyStore();
  onTestFinished(emptied.restore);
  expect(await assistant.failure("roll_back")).toMatch(/pass certificate and private_key by reference/);
  const three = await company.issue("three");
  const others = await assistant.failure("roll_back", referring(three));
  const shown = (sha256: string) => `SHA-256 ${sha256.slice(0, 16)}…`;
  expect(others).toContain(`the given certificate (${shown(three.sha256)}) is not the previous one`);
  expect(others).toContain(`${shown(one.sha256)}): pass that one and its key.`);
  const mixed = await assistant.failure("roll_back", { ...referring(one), private_key: `file:${three.key}` });
  expect(mixed).toMatch(/does not belong to the certificate\. *\n?/);
  expect(mixed).not.toContain("..");
  await assistant.result("roll_back", referring(one));
  expect(await company.served("assets.example.com")).toEqual([one.sha256, one.sha256, one.sha256]);
});

it("does nothing without a yes, and nothing twice", wide, async () => {
  const next = await company.issue("next");
  const targets = [{ service: "alibaba-vod", domains: ["vod.example.com"] }];
  await assistant.result("deploy_certificate", { ...referring(next), targets });
  const done = company.done();
  const no = await asking(declining());
  expect(await no.failure("roll_back")).toContain("did not approve");
  expect(company.done()).toEqual(done);
  const back = report.parse(await assistant.result("roll_back"));
  const again = report.parse(await assistant.result("roll_back"));
  expect([back.targets[0]?.state, again.targets[0]?.state]).toEqual(["put back", "unchanged"]);
  expect(company.done()).toHaveLength(done.length + 1);
});

const putBack = z.object({ targets: z.array(z.object({ state: z.string(), put_back: z.string() })) });

it("prefers a key and chain that are known to the copy of a store that shows no chain", async () => {
  const targets = [{ service: "huawei-live", domains: ["play.example.com"], force_redirect: false }];
  await assistant.result("deploy_certificate", { ...referring(await company.issue("unseen-chain")), targets });
  const asked = company.sandbox.requests.length;
  const told = putBack.parse(await (await asking(approving([]))).result("roll_back"));
  expect(told.targets).toEqual([{ state: "put back", put_back: expect.not.stringContaining("scs") }]);
  expect(company.sandbox.requests.slice(asked).map(({ operation }) => operation)).toContain("DownloadCertificate");
  expect(await company.served("play.example.com")).toEqual([storefront(), storefront(), storefront()]);
});

it("else takes the copy in the store of the domain's own cloud: no key is fetched, and no further copy stored", async () => {
  const store = company.sandbox.account.cas["cn-hangzhou"];
  const copies = store.certificates.length;
  const own = store.certificates.find(({ name }) => name === "img-example-com");
  const next = await company.issue("own-store");
  const targets = [{ service: "alibaba-cdn", domains: ["img.example.com"] }];
  await assistant.result("deploy_certificate", { ...referring(next), targets });
  const { certificates } = company.sandbox.account.ssl;
  const known = certificates.get(company.certificate("storefront"));
  if (known === undefined) throw new Error("storefront is not there");
  certificates.delete(known.id);
  onTestFinished(() => void certificates.set(known.id, known));
  const asked = company.sandbox.requests.length;
  const told = putBack.parse(await assistant.result("roll_back"));
  expect(told.targets).toEqual([
    { state: "put back", put_back: expect.stringContaining(`certificate ${own?.id}-cn-hangzhou, `) },
  ]);
  certificates.set(known.id, known);
  expect(await company.served("img.example.com")).toEqual([storefront(), storefront(), storefront()]);
  const sent = company.sandbox.requests.slice(asked).map(({ operation }) => operation);
  expect(sent).not.toContain("DownloadCertificate");
  expect(store.certificates).toHaveLength(copies + 1);
});

it("a second time says which job did it already, and which deployment is before that one", async () => {
  const at = (domain: string) => [{ service: "alibaba-cdn", domains: [domain] }];
  const deployed = async (name: string, domain: string) =>
    report.parse(
      await assistant.result("deploy_certificate", { ...referring(await company.issue(name)), targets: at(domain) }),
    ).job;
  const first = await deployed("first", "img.example.com");
  const second = await deployed("second", "assets.example.com");
  const back = report.parse(await assistant.result("roll_back"));
  const again = report.parse(await assistant.result("roll_back"));
  expect(again.next).toContain(`Job ${second} was already put back by job ${back.job}.`);
  expect(again.next).toContain(`The deployment before it is ${first} (`);
  expect(again.next).toContain(`give job ${first}.`);
  await assistant.result("roll_back", { job: first });
  expect(report.parse(await assistant.result("roll_back")).next).toContain(
    "no deployment before it that is not put back",
  );
});

it("of a deployment that is not there, or is itself a rollback, is refused", async () => {
  expect(await assistant.failure("roll_back")).toContain("There is no deployment");
  expect(await assistant.failure("roll_back", { job: "00000000" })).toContain(
    'This account and endpoint have no job "00000000"',
  );
});

it(
  "redirects HTTP on a Live domain again as before the deployment, and warns only where a redirect ends",
  wide,
  async () => {
    const [one, two] = [await company.issue("one"), await company.issue("two")];
    const live = () => company.sandbox.account.live.get("live.example.com");
    const targets = [{ service: "huawei-live", domains: ["live.example.com"] }];
    const questions: string[] = [];
    const person = approving(questions);
    const deployer = await asking(person);
    await deployer.result("deploy_certificate", { ...referring(one), targets });
    Object.assign(live() ?? {}, { forceRedirect: false });
    await deployer.result("deploy_certificate", { ...referring(two), targets });
    // It stays as it is.
    expect(questions[1]).not.toContain("Live domain live.example.com, redirect:");
    expect(questions[1]).not.toContain("no longer redirected");

    Object.assign(live() ?? {}, { forceRedirect: true });
    const off = targets.map((target) => ({ ...target, force_redirect: false }));
    await deployer.result("deploy_certificate", { ...referring(one), targets: off });
    expect(questions[2]).toContain("HTTP is no longer redirected to HTTPS.");
    expect(live()?.forceRedirect).toBe(false);
    const back = report.parse(await deployer.result("roll_back"));
    expect(back.targets[0]?.state).toBe("put back");
    expect(questions[3]).toContain("Live domain live.example.com, redirect: off → HTTP redirected to HTTPS");
    expect(live()?.forceRedirect).toBe(true);
    expect(await company.served("live.example.com")).toEqual([two.sha256, two.sha256, two.sha256]);
  },
);

it(
  "puts back by its id, without a key, what was deployed out of the store of the domain's own cloud",
  wide,
  async () => {
    const next = await company.issue("next");
    const { cdn, live } = company.sandbox.account;
    const inStore = [
      { id: String(seededCasIds["cn-hangzhou"]), domain: "img.example.com", has: () => cdn.get("img.example.com") },
      { id: seededScmId, domain: "play.example.com", has: () => live.get("play.example.com") },
    ];
    for (const { id, domain, has } of inStore) {
      const targets = [{ domains: [domain] }];
      await assistant.result("deploy_certificate", { certificate_id: id, targets });
      const before = await company.served(domain);
      expect(String(has()?.certificate?.id)).toBe(id);

      const deployed = report.parse(await assistant.result("deploy_certificate", { ...referring(next), targets }));
      expect(deployed.next).toContain("roll_back puts back what was there before");
      expect(String(has()?.certificate?.id)).not.toBe(id);
      const back = report.parse(await assistant.result("roll_back"));
      expect(back.targets).toEqual([expect.objectContaining({ state: "put back" })]);
      expect(String(has()?.certificate?.id)).toBe(id);
      expect(await company.served(domain)).toEqual(before);

      // Likewise after HTTPS was turned off.
      const off = report.parse(await assistant.result("turn_off_https", { domains: [domain] }));
      expect(off.next).toContain("roll_back puts HTTPS back");
      expect(off.next).not.toContain("deployment");
      await assistant.result("roll_back", { job: off.job });
      expect(String(has()?.certificate?.id)).toBe(id);
    }
  },
);

it(
  "finds no way back by an id whose certificate has left the store, and says so of the job that turned HTTPS off",
  wide,
  async () => {
    const id = seededCasIds["cn-hangzhou"];
    const targets = [{ domains: ["img.example.com"] }];
    await assistant.result("deploy_certificate", { certificate_id: String(id), targets });
    const off = report.parse(await assistant.result("turn_off_https", { domains: ["img.example.com"] }));
    onTestFinished(company.emptyStore().restore);
    const said = await assistant.failure("roll_back", { job: off.job });
    expect(said).toContain(`Nothing in job ${off.job} can be rolled back.`);
    expect(said).toMatch(
      /the key of the previous certificate \(img\.example\.com, SHA-256 \S+…\) is not available here/,
    );
  },
);
