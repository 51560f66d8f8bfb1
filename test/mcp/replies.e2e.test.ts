import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { z } from "zod";
import { daysUntil } from "../../src/lib/days.js";
import { ownTools } from "../../src/tools/index.js";
import { boundsOf, decide } from "../standing-approvals/support.js";
import { type Assistant, approvesByToken, textOf } from "../support/assistant.js";
import { Company } from "../support/company.js";

/**
 * Replies of one kind: the same fact has the same name, type and form in whatever tool tells it. The replies are real
 * ones, of every tool of our own, so that a new member is judged without being listed here.
 */

let company: Company;
let assistant: Assistant;
/** What each tool answered, with the text that a model may read instead. */
const replies: { readonly tool: string; readonly structure: Record<string, unknown>; readonly text: string }[] = [];

beforeAll(async () => {
  company = await Company.open({ speed: 100_000 });
  // Nobody looks at a form here, so that nobody has to read one.
  assistant = await company.assistant(approvesByToken, { hostApproves: true });
  const call = async (tool: string, args: Record<string, unknown> = {}, by = assistant) => {
    const reply = await by.call(tool, args);
    if (reply.isError) throw new Error(`${tool}: ${textOf(reply)}`);
    const structure = reply.structuredContent ?? {};
    replies.push({ tool, structure, text: textOf(reply) });
    return structure;
  };
  const [old, next] = [company.certificate("storefront"), company.certificate("storefront, next")];
  // Nothing has happened yet, which is an answer as well.
  await call("list_vault");
  await call("list_jobs");
  await call("find_certificates", { certificate_id: "none" });
  await call("find_certificates", { with_bindings: true, served_on: ["img.example.com", "nothing.example.com"] });
  await call("inspect_certificate", { certificate_id: next, domains: ["www.example.com", "www.example.net"] });
  await call("check_served_certificate", { domains: ["img.example.com"], certificate_id: next });
  const pair = await company.issue("site", ["example.com", "*.example.com", "*.cdn.example.com"]);
  const targets = [
    { service: "tencent-ssl", old_certificate_id: old, resource_types: ["clb", "cdn"] },
    { service: "alibaba-cdn", domains: ["img.example.com", ".cdn.example.com"] },
  ];
  const given = { certificate: `file:${pair.chain}`, private_key: `file:${pair.key}`, targets, on_failure: "continue" };
  const { job } = z.object({ job: z.string() }).parse(await call("deploy_certificate", given));
  await call("wait_for", { what: "deployment", id: job });
  await call("roll_back", { job, wait_seconds: 5 });
  await call("turn_off_https", { domains: ["img.example.com"], wait_seconds: 1 });
  await call("list_jobs");
  const application = { DvAuthMethod: "DNS", DomainName: "new.example.com" };
  const { CertificateId: id } = await assistant.result("ApplyCertificate", application);
  await call("wait_for", { what: "certificate", id, timeout_seconds: 1 });
  await call("wait_for", { what: "certificate", id: next });
  await call("wait_for", { what: "deletion", id: "AAAAAAAA" });
  const { Content: reference } = await assistant.result("DownloadCertificate", { CertificateId: next });
  await call("list_vault");
  const directory = join(company.home, "saved");
  mkdirSync(directory);
  await call("save_to_file", { reference, directory, name: "site" });
  await call("explain_error", { code: "FailedOperation.CertificateNotFound" });
  await call("delete_unused_certificates", { expired: true, wait_seconds: 5 });
  await call("delete_unused_certificates", { certificate_ids: [old] });
  await call("plan_renewals", { within_days: 400 });
  const onPage = await company.assistant(["--approve", "page"]);
  const proposed = call("propose_standing_approval", boundsOf(company), onPage);
  await decide(onPage, { decision: "approve", typed: "example.com" });
  await proposed;
  await onPage.close();
  await call("list_standing_approvals");
  await call("check_setup");
});
afterAll(async () => {
  await assistant.close();
  await company.close();
});

