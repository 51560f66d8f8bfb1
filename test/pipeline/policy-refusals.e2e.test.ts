import { afterEach, describe, expect, it } from "vitest";
import { approvesByToken } from "../support/assistant.js";
import { startLosingProxy } from "../support/cloud-proxy.js";
import { runCommand } from "../support/command.js";
import { Company, referring } from "../support/company.js";
import { startClouds } from "../support/scripted-cloud.js";
import { wide } from "../support/width.js";

/** What the policy excludes is said where somebody needs to know, and is not sent by a side way. */

const open: Array<{ close(): Promise<void> }> = [];
afterEach(async () => {
  for (const each of open.splice(0)) await each.close();
});

describe("what the policy rules out is said", () => {
  const saying = async (flags: readonly string[]) => {
    const company = await Company.open();
    open.push(company);
    const assistant = await company.assistant(flags);
    open.push(assistant);
    return { company, assistant };
  };

  it("in the job's error, at the start, and by check_setup", async () => {
    const { company, assistant } = await saying(["--deny", "DownloadCertificate,DescribeCertificates"]);
    const { incomplete } = await assistant.result("find_certificates");
    expect(JSON.stringify(incomplete)).toMatch(/DescribeCertificates is excluded by this server's policy/);
    const targets = [{ service: "alibaba-cdn", domains: ["img.example.com"] }];
    const certificate_id = company.certificate("storefront, next");
    expect(await assistant.failure("deploy_certificate", { certificate_id, targets })).toMatch(
      /deploy_certificate needs DownloadCertificate, which this server's policy excludes/,
    );
    expect(assistant.stderr()).toContain("policy: find_certificates cannot use DescribeCertificates");
    const { lines } = await assistant.result("check_setup");
    expect(JSON.stringify(lines)).toContain("find_certificates cannot use DescribeCertificates");
    expect(JSON.stringify(lines)).toContain("deploy_certificate cannot use");
    expect(company.sandbox.requests.filter(({ service }) => service === "tencent-ssl")).toEqual([]);
  });

  it("in the row of a plan whose now may not be read", wide, async () => {
    const { company, assistant } = await saying([...approvesByToken, "--deny", "Describe*"]);
    const change = { CertificateId: company.certificate("mail"), Alias: "post" };
    const { structuredContent } = await assistant.call("ModifyCertificateAlias", change);
    expect(JSON.stringify(structuredContent)).toContain(
      "could not be read: this server's policy excludes DescribeCertificateDetail",
    );
    expect(company.sandbox.requests).toEqual([]);
  });

  it("by a job that does without: bindings, stored copies, what a host has now", wide, async () => {
    const { company, assistant } = await saying([
      ...approvesByToken,
      "--deny",
      "CreateCertificateBindResourceSyncTask,DescribeAccelerationDomains,DescribeHostTeoInstanceList,DescribeCertificates",
    ]);
    const found = await assistant.call("find_certificates", { with_bindings: true });
    expect(JSON.stringify(found)).toContain("DescribeCertificates is excluded");
    const pair = referring(await company.issue("site"));
    const targets = [{ service: "tencent-edgeone", zone_id: "zone-sandboxdemo", domains: ["www.example.com"] }];
    const plan = JSON.stringify(await assistant.call("deploy_certificate", { ...pair, targets }));
    expect(plan).toContain("what it has now was not read: this server's policy excludes DescribeCertificates");
    expect(plan).toContain("Whether Tencent Cloud already stores the certificate was not checked");
  });
});

it("the read that looks what became of a lost change is held against the policy, too", wide, async () => {
  const company = await Company.open();
  open.push(company);
  const proxy = await startLosingProxy(
    company.sandbox.endpoints["tencent-ssl"],
    (name) => name === "ModifyCertificateAlias",
  );
  open.push(proxy);
  const flags = [...approvesByToken, "--deny", "DescribeCertificate", "--endpoint", `tencent-ssl=${proxy.url}`];
  const assistant = await company.assistant([...flags, "--timeout", "3"], { hostApproves: true });
  open.push(assistant);
  const change = { CertificateId: company.certificate("mail"), Alias: "post" };
  expect(await assistant.failure("ModifyCertificateAlias", change)).toContain(
    "DescribeCertificate, which would show it, is excluded by this server's policy.",
  );
  expect(new Set(company.sandbox.requests.map(({ operation }) => operation))).toEqual(
    new Set(["DescribeCertificateDetail", "ModifyCertificateAlias"]),
  );
});

it("doctor says what jobs have to do without", wide, async () => {
  const flags = ["--sandbox", "--json", "--allow", "find_certificates,SetCdnDomainSSLCertificate"];
  const { out } = await runCommand(["doctor", ...flags]);
  expect(out).toContain("find_certificates cannot use DescribeCertificates");
});

it("doctor does not knock at a service of which the policy lets nothing be sent", wide, async () => {
  const clouds = await startClouds(() => ({ body: "" }));
  open.push(clouds);
  const flags = ["--services", "alibaba-cdn", "--endpoint", `alibaba-cdn=${clouds.url}`];
  const doctor = (...more: readonly string[]) => runCommand(["doctor", ...flags, ...more]);
  await doctor("--deny", "alibaba-cdn/*");
  expect(clouds.asked).toEqual([]);
  await doctor();
  expect(clouds.asked).toHaveLength(1);
});
