import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { ApprovalStore } from "../../src/approval/approval-store.js";
import type { Channel } from "../../src/approval/channel.js";
import { approvalLifetime } from "../../src/approval/deadlines.js";
import { Gate } from "../../src/approval/gate.js";
import { questionLimits } from "../../src/approval/question-limits.js";
import type { ApprovalRequest } from "../../src/approval/request.js";
import { altersAccount } from "../../src/catalogue/operation.js";
import { modifyCertificateAlias } from "../../src/catalogue/tencent-ssl/modify-certificate-alias.js";
import { safe, verbatim } from "../../src/lib/safe-text.js";
import { ToolError } from "../../src/lib/tool-error.js";
import { type Sandbox, startSandbox } from "../../src/sandbox/server.js";
import { Redactor } from "../../src/secrets/redaction/redactor.js";
import { offeredToken, pointedAt, startAssistant } from "../support/assistant.js";
import { submit } from "./page/support.js";

/** Questions that nobody answers: how many are kept, and how much of each. */

let sandbox: Sandbox;
beforeAll(async () => {
  sandbox = await startSandbox({ speed: 600 });
});
afterAll(() => sandbox.close());

const csr = {
  Department: "x",
  Email: "a@b.c",
  Province: "x",
  City: "x",
  Country: "US",
  EncryptAlgo: "ECC",
  KeyParameter: "prime256v1",
  Generate: true,
};

describe("at the front door", () => {
  it("500 abandoned questions leave a dozen links, each of which still works", async () => {
    const { args, env } = pointedAt(sandbox);
    const flags = ["--approve", "page", "--approval-wait", "0.001"];
    const assistant = await startAssistant([...args, ...flags], { env, person: null });
    for (let batch = 0; batch < 10; batch++) {
      const calls = Array.from({ length: 50 }, (_, index) =>
        assistant.call("CreateCSR", { ...csr, Organization: "o".repeat(60), Domain: `d${batch}-${index}.example.com` }),
      );
      await Promise.all(calls);
    }
    const links = assistant.links();
    expect(links).toHaveLength(questionLimits.open);
    for (const link of links.slice(0, 2)) expect((await submit(link, { decision: "decline" })).status).toBe(200);
    await assistant.close();
  });

  it("of 200 plans that wait for a token the newest are kept, and the others are void", async () => {
    const { args, env } = pointedAt(sandbox);
    const assistant = await startAssistant([...args, "--approve", "token"], { env, person: null });
    const rename = (index: number) => ({ CertificateId: "2Hxefkb5", Alias: `a${index}` });
    const tokens: (string | undefined)[] = [];
    for (let index = 0; index < 200; index++) {
      tokens.push(offeredToken(await assistant.call("ModifyCertificateAlias", rename(index))));
    }
    const use = (index: number) => ({ ...rename(index), approval: tokens[index] });
    expect(await assistant.failure("ModifyCertificateAlias", use(0))).toContain("a newer plan has replaced it");
    // A plan reads the certificate without its key, by an operation that could take the key out: none of it is a change.
    const before = sandbox.requests.filter(altersAccount).length;
    await assistant.call("ModifyCertificateAlias", use(199));
    const changes = sandbox.requests.filter(altersAccount);
    expect(changes).toHaveLength(before + 1);
    expect(changes.at(-1)).toMatchObject({ operation: "ModifyCertificateAlias" });
    await assistant.close();
  });
});

/** A gate whose plans have so many lines of 1,000 characters, and the requests that its channel was given. */
function gateWith(lines: number, byToken = false) {
  let now = 1_000_000;
  const requests: ApprovalRequest[] = [];
  const page: Channel = {
    present: async (request) => {
      requests.push(request);
      return true;
    },
    close: async () => {},
  };
  const gate = new Gate({
    policy: { readOnly: false, allowPurchases: false, allow: [], deny: [] },
    channels: [page],
    token: { offered: byToken, forDestructive: true },
    store: new ApprovalStore({ now: () => new Date(now), elapsed: () => now }),
    audit: { append: async () => {} },
    readCurrentState: async () => ({ rows: [], facts: Array(lines).fill([safe`A fact`, verbatim("x".repeat(1_000))]) }),
    wait: 0,
    log: () => {},
  });
  const { signal } = new AbortController();
  const call = (Alias: string, approval?: string) =>
    gate
      .approveAndRun(
        {
          operation: modifyCertificateAlias,
          params: { CertificateId: "abcd1234", Alias },
          account: "account-1",
          approval,
          redactor: new Redactor([]),
          caller: { progress: () => {}, signal, sending: signal },
        },
        async () => ({}),
      )
      .then(
        () => "sent",
        (error: unknown) =>
          error instanceof ToolError ? (error.details.approval?.token ?? error.message) : String(error),
      );
  return { call, requests, pass: (ms: number) => (now += ms) };
}

/** Whether a channel that still remembers the request keeps its plan alive with it. */
const keepsPlan = ({ plan }: ApprovalRequest) => plan.details.length > 0 || plan.facts.length > 0;

describe("a plan is given back", () => {
  it("when its question has expired and another is put", async () => {
    const { call, requests, pass } = gateWith(1);
    for (let index = 0; index < 5; index++) await call(`a${index}`);
    pass(approvalLifetime);
    await call("later");
    expect(requests.map(keepsPlan)).toEqual([false, false, false, false, false, true]);
  });

  it("when it was declined", async () => {
    const { call, requests } = gateWith(1);
    await call("a");
    requests[0]?.decide(false, "page");
    expect(await call("a")).toContain("did not approve");
    expect(requests.map(keepsPlan)).toEqual([false]);
  });

  it("when it was carried out", async () => {
    const { call, requests } = gateWith(1);
    await call("a");
    requests[0]?.decide(true, "page");
    expect(await call("a")).toBe("sent");
    expect(requests.map(keepsPlan)).toEqual([false]);
  });

  it("over a day of abandoned questions: never more than a dozen are kept", async () => {
    const { call, requests, pass } = gateWith(1);
    for (let index = 0; index < 2_000; index++) {
      await call(`a${index}`);
      pass(40_000);
      expect(requests.filter(keepsPlan).length).toBeLessThanOrEqual(questionLimits.open);
      requests.splice(0, requests.length - 64);
    }
  });

  it.each([
    ["many", 1, 70],
    ["long", 1_000, 6],
  ])("when there are too %s of them: the oldest token is void, the newest good", async (_what, lines, plans) => {
    const { call } = gateWith(lines, true);
    const tokens: string[] = [];
    for (let index = 0; index < plans; index++) tokens.push(await call(`a${index}`));
    expect(await call("a0", tokens[0])).toContain("void");
    expect(await call(`a${plans - 1}`, tokens.at(-1))).toBe("sent");
  });
});
