import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { ElicitRequest } from "@modelcontextprotocol/sdk/types.js";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { operations } from "../../src/catalogue/index.js";
import { type Sandbox, startSandbox } from "../../src/sandbox/server.js";
import {
  type Assistant,
  declining,
  type Person,
  pointedAt,
  reads,
  saysYes,
  startAssistant,
} from "../support/assistant.js";
import { batchesOf } from "../support/batches.js";
import { runCommand } from "../support/command.js";
import { startFaultyServer } from "../support/faulty-server.js";
import { neededApproval } from "../support/requests.js";
import { prepareSamples, sample, sampleChanges } from "../support/sample-calls.js";
import { ofRows, rows, wide } from "../support/width.js";

let sandbox: Sandbox;
beforeAll(async () => {
  sandbox = await startSandbox({ speed: 600 });
  prepareSamples(sandbox);
});
afterAll(() => sandbox.close());

const changing = operations.filter(({ effect }) => effect !== "read").map(({ name }) => name);
const changesThatArrived = () => sandbox.requests.filter(neededApproval);

function assistantWith(person: Person | null, ...flags: string[]): Promise<Assistant> {
  const { args, env } = pointedAt(sandbox);
  return startAssistant([...args, "--allow-purchases", ...flags], { env, person });
}

it("covers the 23 operations that change something and the 3 that take a key out", () => {
  expect(Object.keys(sampleChanges).sort()).toEqual([...changing].sort());
  expect(changing).toHaveLength(26);
});

const accept = (content?: Record<string, string | boolean>) => ({
  action: "accept" as const,
  ...(content && { content }),
});
const unreachable = /no way to reach one/;
const unclear = /answered, but with neither yes nor no/;

const persons: readonly (readonly [string, Person | null, RegExp])[] = [
  ["that cannot ask", null, unreachable],
  ["whose person declines", declining(), /did not approve/],
  ["whose person closes the form", reads(() => ({ action: "cancel" })), /closed without an answer/],
  ["that accepts with a no", reads(() => accept({ approve: false, confirm: "" })), /did not approve/],
  ["that accepts with nothing", reads(() => accept()), unclear],
  ["that accepts with an empty form", reads(() => accept({})), unclear],
  ["that answers with text", reads(() => accept({ approve: "true" })), /answered with text in place of the checkbox/],
  [
    "that breaks",
    reads(() => {
      throw new Error("no form here");
    }),
    /did not show its form \(error -32603\)/,
  ],
];

describe.each(rows(persons, 1))("with a client %s", ofRows, (_, person, reason) => {
  it("no operation sends anything", async () => {
    for (const names of batchesOf(rows(changing, 4))) {
      const assistant = await assistantWith(person, "--approve", "elicit");
      const replies = await Promise.all(names.map((each) => assistant.failure(each, sampleChanges[each])));
      await assistant.close();
      for (const said of replies) {
        expect(said).toMatch(reason);
        expect(said).toContain("Nothing was sent.");
      }
    }
    expect(changesThatArrived()).toEqual([]);
  });
});

it("a person who does not answer in time has not approved", wide, async () => {
  const never: Person = () => new Promise(() => {});
  const assistant = await assistantWith(never, "--approve", "elicit", "--approval-wait", "0.4");
  const said = await assistant.pending("DeleteCertificate", sampleChanges.DeleteCertificate);
  expect(said).toMatch(/has not decided yet.*Nothing was sent/);
  await assistant.close();
  expect(changesThatArrived()).toEqual([]);
});

it.each(
  rows(
    [
      ["--read-only", "DeleteCertificate"],
      ["--deny=Delete*", "DeleteCertificate"],
      ["--allow=Describe*", "DeleteCertificate"],
    ],
    1,
  ),
)("%s takes %s from the list, and refuses it by name", ofRows, async (flag, name) => {
  const assistant = await assistantWith(saysYes, flag);
  await expect(assistant.call(name, sampleChanges[name])).rejects.toThrow("There is no tool");
  await assistant.close();
  expect(changesThatArrived()).toEqual([]);
});

it("a purchase is refused unless the operator enabled it", async () => {
  const { args, env } = pointedAt(sandbox);
  const assistant = await startAssistant(args, { env });
  expect(await assistant.failure("CreateCertificate", sampleChanges.CreateCertificate)).toContain(
    "Purchases are not enabled",
  );
  await assistant.close();
  expect(changesThatArrived()).toEqual([]);
});

