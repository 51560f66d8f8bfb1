import type { CallToolResult } from "@modelcontextprotocol/sdk/types.js";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type Assistant, type Person, pointedAt, startAssistant, textOf } from "../support/assistant.js";
import { startHoldingProxy } from "../support/cloud-proxy.js";
import { Company } from "../support/company.js";
import { FormPerson } from "../support/form-person.js";
import { neededApproval } from "../support/requests.js";
import { wide } from "../support/width.js";
import { submit } from "./page/support.js";

/**
 * A client gives a call up after a fixed time, and the person answers a little later. What they answered is not lost, and
 * nothing is carried out while nobody would hear of it.
 *
 * Seen at UsefulSoftwareCo/executor issue 1953 and anomalyco/opencode issue 35275 (the limit of tools/call runs while a
 * person reads the form), modelcontextprotocol/inspector pull request 875 and MCPJam/inspector issue 1603 (limits of 10 s),
 * anthropics/claude-code issues 22542 and 58687 (60 s, whatever the server says), open-gsd/gsd-pi issue 1150 (the form
 * itself ends after the SDK's 60 s), aws/amazon-q-developer-cli issue 3449 (a form that is never shown),
 * Erodenn/godot-mcp-runtime pull request 30 (the work goes on after the client gave up, and a second call meets it).
 */

let company: Company;
const running: { close(): Promise<void> }[] = [];
beforeEach(async () => {
  company = await Company.open();
  rename = { CertificateId: company.certificate("storefront"), Alias: "later" };
});
afterEach(async () => {
  for (const each of running.splice(0)) await each.close();
  await company.close();
});

async function start(flags: readonly string[], person: Person | null): Promise<Assistant> {
  const { args, env } = pointedAt(company.sandbox);
  const assistant = await startAssistant([...args, ...flags], { env, person });
  running.push(assistant);
  return assistant;
}

const name = "ModifyCertificateAlias";
let rename: { readonly CertificateId: string; readonly Alias: string };
const changes = () => company.sandbox.requests.filter(neededApproval).length;

/** As the SDKs say that their time is over. */
const timedOut = "McpError: MCP error -32001: Request timed out";

/** Makes the call and gives it up once `then` has resolved. */
async function givenUp(assistant: Assistant, then: Promise<unknown>, reason = timedOut): Promise<void> {
  const clock = new AbortController();
  const call = assistant.client.callTool({ name, arguments: rename }, undefined, { signal: clock.signal });
  const end = call.catch(() => {});
  await then;
  clock.abort(reason);
  await end;
  // The server has heard of it when it has answered what was sent after it.
  await assistant.call("list_vault");
}

/** Answers, and comes back when the server has heard of it. */
async function answer(assistant: Assistant, desk: FormPerson, approve: boolean): Promise<void> {
  desk.answer(desk.messages.length - 1, approve);
  // The first may overtake the answer on its way, the second does not.
  for (let turn = 0; turn < 2; turn += 1) await assistant.call("list_vault");
}

/** Makes the same call until a reply says this. */
async function until(assistant: Assistant, says: RegExp): Promise<CallToolResult> {
  for (;;) {
    const reply = await assistant.call(name, rename);
    if (says.test(textOf(reply))) return reply;
    if (!/"state":/.test(textOf(reply))) throw new Error(textOf(reply));
  }
}

/** And has the result: it is no longer being carried out. */
const takenUp = /^(?!.*"state":).*this call used their approval/s;

describe("a call that the client gave up while a person reads", () => {
  it("leaves the form open; a late yes is carried out by the same call, and only by it", async () => {
    const desk = new FormPerson();
    const assistant = await start(["--approve", "elicit"], desk.person);
    await givenUp(assistant, desk.hasBeenAsked(1));
    await answer(assistant, desk, true);
    expect(changes()).toBe(0);
    await until(assistant, takenUp);
    expect([changes(), desk.messages.length]).toEqual([1, 1]);
  });

  it("gets a late no, and asks nobody again", wide, async () => {
    const desk = new FormPerson();
    const assistant = await start(["--approve", "elicit"], desk.person);
    await givenUp(assistant, desk.hasBeenAsked(1));
    await answer(assistant, desk, false);
    expect(await assistant.failure(name, rename)).toMatch(
      /(did not approve|declined this very change).*Nothing was sent/s,
    );
    expect([changes(), desk.messages.length]).toEqual([0, 1]);
  });

  it("waits on in the same form when it comes again before the answer", wide, async () => {
    const desk = new FormPerson();
    const assistant = await start(["--approve", "elicit"], desk.person);
    await givenUp(assistant, desk.hasBeenAsked(1));
    const again = until(assistant, /RequestId/);
    await answer(assistant, desk, true);
    await again;
    expect([changes(), desk.messages.length]).toEqual([1, 1]);
  });

  it("has learnt the client's limit: the same call is answered before it, and is no error", wide, async () => {
    const desk = new FormPerson();
    const assistant = await start(["--approve", "elicit"], desk.person);
    await givenUp(assistant, desk.hasBeenAsked(1));
    const reply = await assistant.call(name, rename);
    expect(reply.isError).not.toBe(true);
    expect(reply.structuredContent).toMatchObject({ state: "waiting for approval" });
    expect([changes(), desk.messages.length]).toEqual([0, 1]);
  });

  it("says what became of the first question where the person is asked anew", wide, async () => {
    const desk = new FormPerson();
    const assistant = await start(["--approve", "elicit"], desk.person);
    await givenUp(assistant, desk.hasBeenAsked(1), "The user stopped it");
    const certificate = company.sandbox.account.ssl.certificates.get(company.certificate("storefront"));
    if (certificate === undefined) throw new Error("there is no such certificate");
    await answer(assistant, desk, true);
    certificate.alias = "renamed by somebody else";
    expect(await assistant.failure(name, rename)).toContain("approval is void");
    const again = assistant.call(name, rename);
    await desk.hasBeenAsked(2);
    desk.answer(1, true);
    expect(textOf(await again)).toMatch(/asked again: the earlier question was approved, but became void/);
    expect(changes()).toBe(1);
  });
});