/** Every member of a reply, with the path at which it stands. */
function membersIn(value: unknown, path: string): { name: string; value: unknown; path: string }[] {
  if (Array.isArray(value)) return value.flatMap((item) => membersIn(item, path));
  const object = z.record(z.unknown()).safeParse(value);
  if (!object.success || typeof value !== "object") return [];
  return Object.entries(object.data).flatMap(([name, member]) => {
    const at = `${path}.${name}`;
    return [{ name, value: member, path: at }, ...membersIn(member, at)];
  });
}

const all = () => replies.flatMap(({ tool, structure }) => membersIn(structure, tool));
const typeOf = (value: unknown) => (Array.isArray(value) ? "list" : typeof value);
const utc = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(?:\.\d{3})?Z$/;
const named = (pattern: RegExp) => all().filter(({ name }) => pattern.test(name));

describe("the replies of every tool of ours", () => {
  it("were looked at", () => {
    expect([...new Set(replies.map(({ tool }) => tool))].sort()).toEqual(ownTools.map(({ name }) => name).sort());
  });

  it("have members in snake case, and none under two names", () => {
    const names = [...new Set(all().map(({ name }) => name))];
    expect(names.filter((name) => !/^[a-z][a-z0-9]*(?:_[a-z0-9]+)*$/.test(name))).toEqual([]);
    // What the same facts were called in one tool or another.
    const others = [
      "id",
      "cert_id",
      "ends",
      "begins",
      "expires",
      "expires_at",
      "fingerprint",
      "fingerprints",
      "algorithm",
    ];
    expect(names.filter((name) => others.includes(name))).toEqual([]);
  });

  it("have one type for one name", () => {
    const types = new Map<string, Set<string>>();
    for (const { name, value } of all()) types.set(name, (types.get(name) ?? new Set()).add(typeOf(value)));
    expect([...types].filter(([, kinds]) => kinds.size > 1)).toEqual([]);
  });

  it("tell times in UTC and ISO 8601", () => {
    const times = named(/^not_(?:before|after)$|_(?:at|as_of|until)$/);
    expect(new Set(times.map(({ name }) => name)).size).toBeGreaterThanOrEqual(6);
    for (const { value, path } of times) expect([path, value]).toEqual([path, expect.stringMatching(utc)]);
    expect(replies.filter(({ text }) => /UTC\+8|\+08:00|\d{4}-\d\d-\d\d \d\d:\d\d/.test(text))).toEqual([]);
  });

  it("tell every certificate by id or names, with its end and the days until then", () => {
    for (const { path, value } of named(/^days_left$/)) expect([path, Number.isInteger(value)]).toEqual([path, true]);
    const withDays = all().flatMap(({ value, path }) => {
      const parsed = z.object({ days_left: z.number(), not_after: z.string() }).safeParse(value);
      return parsed.success && !Array.isArray(value) ? [{ path, ...parsed.data }] : [];
    });
    expect(withDays.length).toBeGreaterThanOrEqual(4);
    const now = new Date();
    for (const { path, days_left, not_after } of withDays) {
      expect([path, days_left]).toEqual([path, daysUntil(new Date(not_after), now)]);
    }
  });

  it("tell fingerprints in lower-case hexadecimal", () => {
    const prints = named(/sha256$|^sha1$/);
    expect(prints.length).toBeGreaterThanOrEqual(6);
    for (const { path, value } of prints)
      expect([path, value]).toEqual([path, expect.stringMatching(/^(?:[0-9a-f]{64}|[0-9a-f]{40})$/)]);
  });

  it("are never empty, and say in words that there is nothing", () => {
    for (const { tool, text } of replies) expect([tool, text.length > 20]).toEqual([tool, true]);
    for (const tool of ["list_vault", "list_jobs"]) {
      expect(replies.find((reply) => reply.tool === tool)?.structure).toMatchObject({
        says: expect.stringMatching(/^No/),
      });
    }
  });

  it("name only members in their output schema that they have", () => {
    for (const { name, result } of ownTools) {
      const has = new Set(
        replies.filter(({ tool }) => tool === name).flatMap(({ structure }) => Object.keys(structure)),
      );
      const rare = ["incomplete", "next_cursor", "code"];
      expect([name, Object.keys(result.shape).filter((member) => !has.has(member) && !rare.includes(member))]).toEqual([
        name,
        [],
      ]);
    }
  });
});