describe("the question", () => {
  let assistant: Assistant;
  let asked: ElicitRequest["params"] | undefined;
  beforeAll(async () => {
    const person = reads((question) => {
      asked = question;
      return { action: "decline" };
    });
    assistant = await assistantWith(person, "--approve", "elicit");
  });
  afterAll(() => assistant.close());

  async function questionFor(name: string, args: Record<string, unknown>): Promise<ElicitRequest["params"]> {
    asked = undefined;
    await assistant.failure(name, args);
    if (asked === undefined) throw new Error("nobody was asked");
    return asked;
  }

  it("names the cloud, the account, the object, the effect, the warnings and every argument", async () => {
    const { message } = await questionFor("SetCdnDomainSSLCertificate", sampleChanges.SetCdnDomainSSLCertificate ?? {});
    const parts = ["Alibaba Cloud CDN", "LTAI…", "img.example.com", "live domain", "Warning:", "SSLProtocol: off"];
    for (const part of parts) expect(message).toContain(part);
    expect(message).toMatch(/HTTPS: example\.com, \*\.example\.com, expires .* → off/);
  });

  it("shows what is now, read from the cloud, and what will be", async () => {
    const bound = [...sandbox.account.ssl.certificates.values()].find(({ alias }) => alias === "storefront")?.id ?? "";
    const { message } = await questionFor("ModifyCertificateAlias", { CertificateId: bound, Alias: "spring" });
    expect(message).toMatch(/remark: "storefront" → "spring"/);
  });

  it("shows no secret, also where one stands in the current state", async () => {
    const key = "-----BEGIN PRIVATE KEY-----\nMC4CAQAwBQYDK2VwBCIEICanary\n-----END PRIVATE KEY-----";
    const certificate = sandbox.account.ssl.certificates.get(sample.idle);
    if (certificate === undefined) throw new Error("the sandbox has no such certificate");
    const { alias } = certificate;
    certificate.alias = `web ${key}`;
    const { message } = await questionFor("ModifyCertificateAlias", { CertificateId: sample.idle, Alias: "spring" });
    certificate.alias = alias;
    expect(message).not.toContain("Canary");
    expect(message).toMatch(/remark: `"web -*\[sealed\]"` → "spring"/);
  });
});

describe("between the plan and the request", () => {
  it("a state that changes voids the approval, and the reply shows the difference", async () => {
    const certificate = [...sandbox.account.ssl.certificates.values()].find(({ alias }) => alias === "storefront");
    if (certificate === undefined) throw new Error("the sandbox has no such certificate");
    const before = changesThatArrived().length;
    const person = reads(() => {
      certificate.alias = "renamed by somebody else";
      return accept({ approve: true });
    });
    const assistant = await assistantWith(person, "--approve", "elicit");
    const change = { CertificateId: certificate.id, Alias: "spring" };
    const said = await assistant.failure("ModifyCertificateAlias", change);
    await assistant.close();
    expect(said).toContain('was "storefront", is now "renamed by somebody else"');
    expect(changesThatArrived()).toHaveLength(before);
  });
});

describe("the record", () => {
  const audit = (path: string, verb: string) => runCommand(["audit", verb, "--audit-log", path]);
  const newLog = () => join(mkdtempSync(join(tmpdir(), "cc-audit-")), "audit.jsonl");

  it("tells a refused change from one that was carried out", wide, async () => {
    const path = newLog();
    const no = await assistantWith(declining(), "--approve", "elicit", "--audit-log", path);
    await no.failure("ModifyCertificateAlias", sampleChanges.ModifyCertificateAlias);
    await no.close();
    const yes = await assistantWith(saysYes, "--approve", "elicit", "--audit-log", path);
    await yes.call("SetCdnDomainSSLCertificate", sampleChanges.SetCdnDomainSSLCertificate);
    await yes.close();
    expect((await audit(path, "verify")).out).toMatch(/\b6 lines\b/);
    const { out } = await audit(path, "show");
    for (const part of ["ModifyCertificateAlias", "declined", "SetCdnDomainSSLCertificate", "approved"]) {
      expect(out).toContain(part);
    }
  });

  it("survives kill -9 during a call, and says that the request may have left", wide, async () => {
    const path = newLog();
    let arrived = () => {};
    const requested = new Promise<void>((resolve) => {
      arrived = resolve;
    });
    const silent = await startFaultyServer(() => arrived());
    const { args, env } = pointedAt(sandbox);
    // Without the read for the plan, the first request is the change.
    const unread = ["--deny", "DescribeDomainCertificateInfo"];
    const flags = [
      "--approve",
      "elicit",
      "--audit-log",
      path,
      "--endpoint",
      `alibaba-cdn=${silent.url.href}`,
      ...unread,
    ];
    const assistant = await startAssistant([...args, ...flags], { env });
    const call = assistant.call("SetCdnDomainSSLCertificate", sampleChanges.SetCdnDomainSSLCertificate).catch(() => {});
    await requested;
    process.kill(assistant.pid, "SIGKILL");
    await call;
    await silent.close();
    expect((await audit(path, "verify")).out).toMatch(/\b3 lines\b/);
    expect((await audit(path, "show")).out).toContain("may have been sent");
  });

  it("survives kill -9 while a person is asked, and says that nothing was sent", wide, async () => {
    const path = newLog();
    let pid = 0;
    const killer: Person = () => {
      process.kill(pid, "SIGKILL");
      return accept({ approve: true });
    };
    const assistant = await assistantWith(killer, "--approve", "elicit", "--audit-log", path);
    pid = assistant.pid;
    await assistant.call("ModifyCertificateAlias", sampleChanges.ModifyCertificateAlias).catch(() => {});
    expect((await audit(path, "verify")).out).toMatch(/\b1 lines?\b/);
    expect((await audit(path, "show")).out).not.toContain("may have been sent");
  });
});
