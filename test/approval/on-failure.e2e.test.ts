import { afterAll, beforeAll, beforeEach, expect, it } from "vitest";
import { type Assistant, offeredToken } from "../support/assistant.js";
import { Company } from "../support/company.js";
import { ofRows, rows } from "../support/width.js";
import { submit } from "./page/support.js";

/** What was approved with one setting of a job is not carried out with another. */

let company: Company;
let onPage: Assistant;
let byToken: Assistant;
/** How many changes earlier tests made. */
let earlier: number;
beforeAll(async () => {
  company = await Company.open();
  // What the domains serve has no part in it.
  const flags = ["--edge-domains", "nothing.invalid", "--approve"];
  onPage = await company.assistant([...flags, "page", "--approval-wait", "0.1"], { person: null });
  byToken = await company.assistant([...flags, "token"], { person: null });
});
beforeEach(() => {
  earlier = company.done().length;
});
afterAll(async () => {
  await onPage.close();
  await byToken.close();
  await company.close();
});

const done = () => company.done().slice(earlier);

const targets = [
  { service: "alibaba-cdn", domains: ["img.example.com"] },
  { service: "alibaba-vod", domains: ["vod.example.com"] },
];

async function job() {
  const { chain, key } = await company.issue("next");
  return { certificate: `file:${chain}`, private_key: `file:${key}`, targets, wait_seconds: 0 };
}

const variants: [string, Readonly<Record<string, unknown>>, Readonly<Record<string, unknown>>][] = [
  ["what it does after a failure", {}, { on_failure: "continue" }],
  ["the same, the other way round", { on_failure: "continue" }, { on_failure: "stop" }],
  ["the order of its targets", {}, { targets: [...targets].reverse() }],
];

it.each(rows(variants, 2))("on the page: not with another setting of %s", ofRows, async (_what, approved, called) => {
  const given = await job();
  expect(await onPage.pending("deploy_certificate", { ...given, ...approved })).toContain("waiting for approval");
  const link = onPage.links().at(-1) ?? "";
  expect((await submit(link, { decision: "approve" })).status).toBe(200);
  expect(await onPage.pending("deploy_certificate", { ...given, ...called })).toContain("waiting for approval");
  expect(done()).toEqual([]);
});

it.each(rows(variants, 2))("by token: not with another setting of %s", ofRows, async (_what, approved, called) => {
  const given = await job();
  const reply = await byToken.call("deploy_certificate", { ...given, ...approved });
  const approval = offeredToken(reply);
  expect(await byToken.failure("deploy_certificate", { ...given, ...called, approval })).toContain("other arguments");
  expect(done()).toEqual([]);
  // With what was approved it is good.
  await byToken.result("deploy_certificate", { ...given, ...approved, approval });
  expect(done()).toHaveLength(2);
});

it("watching for another time needs no second approval: the same is sent, and the time is not among what is asked", async () => {
  const given = await job();
  expect(await onPage.pending("deploy_certificate", given)).toContain("waiting for approval");
  const link = onPage.links().at(-1) ?? "";
  expect((await submit(link, { decision: "approve" })).status).toBe(200);
  await onPage.result("deploy_certificate", { ...given, wait_seconds: 1 });
  expect(done()).toHaveLength(2);
  const other = { ...(await job()), wait_seconds: 5 };
  const reply = await byToken.call("deploy_certificate", other);
  expect(JSON.stringify(reply.structuredContent)).not.toContain("wait_seconds");
  await byToken.result("deploy_certificate", { ...other, wait_seconds: 0, approval: offeredToken(reply) });
  expect(done()).toHaveLength(4);
});

it("on_failure is among what a person reads", async () => {
  const given = await job();
  const reply = await byToken.call("deploy_certificate", { ...given, on_failure: "continue" });
  expect(JSON.stringify(reply.structuredContent)).toContain('["on_failure","continue"]');
});
