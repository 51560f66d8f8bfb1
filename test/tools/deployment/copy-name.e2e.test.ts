import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { z } from "zod";
import { plainDomain } from "../../../src/sandbox/delivery.js";
import { type Assistant, approvesByToken } from "../../support/assistant.js";
import { Company, type Files, referring, report } from "../../support/company.js";
import { wide } from "../../support/width.js";

/**
 * Alibaba Cloud refuses a copy under a name that it has stored: https://github.com/netcccyun/dnsmgr/issues/165 (one
 * wildcard certificate, several domains), https://github.com/netcccyun/dnsmgr/issues/178 (synchronised again),
 * https://github.com/netcccyun/dnsmgr/issues/234 (the second domain), https://github.com/0xJacky/cdn_cert/issues/1
 * (domain and time). The same elsewhere: https://github.com/dlapiduz/certbot-s3front/issues/17.
 */

let company: Company;
let assistant: Assistant;
let files: Files;
let earlier: number;
const running: Assistant[] = [];

beforeAll(async () => {
  company = await Company.open();
  assistant = await machine();
});
// Each test has a certificate of its own, and looks at what was sent during it.
beforeEach(async () => {
  files = await company.issue("next");
  earlier = company.sandbox.requests.length;
});
afterAll(async () => {
  for (const assistant of running.splice(0)) await assistant.close();
  await company.close();
});

/** A machine with a journal of its own. */
async function machine(
  HOME = mkdtempSync(join(tmpdir(), "cc-machine-")),
  more: readonly string[] = [],
): Promise<Assistant> {
  // What is served is no matter here, and costs most of the work.
  const flags = [...approvesByToken, "--edge-domains", "elsewhere.example", ...more];
  const started = await company.assistant(flags, { hostApproves: true, env: { HOME } });
  running.push(started);
  return started;
}

const onCdn = (domains: readonly string[], more: object = {}) => ({
  ...referring(files),
  targets: [{ service: "alibaba-cdn", domains, ...more }],
  wait_seconds: 0,
});

const deploy = async (args: Record<string, unknown>, on = assistant) =>
  report.parse(await on.result("deploy_certificate", args));

const names = () =>
  company.sandbox.requests
    .slice(earlier)
    .flatMap(({ operation, params }) =>
      operation === "SetCdnDomainSSLCertificate" ? [z.object({ CertName: z.string() }).parse(params).CertName] : [],
    );

/** How far its rollout is, is another matter. */
const taken = expect.stringMatching(/^(accepted|served)$/);

const states = ({ targets }: Awaited<ReturnType<typeof deploy>>) => targets.map(({ state }) => state);

it(
  "a second machine, and one whose journal was lost, store the same certificate under a name of their own",
  wide,
  async () => {
    const other = await company.issue("other");
    await deploy(onCdn(["img.example.com"]));
    // In between it serves another one, so that there is something to do.
    await deploy({ ...onCdn(["img.example.com"]), ...referring(other) }, await machine());
    expect(states(await deploy(onCdn(["img.example.com"]), await machine()))).toEqual([taken]);
    const [one, , three] = names();
    expect(one).toMatch(/^img\.example\.com-[0-9a-f]{8}-[0-9a-f]{8}$/);
    expect(three).not.toBe(one);
    expect(three?.slice(0, "img.example.com-01234567".length)).toBe(one?.slice(0, "img.example.com-01234567".length));
  },
);

it("the plan shows the very name that is sent, though it is made twice", async () => {
  await deploy(onCdn(["img.example.com"]));
  const [sent] = names();
  expect(JSON.stringify(assistant.received)).toContain(`${sent}`);
});

it("one process gives each of its calls a new name", wide, async () => {
  const other = await company.issue("other");
  for (const each of [files, other, files, other]) {
    await deploy({ ...onCdn(["img.example.com"]), ...referring(each) });
  }
  expect(new Set(names()).size).toBe(4);
});

it("a name that is taken all the same is not taken a second time", wide, async () => {
  // Without the list, which would tell that there is no such domain.
  const fresh = await machine(undefined, ["--deny", "DescribeUserDomains"]);
  const { cdn } = company.sandbox.account;
  // The copy was stored, and setting it on the domain failed.
  const domain = cdn.get("img.example.com");
  cdn.delete("img.example.com");
  expect(states(await deploy(onCdn(["img.example.com"]), fresh))).toEqual(["failed"]);
  if (domain !== undefined) cdn.set("img.example.com", domain);
  expect(states(await deploy(onCdn(["img.example.com"]), fresh))).toEqual([taken]);
  const [one, two] = names();
  expect(two).not.toBe(one);
  expect(two?.startsWith(`${one}-`)).toBe(true);
});

it("is no longer than is taken, however long the domain", async () => {
  const label = "a".repeat(60);
  const domain = `${label}.${label}.${label}.example.com`;
  company.sandbox.account.cdn.set(domain, plainDomain(domain, new Date(0)));
  files = await company.issue("long", [domain]);
  expect(states(await deploy(onCdn([domain])))).toEqual([taken]);
  expect(names()[0]).toHaveLength(128);
  expect(names()[0]).toMatch(/-[0-9a-f]{8}-[0-9a-f]{8}$/);
});

describe("a name that the caller chose", () => {
  it("is that of the first domain's copy; each further one gets a number", async () => {
    const told = await deploy(onCdn(["img.example.com", "assets.example.com"], { cert_name: "shop" }));
    expect(states(told)).toEqual([taken, taken]);
    expect(names()).toEqual(["shop", "shop-2"]);
  });

  it("and that is taken is refused, with what else to do; the same call is not what is advised", wide, async () => {
    const other = await company.issue("other");
    await deploy(onCdn(["img.example.com"], { cert_name: "taken" }));
    const second = await machine();
    const again = { ...onCdn(["img.example.com"], { cert_name: "taken" }), ...referring(other) };
    const told = await deploy(again, second);
    expect(told.targets).toMatchObject([{ state: "failed", code: "CertNameAlreadyExists" }]);
    expect(told.targets[0]?.says).toMatch(
      /Choose another CertName \(deploy_certificate: cert_name; without it each call/,
    );
    expect(told.next).not.toContain("same call");
    const without = { ...onCdn(["img.example.com"]), ...referring(other) };
    expect(states(await deploy(without, second))).toEqual([taken]);
  });
});
