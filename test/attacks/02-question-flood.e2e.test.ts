import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { questionLimits } from "../../src/approval/question-limits.js";
import { type Sandbox, startSandbox } from "../../src/sandbox/server.js";
import { type Assistant, type Person, pointedAt, reads, startAssistant } from "../support/assistant.js";
import { tookApproval } from "../support/requests.js";

/** A person is not worn down: questions have a limit, and a no has an effect. */

let sandbox: Sandbox;
beforeAll(async () => {
  sandbox = await startSandbox({ speed: 600 });
});
afterAll(() => sandbox.close());

async function start(flags: readonly string[], person: Person | null): Promise<Assistant> {
  const { args, env } = pointedAt(sandbox);
  return startAssistant([...args, ...flags], { env, person });
}

const changes = () => sandbox.requests.filter(tookApproval).length;
const rename = (Alias: string) => ({ CertificateId: "2Hxefkb5", Alias });
const times = (count: number) => Array.from({ length: count }, (_, index) => index);
const hints = /--[a-z]|restart|another (server|session|channel)|limit (is|can)/i;

describe("200 changes at once", () => {
  it("put a dozen forms before a person; the others hear when they may come again", async () => {
    const closing: (() => void)[] = [];
    const refused: string[] = [];
    let settled = () => {};
    const all = new Promise<void>((resolve) => {
      settled = () => void (refused.length + closing.length === 200 && resolve());
    });
    const person: Person = () =>
      new Promise((resolve) => {
        closing.push(() => resolve({ action: "cancel" }));
        settled();
      });
    const assistant = await start(["--approve", "elicit", "--approval-wait", "600"], person);
    const calls = times(200).map(async (index) => {
      refused.push(await assistant.failure("ModifyCertificateAlias", rename(`a${index}`)));
      settled();
    });
    await all;
    expect(closing).toHaveLength(questionLimits.open);
    for (const said of [...refused]) {
      expect(said).toMatch(/nobody was asked.*Nothing was sent/);
      expect(said).toMatch(/may be made again .*in \d+ (second|minute)s?/);
      expect(said).not.toMatch(hints);
    }
    // Reads go on.
    expect((await assistant.call("DescribeCertificates")).isError).not.toBe(true);
    for (const close of closing) close();
    await Promise.all(calls);
    await assistant.close();
  });

  it.each([["page"], ["terminal"]])("leave a dozen open on the %s", async (channel) => {
    const assistant = await start(["--approve", channel, "--approval-wait", "0.001"], null);
    await Promise.all(times(200).map((index) => assistant.call("ModifyCertificateAlias", rename(`a${index}`))));
    expect(assistant.stderr().match(/waits for approval/g)).toHaveLength(questionLimits.open);
    // Nor one after the other.
    await assistant.failure("ModifyCertificateAlias", rename("one more"));
    expect(assistant.stderr().match(/waits for approval/g)).toHaveLength(questionLimits.open);
    await assistant.close();
  });
});

describe("after noes", () => {
  const declined = { action: "decline" as const };

  it.each([
    ["the same change", () => "again", 1],
    ["the same change, written otherwise each time", (index: number) => `${" ".repeat(index)}aGAIN`, 1],
    ["another change each time", (index: number) => `a${index}`, questionLimits.noesInARow],
    ["two changes in turn", (index: number) => `a${index % 2}`, 2],
  ])("%s is not asked 30 times", async (_what, alias, most) => {
    let asked = 0;
    const person = reads(() => {
      asked += 1;
      return asked < 30 ? declined : { action: "accept", content: { approve: true } };
    });
    const before = changes();
    const assistant = await start(["--approve", "elicit"], person);
    let last = "";
    for (const index of times(30)) last = await assistant.failure("ModifyCertificateAlias", rename(alias(index)));
    await assistant.close();
    expect(asked).toBe(most);
    expect(last).toMatch(/nobody was asked.*may be made again .*in \d+ seconds/s);
    expect(last).not.toMatch(hints);
    expect(changes()).toBe(before);
  });

  it.each([
    ["closed forms", { action: "cancel" as const }],
    ["forms with a no in them", { action: "accept" as const, content: { approve: false } }],
  ])("%s count as noes", async (_what, answer) => {
    let asked = 0;
    const person = reads(() => {
      asked += 1;
      return answer;
    });
    const assistant = await start(["--approve", "elicit"], person);
    for (const index of times(10)) await assistant.failure("ModifyCertificateAlias", rename(`a${index}`));
    await assistant.close();
    expect(asked).toBe(questionLimits.noesInARow);
  });
});

it("a person who renews a dozen domains, with two changes for each, is not held up", { timeout: 90_000 }, async () => {
  const person = reads(() => ({ action: "accept", content: { approve: true } }));
  const assistant = await start(["--approve", "elicit"], person);
  const CertificateId = [...sandbox.account.ssl.certificates.keys()][0];
  for (const index of times(12)) {
    await assistant.result("ApplyCertificate", { DvAuthMethod: "DNS", DomainName: `d${index}.example.com` });
    await assistant.result("ModifyCertificateAlias", { CertificateId, Alias: `renewed ${index}` });
  }
  await assistant.close();
});
