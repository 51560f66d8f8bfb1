import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { ElicitResult } from "@modelcontextprotocol/sdk/types.js";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { questionLimits } from "../../src/approval/question-limits.js";
import { type Sandbox, startSandbox } from "../../src/sandbox/server.js";
import { type Assistant, approving, type Person, pointedAt, reads, startAssistant } from "../support/assistant.js";
import { neededApproval } from "../support/requests.js";
import { wide } from "../support/width.js";

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

const changes = () => sandbox.requests.filter(neededApproval).length;
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
      expect(said).toMatch(/is possible again .*in \d+ (second|minute)s?/);
      expect(said).not.toMatch(hints);
    }
    // Reads go on.
    expect((await assistant.call("DescribeCertificates")).isError).not.toBe(true);
    for (const close of closing) close();
    await Promise.all(calls);
    await assistant.close();
  });

  it.each(["page", "terminal"])("leave a dozen open on the %s", wide, async (channel) => {
    const assistant = await start(["--approve", channel, "--approval-wait", "0.001"], null);
    await Promise.all(times(200).map((index) => assistant.call("ModifyCertificateAlias", rename(`a${index}`))));
    expect(assistant.stderr().match(/waits for approval/g)).toHaveLength(questionLimits.open);
    // Nor one after the other.
    await assistant.failure("ModifyCertificateAlias", rename("one more"));
    expect(assistant.stderr().match(/waits for approval/g)).toHaveLength(questionLimits.open);
    await assistant.close();
  });
});

describe("a server of several accounts", () => {
  const accounts = ["shop", "blog", "news"];
  const applying = (index: number) => ({
    account: accounts[index % accounts.length],
    DvAuthMethod: "DNS",
    DomainName: `d${index}.example.com`,
  });

  async function withAccounts(person: Person) {
    const folder = mkdtempSync(join(tmpdir(), "cc-flood-"));
    const path = join(folder, "accounts.yaml");
    const keys = "tencent: { secret_id: env:A, secret_key: env:B }";
    writeFileSync(path, `accounts:\n${accounts.map((name) => `  ${name}: { ${keys} }\n`).join("")}`);
    const flags = ["--sandbox", "--accounts", path, "--approve", "elicit", "--approval-wait", "600"];
    const assistant = await startAssistant(flags, { person });
    return {
      assistant,
      close: async () => {
        await assistant.close();
        rmSync(folder, { recursive: true });
      },
    };
  }

  it("puts no more forms before a person than one of a single account", wide, async () => {
    const closing: (() => void)[] = [];
    let refused = 0;
    let settled = () => {};
    const all = new Promise<void>((resolve) => {
      settled = () => void (refused + closing.length === 60 && resolve());
    });
    const { assistant, close } = await withAccounts(
      () =>
        new Promise((resolve) => {
          closing.push(() => resolve({ action: "cancel" }));
          settled();
        }),
    );
    const calls = times(60).map(async (index) => {
      await assistant.failure("ApplyCertificate", applying(index));
      refused += 1;
      settled();
    });
    await all;
    expect(closing).toHaveLength(questionLimits.open);
    for (const end of closing) end();
    await Promise.all(calls);
    await close();
  });

  it("pauses after noes about any of them", wide, async () => {
    let questions = 0;
    const { assistant, close } = await withAccounts(
      reads(() => {
        questions += 1;
        return { action: "decline" };
      }),
    );
    for (const index of times(12)) {
      await assistant.failure("ApplyCertificate", applying(index));
    }
    expect(questions).toBe(questionLimits.declinesInARow);
    await close();
  });
});

describe("after noes", () => {
  /** A server whose person says no to each question in one of these ways, and approves only the thirtieth. */
  async function refusing(...noes: readonly ElicitResult[]) {
    const questions: string[] = [];
    const person = reads(({ message }) => {
      questions.push(message);
      const no = noes[questions.length % noes.length];
      return no === undefined || questions.length >= 30 ? { action: "accept", content: { approve: true } } : no;
    });
    return { questions, assistant: await start(["--approve", "elicit"], person) };
  }

  /** Makes 30 changes; gives how many were asked about. */
  async function asksOf30(server: Awaited<ReturnType<typeof refusing>>, alias: (index: number) => string) {
    const before = [server.questions.length, changes()] as const;
    let last = "";
    for (const index of times(30))
      last = await server.assistant.failure("ModifyCertificateAlias", rename(alias(index)));
    expect(last).toMatch(/nobody was asked.*is possible again .*in \d+ seconds/s);
    expect(last).not.toMatch(hints);
    expect(changes()).toBe(before[1]);
    return server.questions.length - before[0];
  }

  it("the same change is not asked 30 times, however it is written, nor are two in turn", wide, async () => {
    // All of them together are fewer noes than make the server pause.
    const server = await refusing({ action: "decline" });
    expect(await asksOf30(server, () => "again")).toBe(1);
    expect(await asksOf30(server, (index) => `${" ".repeat(index)}oNCE more`)).toBe(1);
    expect(await asksOf30(server, (index) => `a${index % 2}`)).toBe(2);
    await server.assistant.close();
  });

  it(
    "another change each time is not asked 30 times: closed forms and forms with a no in them count",
    wide,
    async () => {
      const closed = { action: "cancel" } as const;
      const no = { action: "accept", content: { approve: false } } as const;
      const server = await refusing({ action: "decline" }, closed, no);
      expect(await asksOf30(server, (index) => `a${index}`)).toBe(questionLimits.declinesInARow);
      await server.assistant.close();
    },
  );
});

it("a person who renews a dozen domains, with two changes for each, is not held up", wide, async () => {
  const person = approving();
  const assistant = await start(["--approve", "elicit"], person);
  const CertificateId = [...sandbox.account.ssl.certificates.keys()][0];
  for (const index of times(12)) {
    await assistant.result("ApplyCertificate", { DvAuthMethod: "DNS", DomainName: `d${index}.example.com` });
    await assistant.result("ModifyCertificateAlias", { CertificateId, Alias: `renewed ${index}` });
  }
  await assistant.close();
});
