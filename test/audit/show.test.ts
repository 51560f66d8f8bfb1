import { readFileSync, writeFileSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { type AuditCommand, runAudit } from "../../src/audit/command.js";
import type { AuditEntry } from "../../src/audit/entry.js";
import { AuditLog } from "../../src/audit/log.js";
import { defaultAuditPath } from "../../src/audit/path.js";
import { freshPath, planned, sending, validLines, writeFiles } from "./support.js";

/** Runs the command and tells what it printed. */
async function audit(...words: readonly string[]) {
  return auditOf({ words });
}

async function auditOf(given: AuditCommand) {
  let out = "";
  let err = "";
  const write = (text: string) => (out += text);
  const code = await runAudit(given, { path: "/nowhere/audit.jsonl" }, { write }, { write: (text) => (err += text) });
  return { code, out, err };
}

function logOf(...entries: readonly AuditEntry[]): string {
  const path = freshPath();
  writeFiles(path, [validLines(entries)]);
  return path;
}

const approved = (planId: string): AuditEntry => ({
  event: "decision",
  planId,
  channel: "elicitation",
  verdict: "approved",
  tookMs: 4210,
});

describe("audit verify", () => {
  it("says that a chain is whole", async () => {
    expect(await auditOf({ words: ["verify"], path: logOf(sending("one"), sending("two")) })).toEqual({
      code: 0,
      out: "The chain is whole: 2 lines.\n",
      err: "",
    });
  });

  it("names the first bad line and ends with 1", async () => {
    const path = freshPath();
    const [one = Buffer.of(), , three = Buffer.of()] = validLines([sending("one"), sending("two"), sending("three")]);
    writeFiles(path, [[one, three]]);
    expect(await auditOf({ words: ["verify"], path })).toEqual({
      code: 1,
      out: "",
      err: `The chain is broken at line 2 of ${path}: line 2 of the log is missing before it.\n`,
    });
  });

  it("ends with 2 for wrong usage and where there is no log", async () => {
    expect(await audit("verify")).toMatchObject({ code: 2, err: expect.stringContaining("/nowhere/audit.jsonl") });
    for (const args of [[], ["check"], ["verify", "more"]]) {
      expect(await audit(...args)).toMatchObject({ code: 2, err: expect.stringContaining("Usage:") });
    }
  });
});

describe("audit show", () => {
  it("shows each call as one paragraph, in the order of their plans", async () => {
    const path = logOf(
      planned("first", { warnings: ["It is in use."] }),
      planned("second", { operation: "ModifyCertificateAlias", effect: "change", question: "Rename it?" }),
      approved("first"),
      { event: "decision", planId: "second", channel: "page", verdict: "declined", tookMs: 900, reason: "too late" },
      { event: "sending", planId: "first", signer: "AKID…9xYz" },
      {
        ...{ event: "outcome", planId: "first", sent: "yes", ok: false, changed: "no" },
        ...{ requestId: "r-1", code: "InUse", httpStatus: 200 },
      },
    );
    const { code, out } = await auditOf({ words: ["show"], path });
    expect(code).toBe(0);
    expect(out).toBe(
      [
        "2026-11-22 10:36:05 UTC  DeleteCertificate on tencent-ssl, AKID…9xYz",
        "  Question   Delete certificate abcd1234?",
        "  Effect     Cannot be undone.",
        "  Objects    1",
        "  Warning    It is in use.",
        `  Arguments  sha256 ${"0".repeat(64)}`,
        "  Decision   approved (elicitation, after 4.2 s)",
        "  Request    was sent, signed with AKID…9xYz",
        "  Outcome    failed (InUse, HTTP 200, request id r-1)",
        "  Plan       first",
        "",
        "2026-11-22 10:36:05 UTC  ModifyCertificateAlias on tencent-ssl, AKID…9xYz",
        "  Question   Rename it?",
        "  Effect     Changes a record or an order; live traffic is not touched.",
        "  Objects    1",
        `  Arguments  sha256 ${"0".repeat(64)}`,
        "  Decision   declined (page, after 0.9 s): too late",
        "  Request    was not sent",
        "  Plan       second",
        "",
        "",
      ].join("\n"),
    );
  });

  it("does not call a request failed whose outcome is unknown, and says what was found later", async () => {
    const outcome = (planId: string, facts: Partial<AuditEntry & { event: "outcome" }>): AuditEntry => ({
      event: "outcome",
      planId,
      sent: "yes",
      ok: false,
      changed: "unknown",
      ...facts,
    });
    const outcomeIn = async (...entries: AuditEntry[]) =>
      /Request {4}(.*)\n(?: {2}Outcome {4}(.*)\n)?/
        .exec((await auditOf({ words: ["show"], path: logOf(...entries) })).out)
        ?.slice(1);
    const unknown = outcome("a", { requestId: "r-1" });
    expect(await outcomeIn(sending("a"), unknown)).toEqual(["was sent", "outcome unknown (request id r-1)"]);
    expect(await outcomeIn(sending("a"), outcome("a", { changed: "no" }))).toEqual(["was sent", "failed"]);
    expect(await outcomeIn(sending("a"), outcome("a", { sent: "no", changed: "no" }))).toEqual([
      "was not sent",
      undefined,
    ]);
    expect(await outcomeIn(sending("a"), unknown, outcome("a", { changed: "yes" }))).toEqual([
      "was sent",
      "no clear answer; a check showed that it was carried out (request id r-1)",
    ]);
  });

  it("shows who asked and who decided, where people log in", async () => {
    const issuer = "https://login.example.com";
    const by = { at: "2026-11-22T10:37:00.000Z", shown: "1".repeat(64) };
    const path = logOf(planned("a", { asker: { id: `${issuer}#alice`, name: "Alice\u202e", client: "a client" } }), {
      event: "decision",
      planId: "a",
      channel: "team",
      verdict: "declined",
      tookMs: 4_000,
      by: [
        { id: `${issuer}#bob`, name: "Bob", answer: "approved", ...by },
        { id: `${issuer}#carol`, name: "Carol", answer: "declined", ...by },
      ],
    });
    const { out } = await auditOf({ words: ["show"], path });
    expect(out).toContain(
      `  Asked by   "Alice<U+202E>" ("${issuer}#alice") with a client that calls itself "a client"`,
    );
    expect(out).toContain(`  Decided by "Bob" ("${issuer}#bob"): approved, 2026-11-22T10:37:00.000Z`);
    expect(out).toContain(`  Decided by "Carol" ("${issuer}#carol"): declined, 2026-11-22T10:37:00.000Z`);
    expect((await auditOf({ words: ["verify"], path })).code).toBe(0);
  });

  it("tells what the log cannot know", async () => {
    const { out } = await auditOf({
      words: ["show"],
      path: logOf(planned("a"), planned("b"), approved("b"), sending("b")),
    });
    expect(out).toContain("Decision   none was recorded\n  Request    was not sent");
    expect(out).toContain("Request    may have been sent: the process ended before the answer");
  });

  it("prints nothing that steers a terminal", async () => {
    const { out } = await auditOf({
      words: ["show"],
      path: logOf(planned("a", { question: "Delete \u001b[2J\u202eb?" })),
    });
    expect(out).toContain("Delete <U+001B>[2J<U+202E>b?");
  });

  it("shows what can be read of a broken log, says so and ends with 1", async () => {
    const path = freshPath();
    const lines = validLines([planned("a"), sending("a")]);
    writeFileSync(path, Buffer.concat([...lines, Buffer.from("hello\n")]));
    const { code, out, err } = await auditOf({ words: ["show"], path });
    expect({ code, err }).toEqual({
      code: 1,
      err: `The chain is broken at line 3 of ${path}: it is not a line of this log.\n`,
    });
    expect(out).toContain("DeleteCertificate");
    expect(out).toContain("Line 3 of audit.jsonl cannot be read.");
  });
});

describe("the arguments", () => {
  it("are in the log as a digest and as nothing else", async () => {
    const path = freshPath();
    const log = new AuditLog(path, { redact: (json) => json });
    await expect(log.append(planned("a", { arguments: '{"Key":"PRIVATE"}' }))).rejects.toThrow(
      "not an entry of the log",
    );
    await expect(log.append({ ...planned("b"), ...{ params: "PRIVATE" } })).rejects.toThrow("not an entry of the log");
    await log.append(planned("c", { arguments: "c0ffee".padEnd(64, "0") }));
    await log.close();
    expect(readFileSync(path, "utf8")).toContain('"arguments":"c0ffee');
    expect(readFileSync(path, "utf8")).not.toContain("PRIVATE");
  });
});

describe("the default place", () => {
  it.runIf(process.platform === "linux")("is the user's state directory", () => {
    const state = process.env.XDG_STATE_HOME ?? join(homedir(), ".local", "state");
    expect(defaultAuditPath()).toBe(join(state, "cloudcert-mcp", "audit.jsonl"));
  });
});
