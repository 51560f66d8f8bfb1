import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { z } from "zod";
import { type Assistant, saysYes } from "../support/assistant.js";
import { startLosingProxy } from "../support/cloud-proxy.js";
import { runCommand } from "../support/command.js";
import { Company, report } from "../support/company.js";

/** A change whose answer is lost, and that the read after it shows, was found carried out: no cloud said so. */

let company: Company;
let assistant: Assistant;
const closing: (() => Promise<unknown>)[] = [];

beforeAll(async () => {
  company = await Company.open({ speed: 100_000 });
  closing.push(() => company.close());
  const flags: string[] = [];
  for (const service of ["tencent-ssl", "huawei-live"] as const) {
    const proxy = await startLosingProxy(
      company.sandbox.endpoints[service],
      (operation, _answer, { method }) => operation === "ModifyCertificateAlias" || method === "DELETE",
    );
    closing.push(() => proxy.close());
    flags.push("--endpoint", `${service}=${proxy.url}`);
  }
  assistant = await company.assistant([...flags, "--timeout", "10", "--approve", "elicit"], { person: saysYes });
  closing.push(() => assistant.close());
});
afterAll(async () => {
  for (const close of closing.reverse()) await close();
});

const run = (...args: readonly string[]) => runCommand(args, { HOME: company.home });
const found = "no clear answer; a check showed that it was carried out";
const outcomes = () =>
  readFileSync(join(company.home, ".local", "state", "cloudcert-mcp", "audit.jsonl"), "utf8")
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line))
    .filter(({ event }) => event === "outcome");
const asFound = [
  { sent: "yes", ok: false, changed: "unknown" },
  { sent: "yes", ok: false, changed: "yes" },
];

it("an operation's lost answer that a read makes up for is recorded as found, not as accepted", async () => {
  const change = { CertificateId: company.certificate("mail"), Alias: "post" };
  expect(JSON.stringify(await assistant.result("ModifyCertificateAlias", change))).toContain("No clear reply came");
  expect(outcomes()).toMatchObject(asFound);
  expect((await run("audit", "show")).out).toContain(found);
});

it("so is that of a job's step, in its evidence, too", async () => {
  const before = outcomes().length;
  const told = report.parse(await assistant.result("turn_off_https", { domains: ["play.example.com"] }));
  expect(told.targets.map(({ state }) => state)).toEqual(["off"]);
  const step = expect.stringContaining("DeleteDomainHttpsCert");
  expect(outcomes().slice(before)).toMatchObject(asFound.map((each) => ({ ...each, step })));
  const { summary } = z
    .object({ summary: z.object({ requests: z.array(z.unknown()) }) })
    .parse(JSON.parse((await run("evidence", told.job ?? "")).out));
  expect(summary.requests).toMatchObject([{ accepted: false, changed: "yes", found_at: expect.any(String) }]);
});