const target = z.object({
  target: z.string(),
  state: z.string(),
  before: z.string().optional(),
  put_back: z.string().optional(),
  resources: z.array(z.string()).optional(),
  new_copy: z.string().optional(),
});
const report = z.object({
  targets: z.array(target),
  watch_ended: z.string(),
  next: z.string(),
  summary: z.string(),
  new_copy: z.string().optional(),
});
const of = (tool: string) => replies.find((reply) => reply.tool === tool)?.structure;

describe("what became of a job", () => {
  it("is told of each target and each resource, with what was there before and the copies that it left", () => {
    const { targets, watch_ended, new_copy } = report.parse(of("deploy_certificate"));
    expect(targets).toMatchObject([
      {
        target: expect.stringContaining("Resources that use certificate"),
        before: expect.stringMatching(/^certificate \w{8}$/),
        resources: expect.arrayContaining([expect.stringMatching(/^clb ap-singapore lb-\S+ .*: deployed$/)]),
      },
      {
        state: "served",
        before: expect.stringContaining("expires"),
        new_copy: expect.stringContaining("img.example.com-"),
      },
      { state: "accepted", new_copy: expect.stringContaining("cdn.example.com-") },
    ]);
    expect(targets[0]?.resources).toHaveLength(4);
    expect(watch_ended).toMatch(/no more|have passed|settled/);
    expect(new_copy).toMatch(/^certificate \w{8} at Tencent Cloud SSL$/);
  });

  it("is told alike by wait_for", () => {
    const { details } = z.object({ details: z.object({ targets: z.array(target) }) }).parse(of("wait_for"));
    expect(details.targets.map(({ target: name }) => name)).toEqual(
      report.parse(of("deploy_certificate")).targets.map(({ target: name }) => name),
    );
    expect(of("wait_for")).toHaveProperty("wait_ended");
  });

  it("advises no wait for what cannot be seen: a wildcard is many names", () => {
    const { next, targets } = report.parse(of("deploy_certificate"));
    expect(targets.map(({ state }) => state)).toEqual(["accepted", "served", "accepted"]);
    expect(next).toMatch(/cannot be checked from here/);
    expect(next).not.toMatch(/wait_for/);
  });

  it("is put back by a rollback, with what was put back: served alone would not say which of the two", () => {
    const { targets, summary } = report.parse(of("roll_back"));
    expect(targets.find(({ target: name }) => name.includes("img.example.com"))).toMatchObject({
      state: "put back",
      put_back: expect.stringContaining("example.com, *.example.com, expires"),
    });
    expect(summary).toContain("put back");
    expect(of("roll_back")).not.toHaveProperty("certificate");
    expect(of("roll_back")).toHaveProperty("certificate_taken_back.not_after");
  });
});

/**
 * https://github.com/mickem/nscp/pull/1389 (0 days for one that ended within the day),
 * https://github.com/dyaa/ssl-checker/issues/8 (always positive), https://github.com/dogtagpki/pki/pull/435 (is 0 over?),
 * https://github.com/webprofusion/certify/issues/445 (expires in 462 days, 462 days after its end).
 */
describe("days until the end", () => {
  const now = new Date("2026-11-28T06:00:00Z");
  it.each([
    ["2026-11-28T07:00:00Z", 0],
    ["2026-11-29T06:00:00Z", 1],
    ["2026-11-30T05:59:59Z", 1],
    ["2026-11-28T06:00:00Z", -1],
    ["2026-11-28T05:00:00Z", -1],
    ["2026-11-27T05:00:00Z", -1],
    ["2026-11-26T05:00:00Z", -2],
    ["2026-11-16T00:00:00Z", -12],
    ["2025-08-23T06:00:00Z", -462],
  ])("%s: %s", (end, days) => {
    // Object.is tells -0 from 0.
    expect(Object.is(daysUntil(new Date(end), now), days)).toBe(true);
  });
});
