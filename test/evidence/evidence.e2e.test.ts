import { execFileSync } from "node:child_process";
import { createHash, X509Certificate } from "node:crypto";
import { readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { z } from "zod";
import { type Person, reads } from "../support/assistant.js";
import { runCommand } from "../support/command.js";
import { Company, referring, report } from "../support/company.js";
import { wide } from "../support/width.js";

let company: Company;
let job = "";
let question = "";

/** Reads the question, keeps it, and says yes. */
const person: Person = reads(({ message }) => {
  question = message;
  return { action: "accept", content: { approve: true } };
});

const at = (name: string) => join(company.home, name);

const run = (args: readonly string[], env: Readonly<Record<string, string>> = {}) =>
  runCommand(args, { HOME: company.home, ...env });

const evidenceFile = z.object({
  job: z.string(),
  summary: z.object({
    kind: z.string(),
    certificate: z.string(),
    approvals: z.array(z.object({ question: z.string(), channel: z.string(), verdict: z.string() }).passthrough()),
    requests: z.array(z.object({ step: z.string(), accepted: z.boolean(), request_id: z.string() }).passthrough()),
    seen: z.array(z.object({ domain: z.string(), when: z.string(), addresses: z.number(), as_expected: z.number() })),
  }),
  looks: z.array(z.unknown()),
  certificates: z.array(z.object({ sha256: z.string(), pem: z.string() })),
  lines: z.array(z.string()),
});
const read = (name: string) => evidenceFile.parse(JSON.parse(readFileSync(at(name), "utf8")));

beforeAll(async () => {
  company = await Company.open({ speed: 100_000 });
  const assistant = await company.assistant(["--approve", "elicit"], { person });
  const { private_key: key, certificate } = referring(await company.issue("next"));
  const targets = [
    { service: "alibaba-cdn", domains: ["img.example.com"] },
    { service: "tencent-edgeone", domains: ["www.example.com"] },
  ];
  const told = report.parse(
    await assistant.result("deploy_certificate", { certificate, private_key: key, targets, wait_seconds: 40 }),
  );
  expect(told.targets.map(({ state }) => state)).toEqual(["served", "served"]);
  job = told.job ?? "";
  await assistant.close();
  await run(["evidence", job, "--out", at("plain.json")]);
});
afterAll(() => company.close());

describe("cloudcert-mcp evidence", () => {
  it("writes what was approved, sent and served, for its owner alone", async () => {
    const { code, err } = await run(["evidence", job, "--out", at("own.json")]);
    expect({ code, err }).toEqual({ code: 0, err: expect.stringContaining("written: lines ") });
    expect(statSync(at("own.json")).mode & 0o777).toBe(0o600);
    const { summary, certificates } = read("own.json");
    expect(summary.kind).toBe("deployment");
    const [approval] = summary.approvals;
    expect(approval).toMatchObject({ verdict: "approved", channel: "elicit", operation: "deploy_certificate" });
    expect(question).toContain(approval?.question);
    // The ids are those under which the clouds have the requests.
    const sent = company.sandbox.requests.map(({ requestId }) => requestId);
    expect(summary.requests.filter(({ request_id: id }) => !sent.includes(id))).toEqual([]);
    expect(summary.requests.length).toBeGreaterThanOrEqual(2);
    expect(
      summary.seen.map(({ domain, when, addresses, as_expected: right }) => [domain, when, addresses, right]),
    ).toEqual([
      ["img.example.com", "before", 2, 0],
      ["www.example.com", "before", 2, 0],
      ["img.example.com", "after", 2, 2],
      ["www.example.com", "after", 2, 2],
    ]);
    // The chain as it was sent: leaf and intermediate, before and after.
    for (const { sha256, pem } of certificates) {
      expect(createHash("sha256").update(new X509Certificate(pem).raw).digest("hex")).toBe(sha256);
    }
    expect(certificates.length).toBeGreaterThanOrEqual(3);
    expect((await run(["evidence", job, "--out", at("own.json")])).code).toBe(1);
  });

  it("is unanchored without an anchor, and verified against a head that was noted after the job", wide, async () => {
    const alone = await run(["evidence", "verify", at("plain.json")]);
    expect(alone).toMatchObject({ code: 3, out: expect.stringMatching(/^Unanchored: /) });
    expect(alone.out).not.toMatch(/verified/i);
    const head = await run(["audit", "head"]);
    expect(head.out).toMatch(/^\d+:[0-9a-f]{64}\n$/);
    writeFileSync(at("head.txt"), head.out);
    const checked = await run(["evidence", "verify", at("plain.json"), "--head", head.out.trim()]);
    expect(checked).toMatchObject({ code: 0, err: "", out: expect.stringMatching(/^Verified against the head of/) });
    expect(checked.out).toContain("img.example.com");
    const json = await run(["evidence", "verify", at("plain.json"), "--head", at("head.txt"), "--json"]);
    expect(JSON.parse(json.out)).toMatchObject({ verdict: "verified", job, problems: [] });
  });

  it("is signed with the operator's key, which openssl can check, too", wide, async () => {
    expect((await run(["evidence", "keygen", at("key.pem")])).code).toBe(0);
    expect(statSync(at("key.pem")).mode & 0o777).toBe(0o600);
    expect((await run(["evidence", "keygen", at("key.pem")])).code).toBe(2);
    const env = { CLOUDCERT_EVIDENCE_KEY: at("key.pem") };
    expect((await run(["evidence", job, "--out", at("signed.json")], env)).code).toBe(0);
    const key = ["--key", at("key.pem.pub")];
    expect(await run(["evidence", "verify", at("signed.json"), ...key])).toMatchObject({ code: 0, err: "" });
    expect((await run(["evidence", "verify", at("plain.json"), ...key])).out).toContain("It is not signed.");

    const text = readFileSync(at("signed.json"), "utf8");
    const { signature } = z.object({ signature: z.object({ value: z.string() }) }).parse(JSON.parse(text));
    writeFileSync(at("part"), text.slice(0, text.lastIndexOf(',\n  "signature": ')));
    writeFileSync(at("sig"), Buffer.from(signature.value, "base64"));
    const check = ["pkeyutl", "-verify", "-pubin", "-inkey", at("key.pem.pub"), "-rawin"];
    const said = execFileSync("openssl", [...check, "-in", at("part"), "-sigfile", at("sig")], { encoding: "utf8" });
    expect(said).toContain("Signature Verified Successfully");

    // A key made by openssl does as well; one of another kind, or open to others, does not.
    execFileSync("openssl", ["genpkey", "-algorithm", "ed25519", "-out", at("own.pem")]);
    execFileSync("openssl", ["pkey", "-in", at("own.pem"), "-pubout", "-out", at("own.pub")]);
    const own = ["--evidence-key", at("own.pem")];
    expect((await run(["evidence", job, "--out", at("by-openssl.json"), ...own])).code).toBe(0);
    expect((await run(["evidence", "verify", at("by-openssl.json"), "--key", at("own.pub")])).code).toBe(0);
    expect((await run(["evidence", "verify", at("by-openssl.json"), ...key])).out).toContain("another key");
    expect((await run(["evidence", "verify", at("by-openssl.json"), "--key", at("own.pem")])).code).toBe(2);
  });

  it("ends where --until says, and takes a head in between", wide, async () => {
    const { out } = await run(["audit", "head"]);
    const head = out.trim();
    expect((await run(["evidence", job, "--out", at("until.json"), "--until", head])).code).toBe(0);
    expect((await run(["evidence", "verify", at("until.json"), "--head", head])).code).toBe(0);
    const other = `${head.slice(0, -1)}${head.endsWith("0") ? "1" : "0"}`;
    expect((await run(["evidence", job, "--until", other])).err).toContain("the log was rewritten");
    expect((await run(["evidence", "verify", at("until.json"), "--head", other])).code).toBe(1);
    expect((await run(["evidence", job, "--until", "1"])).code).toBe(1);
  });

  it("says in one language that there is no audit log", async () => {
    const args = ["evidence", "0badc0de", "--audit-log", at("nothing.jsonl")];
    const { code, err } = await run(args, { LANG: "zh_CN.UTF-8" });
    expect(code).toBe(2);
    expect(err).toBe(`cloudcert-mcp: 没有写出证据：${at("nothing.jsonl")} 处没有审计日志。\n`);
  });

  it("speaks Chinese to those who do", async () => {
    const { out } = await run(["evidence", "verify", at("plain.json")], { LANG: "zh_CN.UTF-8" });
    expect(out).toMatch(/^没有锚点：/);
  });

  it("says how it is used", wide, async () => {
    for (const args of [[], ["nonsense"], ["verify"], ["keygen"], [job, "--until", "x"], [job, "--out"]]) {
      expect((await run(["evidence", ...args])).code).toBe(2);
    }
    expect((await run(["evidence", "0badc0de"])).err).toContain("The audit log has no job 0badc0de");
  });

  it("is not given once the journal or the log was changed", wide, async () => {
    const seen = join(company.home, ".local", "state", "cloudcert-mcp", "jobs", `${job}.seen.jsonl`);
    const kept = readFileSync(seen, "utf8");
    writeFileSync(seen, kept.replace('"when":"after"', '"when":"before"'));
    expect(await run(["evidence", job])).toMatchObject({
      code: 1,
      out: "",
      err: expect.stringContaining("journal no longer"),
    });
    writeFileSync(seen, kept);
    const log = join(company.home, ".local", "state", "cloudcert-mcp", "audit.jsonl");
    const lines = readFileSync(log, "utf8");
    writeFileSync(log, lines.replace('"verdict":"approved"', '"verdict":"declined"'));
    expect(await run(["evidence", job])).toMatchObject({
      code: 1,
      out: "",
      err: expect.stringContaining("chain is broken"),
    });
    expect((await run(["audit", "head"])).code).toBe(1);
    writeFileSync(log, lines);
    expect((await run(["evidence", job])).code).toBe(0);
  });
});
