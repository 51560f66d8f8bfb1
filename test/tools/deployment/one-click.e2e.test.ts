import { afterEach, beforeEach, expect, it } from "vitest";
import { z } from "zod";
import { type Assistant, approving } from "../../support/assistant.js";
import { type CloudProxy, startAlteringProxy } from "../../support/cloud-proxy.js";
import { Company, report } from "../../support/company.js";
import { wide } from "../../support/width.js";

/** A certificate that products use which the sandbox does not have: netcccyun/dnsmgr#507, certimate-go/certimate#1429. */

let company: Company;
let proxy: CloudProxy;
let assistant: Assistant;
let use: { readonly type: string; readonly region: string };
const questions: string[] = [];

beforeEach(async () => {
  questions.length = 0;
  company = await Company.open({ speed: 100_000 });
  proxy = await startAlteringProxy(company.sandbox.endpoints["tencent-ssl"], (operation, text) =>
    operation === "DescribeCertificateBindResourceTaskResult" ? withUse(text) : text,
  );
  const person = approving(questions);
  assistant = await company.assistant(["--approve", "elicit", `--endpoint=tencent-ssl=${proxy.url}`], { person });
});
afterEach(async () => {
  await assistant.close();
  await proxy.close();
  await company.close();
});

const tasks = z.object({
  Response: z
    .object({ SyncTaskBindResourceResult: z.array(z.object({ BindResourceResult: z.unknown() }).passthrough()) })
    .passthrough(),
});

/** The reply of the cloud, with one more resource of `use` in each finished task. */
function withUse(text: string): string {
  const { Response } = tasks.parse(JSON.parse(text));
  const BindResourceRegionResult = [{ Region: use.region, TotalCount: 1, Error: "" }];
  const SyncTaskBindResourceResult = Response.SyncTaskBindResourceResult.map((task) =>
    Array.isArray(task.BindResourceResult)
      ? {
          ...task,
          BindResourceResult: [...task.BindResourceResult, { ResourceType: use.type, BindResourceRegionResult }],
        }
      : task,
  );
  return JSON.stringify({ Response: { ...Response, SyncTaskBindResourceResult } });
}

const sentUpdate = () =>
  company.sandbox.requests.find(({ operation }) => operation === "UpdateCertificateInstance")?.params;

const args = (more: object = {}) => ({
  certificate_id: company.certificate("storefront, next"),
  targets: [{ service: "tencent-ssl", old_certificate_id: company.certificate("storefront"), ...more }],
  wait_seconds: 0,
});

it.each([
  { type: "mqtt", region: "ap-guangzhou" },
  { type: "scf", region: "ap-guangzhou" },
  { type: "tdmq", region: "ap-guangzhou" },
  { type: "gaap", region: "" },
])("a certificate that $type uses, too, is replaced there with the rest", wide, async (also) => {
  use = also;
  await assistant.call("deploy_certificate", args());
  expect(questions[0]).toContain(`1 ${also.type.toUpperCase()}`);
  expect(sentUpdate()).toMatchObject({ ResourceTypes: expect.arrayContaining(["clb", "cdn", also.type]) });
  const regions = { ResourceType: also.type, Regions: [also.region] };
  expect(JSON.stringify(sentUpdate()).includes(JSON.stringify(regions))).toBe(also.region !== "");
});

it.each([
  ["of a product that the documents of the update do not name", { type: "lighthouse", region: "" }, "1 LIGHTHOUSE"],
  ["without the region that its product needs", { type: "waf", region: "" }, "1 WAF"],
])("a resource %s is left and said, and the rest is renewed", async (_, found, called) => {
  use = found;
  const { left, targets } = z
    .object({ left: z.array(z.string()), targets: z.array(z.object({ state: z.string() })) })
    .parse(await assistant.result("deploy_certificate", args()));
  const says = `${called} cannot be updated here, so ${company.certificate("storefront")} stays there`;
  expect(questions[0]).toContain(says);
  expect(left.join()).toContain(says);
  expect(targets).toEqual([{ state: "accepted" }]);
  const ResourceTypes = z.object({ ResourceTypes: z.array(z.string()) }).parse(sentUpdate()).ResourceTypes;
  expect(ResourceTypes).toEqual(expect.arrayContaining(["clb", "cdn"]));
  expect(ResourceTypes).not.toContain(found.type);
});

it("where only such resources are left, nobody is asked, and nothing is called done", async () => {
  use = { type: "lighthouse", region: "ap-guangzhou" };
  const told = report.parse(await assistant.result("deploy_certificate", args({ resource_types: ["lighthouse"] })));
  expect(told.targets).toMatchObject([
    { state: "not attempted", says: expect.stringContaining("1 LIGHTHOUSE in ap-guangzhou cannot be updated here") },
  ]);
  expect([questions, sentUpdate()]).toEqual([[], undefined]);
});

it("a product without regions is updated wherever the cloud says that it is", wide, async () => {
  use = { type: "vod", region: "ap-guangzhou" };
  await assistant.call("deploy_certificate", args({ regions: ["ap-singapore"] }));
  expect(sentUpdate()).toMatchObject({ ResourceTypes: expect.arrayContaining(["vod"]) });
  expect(JSON.stringify(sentUpdate())).not.toContain('{"ResourceType":"vod"');
});

it("a host that the update of the same job covers, too, is not taken for changed by somebody else", wide, async () => {
  use = { type: "mqtt", region: "" };
  const [storefront, onHost] = [args({ resource_types: ["teo"] }), "www.example.com"];
  const told = report.parse(
    await assistant.result("deploy_certificate", {
      ...storefront,
      targets: [...storefront.targets, { service: "tencent-edgeone", zone_id: "zone-sandboxdemo", domains: [onHost] }],
    }),
  );
  expect(told.targets.map(({ state }) => state)).not.toContain("not attempted");
  expect(company.done().at(-1)).toBe(`ModifyHostsCertificate ${onHost}`);
});

it("a type that is none is refused with what uses the certificate, and a known one that nothing uses is told", async () => {
  use = { type: "scf", region: "ap-guangzhou" };
  const said = await assistant.failure("deploy_certificate", args({ resource_types: ["slb"] }));
  expect(said).toMatch(/is used by clb \(ap-singapore, ap-hongkong\), cdn, teo, scf \(ap-guangzhou\); not by "slb"/);
  expect(said).toContain("Nothing was changed.");
  const told = report.parse(await assistant.result("deploy_certificate", args({ resource_types: ["waf"] })));
  expect(told.targets).toMatchObject([{ state: "unchanged", says: "nothing uses it there" }]);
  expect(told.left?.join()).toMatch(/is used by clb .* and not by what the target names: waf\./);
  expect(told.next).not.toContain("Nothing is left");
  expect([questions, sentUpdate()]).toEqual([[], undefined]);
});
