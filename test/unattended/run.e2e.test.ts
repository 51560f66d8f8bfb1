import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { exitCodes } from "../../src/unattended/outcome.js";
import { bareEnvironment } from "../support/assistant.js";
import { runCommand } from "../support/command.js";
import { Company, type Files, referring, until } from "../support/company.js";
import { wide } from "../support/width.js";
import { changesAt, commandOf, decideOnPage, lineOf } from "./support.js";

let company: Company;
let files: Files;
beforeEach(async () => {
  company = await Company.open({ speed: 100_000 });
  files = await company.issue("site");
});
afterEach(() => company.close());

const job = () => ({
  ...referring(files),
  targets: [{ domains: ["img.example.com"] }, { domains: ["play.example.com"] }],
});

describe("cloudcert-mcp run", () => {
  it("carries out a job that a person approves on the page, and waits until it is proven", async () => {
    const command = commandOf(company, ["run", "deploy_certificate", JSON.stringify(job()), "--approve", "page"]);
    await decideOnPage(command, "approve");
    const ended = await command.ended();
    expect(lineOf(ended)).toMatchObject({ tool: "deploy_certificate", outcome: "done", exit_code: 0 });
    expect(ended.code).toBe(exitCodes.done);
    expect(company.done()).toEqual([
      "SetCdnDomainSSLCertificate img.example.com",
      "UpdateDomainHttpsCert play.example.com",
    ]);
    for (const domain of ["img.example.com", "play.example.com"]) {
      expect(new Set(await company.served(domain))).toEqual(new Set([files.sha256]));
    }
    expect(ended.err).toMatch(/img\.example\.com\S*\s+served/);
    expect(ended.err).not.toContain("PRIVATE KEY");
  });

  it("sends nothing if the person declines, and says so with a code of its own", wide, async () => {
    const command = commandOf(company, ["run", "deploy_certificate", JSON.stringify(job()), "--approve", "page"]);
    await decideOnPage(command, "decline");
    const ended = await command.ended();
    expect(ended.code).toBe(exitCodes["needs a person"]);
    expect(lineOf(ended)).toMatchObject({ outcome: "needs a person", error: { changed: "no" } });
    expect(changesAt(company)).toEqual([]);
  });

  it("does not say that a person is needed where no approval can lift the refusal: what cannot be recorded", async () => {
    const log = join(company.home, "state", "cloudcert-mcp", "audit.jsonl");
    mkdirSync(log, { recursive: true });
    const env = { XDG_STATE_HOME: join(company.home, "state") };
    const args = ["run", "deploy_certificate", JSON.stringify(job()), "--unattended"];
    const ended = await commandOf(company, args, "", env).ended();
    expect(ended.code).toBe(exitCodes.failed);
    const { outcome, error } = lineOf(ended);
    expect(outcome).toBe("failed");
    expect(error?.happened).toContain("EISDIR");
    expect(error?.happened).toContain(log);
    expect(error).not.toHaveProperty("awaitsPerson");
    expect(changesAt(company)).toEqual([]);
  });

  it("tells progress, plan and outcome in the language of the person alone", async () => {
    const args = ["run", "deploy_certificate", JSON.stringify(job()), "--dry-run"];
    const { err } = await commandOf(company, args, "", { LANG: "zh_CN.UTF-8" }).ended();
    expect(err).toContain("正在查看第 1 个（共 2 个）：CDN 域名 img.example.com");
    expect(err).toContain("试运行：没有请任何人审批，也没有发出任何请求。");
    // Of several keys, too.
    expect(err).toMatch(/，密钥 LTAI\S+、SAND\S+/);
    expect(err).not.toMatch(/\b(?:looking|of|the|and|nobody)\b/);
  });

  it("tells an error, which is English, in English alone", wide, async () => {
    const args = ["run", "deploy_certificate", JSON.stringify({ certificate_id: "none" }), "--dry-run"];
    const { err } = await commandOf(company, args, "", { LANG: "zh_CN.UTF-8" }).ended();
    expect(err).toMatch(/^Next: [A-Z]/m);
    expect(err).not.toContain("下一步");
  });

  it("prints the plan of a dry run, and neither asks nor sends nor records", wide, async () => {
    const command = commandOf(company, ["run", "deploy_certificate", JSON.stringify(job()), "--dry-run"]);
    const ended = await command.ended();
    expect(ended.code).toBe(exitCodes.done);
    const { outcome, plan } = lineOf(ended);
    expect(outcome).toBe("done");
    expect(plan?.question).toContain("on 2 targets?");
    expect(plan?.rows).toHaveLength(2);
    expect(Object.keys(plan?.steps ?? {}).length).toBeGreaterThan(2);
    expect(ended.err).toContain("A dry run: nobody was asked, and nothing was sent.");
    expect(ended.err).not.toContain("waits for approval");
    expect(changesAt(company)).toEqual([]);
    const log = await runCommand(["audit", "show"], { HOME: company.home });
    expect(log.out).not.toContain("deploy_certificate");
  });

  it("tells a person what was left as it is, and why", wide, async () => {
    const id = company.certificate("storefront");
    const args = JSON.stringify({ certificate_ids: [id] });
    const ended = await commandOf(company, ["run", "delete_unused_certificates", args]).ended();
    expect(ended.err).toContain("nothing to delete\n");
    expect(ended.err).toContain(`In use: ${id}`);
  });

  it("takes the arguments from stdin and from a file", wide, async () => {
    const from = async (source: string, input: string) =>
      lineOf(await commandOf(company, ["run", "deploy_certificate", source, "--dry-run"], input).ended()).plan
        ?.question;
    const path = join(company.home, "job.json");
    writeFileSync(path, JSON.stringify(job()));
    expect(await from("-", JSON.stringify(job()))).toContain("on 2 targets?");
    expect(await from(path, "")).toContain("on 2 targets?");
  });

  it("is accepted and not proven if the time for the proof is over", wide, async () => {
    const { cdn } = company.sandbox.account;
    expect(cdn.has("img.example.com")).toBe(true);
    await company.close();
    company = await Company.open({ speed: 1 });
    files = await company.issue("site");
    const args = JSON.stringify({ ...referring(files), targets: [{ domains: ["img.example.com"] }] });
    const command = commandOf(company, ["run", "deploy_certificate", args, "--approve", "page", "--wait", "1"]);
    await decideOnPage(command, "approve");
    const ended = await command.ended();
    expect(lineOf(ended)).toMatchObject({ outcome: "accepted", exit_code: 4 });
    expect(ended.code).toBe(exitCodes.accepted);
  });

  it("is interrupted by a signal while a person is awaited", async () => {
    const command = commandOf(company, ["run", "deploy_certificate", JSON.stringify(job()), "--approve", "page"]);
    await until(async () => command.err().includes("waits for approval"));
    command.child.kill("SIGTERM");
    const ended = await command.ended();
    expect(ended.code).toBe(exitCodes.interrupted);
    expect(lineOf(ended)).toMatchObject({ outcome: "interrupted", exit_code: 5, error: { changed: "no" } });
    expect(changesAt(company)).toEqual([]);
  });

  it("ends at a signal with what was sent until then", wide, async () => {
    await company.close();
    company = await Company.open({ speed: 1 });
    files = await company.issue("site");
    const command = commandOf(company, ["run", "deploy_certificate", JSON.stringify(job()), "--approve", "page"]);
    await decideOnPage(command, "approve");
    await until(async () => company.done().length === 2);
    command.child.kill("SIGTERM");
    const ended = await command.ended();
    expect(ended.code).toBe(exitCodes.interrupted);
    expect(lineOf(ended).error?.happened).toContain("Accepted by the cloud");
  });

  it("carries out a single operation and a read on the same way", wide, async () => {
    const read = await commandOf(company, ["run", "DescribeCertificates", '{"Limit":1}']).ended();
    expect(read.code).toBe(0);
    expect(lineOf(read).result).toHaveProperty("TotalCount");
    const id = company.certificate("storefront");
    const rename = JSON.stringify({ CertificateId: id, Alias: "renamed" });
    const command = commandOf(company, ["run", "ModifyCertificateAlias", rename, "--approve", "page"]);
    await decideOnPage(command, "approve");
    expect((await command.ended()).code).toBe(0);
    expect(company.sandbox.account.ssl.certificates.get(id)?.alias).toBe("renamed");
  });

  it.each([
    ["no job", ["run"], "run requires JOB"],
    [
      "an unknown job",
      ["run", "deploy_everything", "{}", "--sandbox"],
      'there is no job "deploy_everything" here; the jobs are find_certificates, ',
    ],
    [
      "a misspelt job",
      ["run", "find_certificate", "{}", "--sandbox"],
      'there is no job "find_certificate" here; did you mean find_certificates?',
    ],
    [
      "a misspelt operation",
      ["run", "describe-certificate", "{}", "--sandbox"],
      'there is no job "describe-certificate" here; did you mean DescribeCertificate?',
    ],
    [
      "arguments that are no JSON",
      ["run", "list_jobs", "{secret", "--sandbox"],
      "cannot be read: it is no JSON object",
    ],
    ["a list of arguments", ["run", "list_jobs", "[]", "--sandbox"], "cannot be read: it is no JSON object"],
    ["no arguments at all", ["run", "list_jobs", " null", "--sandbox"], "cannot be read: it is no JSON object"],
    ["an unknown flag", ["run", "list_jobs", "{}", "--quickly"], "--quickly"],
    [
      "a way of asking that needs a client",
      ["run", "list_jobs", "{}", "--sandbox", "--approve", "token"],
      "requires a client",
    ],
    ["no time", ["run", "list_jobs", "{}", "--wait", "soon"], "is not a number above 0"],
  ])("says in one line what is wrong: %s", wide, async (_, args, says) => {
    const ended = await runCommand(args, bareEnvironment);
    expect({ code: ended.code, out: ended.out }).toEqual({ code: exitCodes["not usable"], out: "" });
    const complaint = ended.err.split("\n").filter((text) => text !== "" && !text.includes("sandbox is up"));
    expect(complaint).toHaveLength(1);
    expect(complaint[0]).toContain(says);
    expect(ended.err).not.toContain("secret");
  });

  it("does not carry out what the settings exclude or the arguments do not fit", wide, async () => {
    const excluded = await commandOf(company, ["run", "DeleteCertificate", "{}", "--read-only"]).ended();
    expect(excluded.code).toBe(2);
    const denied = ["--deny", "SetCdnDomainSSLCertificate"];
    const without = await commandOf(company, ["run", "deploy_certificate", JSON.stringify(job()), ...denied]).ended();
    expect({ code: without.code, changes: changesAt(company) }).toEqual({ code: 2, changes: [] });
    const unfit = await commandOf(company, ["run", "deploy_certificate", '{"targets":[]}']).ended();
    expect(unfit.code).toBe(2);
    expect(lineOf(unfit)).toMatchObject({ outcome: "not usable", error: { changed: "no" } });
    expect(changesAt(company)).toEqual([]);
  });
});
