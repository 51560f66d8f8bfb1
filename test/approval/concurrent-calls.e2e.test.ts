import { afterAll, beforeAll, beforeEach, describe, expect, it, onTestFinished } from "vitest";
import { type Assistant, offeredToken, type Person, pointedAt, startAssistant, textOf } from "../support/assistant.js";
import { startHoldingProxy } from "../support/cloud-proxy.js";
import { Company } from "../support/company.js";
import { FormPerson } from "../support/form-person.js";
import { neededApproval } from "../support/requests.js";
import { ofRows, rows, wide } from "../support/width.js";

/** The same call twice at once: one question, one execution, and the other call is told so. */

let company: Company;
/** Asks in the client's form, at the desk of the test. */
let assistant: Assistant;
let desk: FormPerson;
/** How many requests came before the test. */
let earlier: number;
/** A change of its own for each test. */
let rename: Readonly<Record<string, unknown>>;
let csr: typeof anyCsr;
let number = 0;
let certificateId: string;
beforeAll(async () => {
  company = await Company.open();
  certificateId = company.certificate("storefront");
  assistant = await start(["--approve", "elicit"], (question) => desk.person?.(question) ?? { action: "cancel" });
});
beforeEach(() => {
  desk = new FormPerson();
  earlier = company.sandbox.requests.length;
  number += 1;
  rename = { CertificateId: certificateId, Alias: `twice ${number}` };
  csr = { ...anyCsr, Domain: `new-${number}.example.com` };
});
afterAll(async () => {
  await assistant.close();
  await company.close();
});

const start = (flags: readonly string[], person: Person | null = null) =>
  company.assistant(["--allow-purchases", ...flags], { person });

const changes = () =>
  company.sandbox.requests.slice(earlier).filter((request) => neededApproval(request) && request.outcome === "done");
const purchase = { ProductId: 12, DomainNum: 1, TimeSpan: 1 };
const anyCsr = {
  Domain: "new.example.com",
  Organization: "Example",
  Department: "IT",
  Email: "it@example.com",
  Province: "Singapore",
  City: "Singapore",
  Country: "SG",
  EncryptAlgo: "RSA",
  KeyParameter: "2048",
  Generate: true,
};

/** Two calls whose reply comes once both are answered: what was said to each. */
async function both(one: Promise<{ isError?: boolean | undefined }>, other: typeof one) {
  const replies = await Promise.all([one, other]);
  return {
    done: replies.filter(({ isError }) => isError !== true).length,
    refused: replies.filter(({ isError }) => isError === true).map((reply) => textOf({ content: [], ...reply })),
  };
}

describe("the same call twice", () => {
  it.each([
    ["at the same instant", 0],
    ["while the first form is open", 1],
  ])("%s asks once and is carried out once", async (_when, before) => {
    const first = assistant.call("ModifyCertificateAlias", rename);
    await (before === 1 ? desk.hasBeenAsked(1) : undefined);
    const second = assistant.call("ModifyCertificateAlias", rename);
    await desk.hasBeenAsked(1);
    desk.answer(0, true);
    const { done, refused } = await both(first, second);
    expect([done, desk.messages.length, changes().length]).toEqual([1, 1, 1]);
    expect(refused).toEqual([
      expect.stringMatching(/has been used.*cloud accepted it.*Nothing was sent a second time/),
    ]);
  });

  it("hears one no, both of them", async () => {
    const calls = [1, 2].map(() => assistant.failure("ModifyCertificateAlias", rename));
    await desk.hasBeenAsked(1);
    desk.answer(0, false);
    expect(await Promise.all(calls)).toEqual(Array(2).fill(expect.stringContaining("did not approve")));
    expect([desk.messages.length, changes().length]).toEqual([1, 0]);
  });

  it("asks under one link, three times at once", wide, async () => {
    const assistant = await start(["--approve", "page", "--approval-wait", "1"]);
    onTestFinished(() => assistant.close());
    const said = await Promise.all([1, 2, 3].map(() => assistant.pending("ModifyCertificateAlias", rename)));
    expect(said).toEqual(Array(3).fill(expect.stringContaining("is waiting for approval")));
    expect(assistant.stderr().match(/waits for approval: http/g)).toHaveLength(1);
  });

  it("goes on for the second when the first was taken back", async () => {
    const takenBack = new AbortController();
    const params = { name: "ModifyCertificateAlias", arguments: rename };
    const first = assistant.client.callTool(params, undefined, { signal: takenBack.signal }).catch(() => "taken back");
    const second = assistant.call("ModifyCertificateAlias", rename);
    await desk.hasBeenAsked(1);
    takenBack.abort();
    expect(await first).toBe("taken back");
    // The server has heard of it when it has answered what was sent after it.
    await assistant.call("list_vault");
    desk.answer(0, true);
    expect((await second).isError).not.toBe(true);
    expect([desk.messages.length, changes().length]).toEqual([1, 1]);
  });

  it("shares one approval that came as a token", wide, async () => {
    const assistant = await start(["--approve", "token"]);
    onTestFinished(() => assistant.close());
    const approval = offeredToken(await assistant.call("ModifyCertificateAlias", rename));
    const again = () => assistant.call("ModifyCertificateAlias", { ...rename, approval });
    const { done, refused } = await both(again(), again());
    expect([done, changes().length]).toEqual([1, 1]);
    expect(refused[0]).toContain("has been used");
  });

  it("of a whole job asks once and does it once", wide, async () => {
    const next = await company.issue("next");
    const job = {
      certificate: `file:${next.chain}`,
      private_key: `file:${next.key}`,
      targets: [{ service: "alibaba-cdn", domains: ["img.example.com"] }],
      wait_seconds: 0,
    };
    const calls = [1, 2].map(() => assistant.call("deploy_certificate", job));
    await desk.hasBeenAsked(1);
    desk.answer(0, true);
    const { done, refused } = await both(calls[0] ?? Promise.reject(), calls[1] ?? Promise.reject());
    expect([done, desk.messages.length, changes().length]).toEqual([1, 1, 1]);
    expect(refused[0]).toMatch(/Nothing was sent a second time/);
  });
});