describe("a call whose time is over", () => {
  it("while a person decides: says where and until when, and takes the decision up later", wide, async () => {
    const assistant = await start(["--approve", "page", "--approval-wait", "0.1"], null);
    const reply = await assistant.call(name, rename);
    const { decide_until: by } = reply.structuredContent ?? {};
    expect(reply.structuredContent).toMatchObject({ state: "waiting for approval", approval_id: expect.any(String) });
    expect(Date.parse(String(by))).toBeGreaterThan(Date.now());
    expect(textOf(reply)).not.toMatch(/https?:/);
    const [link = ""] = assistant.links();
    await submit(link, { decision: "approve" });
    const wait = { what: "approval", id: String(reply.structuredContent?.approval_id) };
    expect(await assistant.result("wait_for", wait)).toMatchObject({
      state: "done",
      says: expect.stringMatching(/has been approved.*Nothing was sent.*make the same call again/),
    });
    expect(changes()).toBe(0);
    expect(textOf(await assistant.call(name, rename))).toMatch(takenUp);
    expect(await assistant.result("wait_for", wait)).toMatchObject({
      state: "done",
      says: expect.stringMatching(/carried out.*cloud accepted it/),
    });
    expect(changes()).toBe(1);
  });

  it("while it is planned: goes on, and the same call finds the question put", wide, async () => {
    const proxy = await startHoldingProxy(company.sandbox.endpoints["tencent-ssl"], "DescribeCertificateDetail");
    running.push(proxy);
    const desk = new FormPerson();
    const flags = ["--endpoint", `tencent-ssl=${proxy.url}`, "--approve", "elicit", "--call-time", "0.5"];
    const assistant = await start(flags, desk.person);
    expect(textOf(await until(assistant, /"state":"planning"/))).toMatch(/Nobody has been asked yet/);
    expect(desk.messages).toEqual([]);
    proxy.letGo();
    await desk.hasBeenAsked(1);
    await answer(assistant, desk, true);
    expect(changes()).toBe(0);
    await until(assistant, takenUp);
    expect([changes(), desk.messages.length]).toEqual([1, 1]);
  });

  it("while it is sent: goes on, and the same call returns its result and sends nothing", async () => {
    const proxy = await startHoldingProxy(company.sandbox.endpoints["tencent-ssl"], name);
    running.push(proxy);
    const desk = new FormPerson();
    const flags = ["--endpoint", `tencent-ssl=${proxy.url}`, "--approve", "elicit", "--call-time", "0.5"];
    const assistant = await start(flags, desk.person);
    const carriedOut = until(assistant, /"state":"being carried out"/);
    await desk.hasBeenAsked(1);
    desk.answer(0, true);
    expect(textOf(await carriedOut)).toMatch(/its result is not known yet/);
    proxy.letGo();
    await until(assistant, /the result of the same call made earlier/);
    expect([changes(), desk.messages.length]).toEqual([1, 1]);
  });
});

it(
  "a change that is being sent when the client gives up is finished, and the same call returns its result",
  wide,
  async () => {
    const proxy = await startHoldingProxy(company.sandbox.endpoints["tencent-ssl"], name);
    running.push(proxy);
    const desk = new FormPerson();
    const assistant = await start(["--endpoint", `tencent-ssl=${proxy.url}`, "--approve", "elicit"], desk.person);
    const answered = desk.hasBeenAsked(1).then(() => desk.answer(0, true));
    await givenUp(assistant, Promise.all([answered, proxy.held]));
    proxy.letGo();
    await until(assistant, /the result of the same call made earlier|used their approval/);
    expect([changes(), desk.messages.length]).toEqual([1, 1]);
  },
);