describe("what differs as slips do", () => {
  it.each(
    rows(
      [
        ["members in another order", () => Object.fromEntries(Object.entries(csr).reverse())],
        ["a null for what was left out", () => ({ ...csr, KeyPassword: null })],
        ["a domain in capitals", () => ({ ...csr, Domain: csr.Domain.toUpperCase() })],
      ],
      1,
    ),
  )("%s: is the same call", ofRows, async (_what, again) => {
    const calls = [assistant.call("CreateCSR", csr), assistant.call("CreateCSR", again())] as const;
    await desk.hasBeenAsked(1);
    desk.answer(0, true);
    const { done } = await both(...calls);
    expect([done, desk.messages.length, changes().length]).toEqual([1, 1, 1]);
  });

  it.each(
    rows(
      [
        ["capitals", () => ({ ...csr, Organization: "EXAMPLE" })],
        ["a blank more", () => ({ ...csr, Organization: "Example " })],
      ],
      1,
    ),
  )("%s: waits its turn", ofRows, async (_what, other) => {
    const first = assistant.call("CreateCSR", csr);
    await desk.hasBeenAsked(1);
    expect(await assistant.failure("CreateCSR", other())).toMatch(/differs only in letter case.*Nothing was sent/s);
    desk.answer(0, true);
    await first;
    expect([desk.messages.length, changes().length]).toEqual([1, 1]);
  });
});

describe("a job that is only to be watched for another time", () => {
  const off = { service: "alibaba-cdn", domains: ["img.example.com"], wait_seconds: 0 };

  it("waits for the same answer, and is not asked again after a no", wide, async () => {
    const first = assistant.failure("turn_off_https", off);
    await desk.hasBeenAsked(1);
    const other = { ...off, wait_seconds: 1 };
    const second = assistant.failure("turn_off_https", other);
    desk.answer(0, false);
    expect(await first).toContain("did not approve it");
    expect(await second).toMatch(/did not approve it|nobody was asked/);
    expect(await assistant.failure("turn_off_https", other)).toContain("nobody was asked");
    expect([desk.messages.length, changes().length]).toEqual([1, 0]);
  });
});

describe("a purchase", () => {
  it("twice at once is made once", async () => {
    const calls = [1, 2].map(() => assistant.call("CreateCertificate", purchase));
    await desk.hasBeenAsked(1);
    desk.answer(0, true);
    const { done, refused } = await both(calls[0] ?? Promise.reject(), calls[1] ?? Promise.reject());
    expect([done, desk.messages.length, changes().length]).toEqual([1, 1, 1]);
    expect(refused[0]).toMatch(/cloud accepted it \(request id .*DealIds/);
  });

  it("once more after the first says so before anything else, and which order it was", async () => {
    const first = assistant.result("CreateCertificate", purchase);
    await desk.hasBeenAsked(1);
    desk.answer(0, true);
    const { DealIds } = await first;
    const second = assistant.failure("CreateCertificate", Object.fromEntries(Object.entries(purchase).reverse()));
    await desk.hasBeenAsked(2);
    const warnings = [...(desk.messages[1] ?? "").matchAll(/^Warning: (.*)$/gm)].map(([, said = ""]) => said);
    expect(warnings[0]).toMatch(/^The same purchase was made \d+ seconds? ago\. The cloud accepted it/);
    expect(warnings[0]).toContain(`DealIds ${String(DealIds)}`);
    desk.answer(1, false);
    await second;
    expect(changes()).toHaveLength(1);
  });

  it("that is still being made is not made again, and the second call hears what became of it", wide, async () => {
    const proxy = await startHoldingProxy(company.sandbox.endpoints["tencent-ssl"], "CreateCertificate");
    const { args, env } = pointedAt(company.sandbox);
    const flags = ["--endpoint", `tencent-ssl=${proxy.url}`, "--allow-purchases", "--approve", "elicit"];
    const assistant = await startAssistant([...args, ...flags], { env, person: desk.person });
    onTestFinished(async () => {
      await assistant.close();
      await proxy.close();
    });
    const first = assistant.call("CreateCertificate", purchase);
    await desk.hasBeenAsked(1);
    desk.answer(0, true);
    await proxy.held;
    const second = assistant.call("CreateCertificate", purchase);
    await assistant.call("list_vault");
    proxy.letGo();
    const { done, refused } = await both(first, second);
    expect([done, desk.messages.length, changes().length]).toEqual([1, 1, 1]);
    expect(refused[0]).toContain("Nothing was sent a second time");
  });
});
