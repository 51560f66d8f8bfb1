import { writeFileSync } from "node:fs";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { z } from "zod";
import type { Job } from "../../../src/jobs/job.js";
import { CertificateAuthority } from "../../../src/sandbox/authority.js";
import { domainServing, plainDomain } from "../../../src/sandbox/delivery.js";
import type { EdgeFault } from "../../../src/sandbox/edge/edge.js";
import { type Assistant, approving, offeredToken } from "../../support/assistant.js";
import { Company, type Files, referring, report, sha256Of, until } from "../../support/company.js";
import { ofRows, rows, wide } from "../../support/width.js";

/** What a bad wave touches, and what it does not: counted at the clouds, not in the program's words. */

/** Twelve domains go in waves of one, three and eight. */
const twelve = Array.from({ length: 12 }, (_, index) => `d${String(index + 1).padStart(2, "0")}.example.com`);
const [first = "", , third = ""] = twelve;

const reply = z
  .object({
    job: z.string(),
    summary: z.string(),
    stopped: z.string().optional(),
    targets: z.array(
      z.object({ target: z.string(), state: z.string(), wave: z.number().optional(), says: z.string().optional() }),
    ),
    next: z.string(),
  })
  .passthrough();

let company: Company;
let next: Files;
let assistant: Assistant;
const questions: string[] = [];
const running: Assistant[] = [];

async function start(flags: readonly string[] = []): Promise<Assistant> {
  const person = approving(questions);
  const started = await company.assistant(["--approve", "elicit", ...flags], { person });
  running.push(started);
  return started;
}

/** So fast that whatever a cloud accepted is at its edge at the first look. */
const speed = 1_000_000;

beforeEach(async () => {
  company = await Company.open({ speed });
  for (const name of twelve) company.sandbox.account.cdn.set(name, plainDomain(name, new Date(0)));
  next = await company.issue("next");
  questions.length = 0;
  assistant = await start();
});
afterEach(async () => {
  for (const each of running.splice(0)) await each.close();
  await company.close();
});

/** A bad wave is given up after this time; a good one needs one look. */
const wait_seconds = 2;
const onCdn = (names: readonly string[] = twelve) => ({
  ...referring(next),
  targets: [{ service: "alibaba-cdn", domains: names }],
  wait_seconds,
});
const deploy = async (args: Record<string, unknown> = onCdn(), by = assistant) =>
  reply.parse(await by.result("deploy_certificate", args));
/** The domains that a change reached, in order. */
const touched = () => company.done().map((line) => line.split(" ")[1]);
const inWave = (number: number) => ({ 1: twelve.slice(0, 1), 2: twelve.slice(1, 4), 3: twelve.slice(4) })[number] ?? [];

/** Takes effect once the new certificate is at the edge. */
const onceThere =
  (fault: EdgeFault): EdgeFault =>
  (pairs, place) =>
    pairs.some(({ certificatePem }) => sha256Of(certificatePem) === next.sha256) ? fault(pairs, place) : pairs;

const leafOf = (pem: string) => `${pem.split("-----END CERTIFICATE-----")[0]}-----END CERTIFICATE-----\n`;

describe("waves without a fault", () => {
  it("are one target, a few and the rest; the person reads which, and is asked once", wide, async () => {
    const told = await deploy();
    expect(questions).toHaveLength(1);
    expect(questions[0]).toContain("on 12 targets, in waves of 1, 3, 8?");
    for (const number of [1, 2, 3]) {
      for (const name of inWave(number)) {
        expect(questions[0]).toMatch(new RegExp(`CDN domain ${name}, HTTPS: .*\\(wave ${number} of 3\\)`));
      }
    }
    expect(touched()).toEqual(twelve);
    expect(told.summary).toBe("12 served");
    expect(told.stopped).toBeUndefined();
  });

  it("prove each target before the next wave is sent", wide, async () => {
    const seen: string[][] = [];
    for (const name of twelve) {
      company.sandbox.edge.faults.set(name, (pairs) => {
        if (pairs.length > 0) seen.push([name, ...touched().flatMap((each) => each ?? [])]);
        return pairs;
      });
    }
    await deploy();
    const touchedWhenSeen = (name: string) => seen.filter(([of]) => of === name).map((each) => each.length - 1);
    expect(Math.min(...touchedWhenSeen(first))).toBe(1);
    for (const name of inWave(2)) expect([name, Math.min(...touchedWhenSeen(name))]).toEqual([name, 4]);
  });

  it("are approved with the time in which each has to be proven, and with no other", async () => {
    const byToken = await company.assistant(["--approve", "token"], { person: null });
    running.push(byToken);
    const asked = await byToken.call("deploy_certificate", onCdn());
    expect(JSON.stringify(asked.structuredContent)).toContain(`["wait_seconds","${wait_seconds}"]`);
    const other = { ...onCdn(), wait_seconds: 600, approval: offeredToken(asked) };
    expect(await byToken.failure("deploy_certificate", other)).toContain("other arguments");
    expect(touched()).toEqual([]);
  });

  it("are not made for three targets, nor where the caller wants none", wide, async () => {
    expect((await deploy(onCdn(twelve.slice(0, 3)))).targets.every(({ wave }) => wave === undefined)).toBe(true);
    expect(questions[0]).not.toContain("wave");
    company.sandbox.edge.faults.set(
      third,
      onceThere(() => "silence"),
    );
    await deploy({ ...onCdn(twelve.slice(3)), waves: false });
    expect(questions[1]).toContain("All 9 targets are sent at once, not in waves");
    expect(touched()).toEqual(twelve);
  });
});

describe("a bad second wave", () => {
  const authorities = CertificateAuthority.create(new Date());
  const faults: readonly [what: string, says: RegExp, (foreign: CertificateAuthority) => EdgeFault][] = [
    [
      "that serves a chain that no client trusts",
      /without its intermediate/,
      (foreign) => (pairs) =>
        pairs.map((pair) => ({ ...pair, certificatePem: leafOf(pair.certificatePem) + foreign.intermediatePem })),
    ],
    [
      "that serves it without its intermediate",
      /without/,
      () => (pairs) => pairs.map((pair) => ({ ...pair, certificatePem: leafOf(pair.certificatePem) })),
    ],
    ["that serves another certificate", /another certificate/, () => () => other],
    ["that serves another certificate at one address", /1 of 2/, () => (pairs, place) => (place === 1 ? other : pairs)],
    ["that serves none", /no certificate/i, () => () => []],
    ["that does not answer", /0 of 0/, () => () => "silence"],
    [
      "of which an address does not answer any more",
      /answered before, and does not now/,
      () => (pairs, place) => (place === 1 ? "silence" : pairs),
    ],
  ];
  let other: { certificatePem: string; privateKeyPem: string }[];
  beforeEach(async () => {
    const made = await company.sandbox.account.authority.issue({
      names: ["*.example.com"],
      key: "EC-P256",
      notBefore: new Date(0),
      notAfter: new Date(Date.now() + 86_400_000),
    });
    other = [made];
  });

  it.each(rows(faults, 1))("%s stops there: 4 of 12 targets were touched", ofRows, async (_, says, fault) => {
    company.sandbox.edge.faults.set(third, onceThere(fault(await authorities)));
    const told = await deploy();
    expect(touched()).toEqual(twelve.slice(0, 4));
    expect(told.stopped).toContain(`Nothing was sent after wave 2 of 3: CDN domain ${third} was not proven`);
    expect(told.stopped).toMatch(says);
    expect(told.targets.map(({ state }) => state).slice(4)).toEqual(Array(8).fill("not attempted"));
    expect(told.summary).toContain("8 not attempted");
    for (const name of twelve.slice(4)) expect(await company.served(name)).toEqual([undefined, undefined, undefined]);
  });
});

it("a certificate that no client trusts stops at the first target", wide, async () => {
  const foreign = await CertificateAuthority.create(new Date());
  const issued = await foreign.issue({
    names: ["*.example.com"],
    key: "EC-P256",
    notBefore: new Date(0),
    notAfter: new Date(Date.now() + 90 * 86_400_000),
  });
  writeFileSync(next.chain, issued.certificatePem);
  writeFileSync(next.key, issued.privateKeyPem);
  const told = await deploy();
  expect(touched()).toEqual([first]);
  expect(told.stopped).toMatch(/Nothing was sent after wave 1 of 3: .* not trusted: /);
});

/** Keeps the new certificate from the edge of a domain until it is let go. */
function hold(name: string): { letGo: () => void } {
  company.sandbox.edge.faults.set(
    name,
    onceThere(() => []),
  );
  return { letGo: () => void company.sandbox.edge.faults.delete(name) };
}

const reached = (count: number) => until(async () => touched().length >= count);
const job = async (): Promise<Job | undefined> => (await company.journal.list())[0];
const left = () => until(async () => (await job())?.owner === undefined);
const patiently = (names?: readonly string[]) => ({ ...onCdn(names), wait_seconds: 600 });

/** Kills the server once so many changes of its deployment have reached a cloud. */
async function killedOnceReached(changes: number): Promise<void> {
  const call = assistant.call("deploy_certificate", patiently()).catch(() => undefined);
  await reached(changes);
  process.kill(assistant.pid, "SIGKILL");
  await call;
}

describe("the same call after a stop", () => {
  it("sends nothing while what was sent is not proven, and goes on once it is", wide, async () => {
    const { letGo } = hold(third);
    await deploy();
    const again = await deploy();
    expect(questions[1]).toContain("Sent before and not proven yet: 1.");
    expect(again.stopped).toContain(`CDN domain ${third} was not proven`);
    expect(touched()).toEqual(twelve.slice(0, 4));
    letGo();
    const told = await deploy();
    expect(told.stopped).toBeUndefined();
    expect(touched()).toEqual(twelve);
    expect(told.targets.every(({ state }) => state === "served")).toBe(true);
    expect(questions[2]).toMatch(new RegExp(`${twelve[4]}, HTTPS: .*\\(wave 3 of 3\\)`));
  });

  it("after a kill between waves asks again, proves the second wave, and sends the third", wide, async () => {
    const { letGo } = hold(third);
    await killedOnceReached(4);
    expect(touched()).toEqual(twelve.slice(0, 4));
    const second = await start();
    expect((await deploy(onCdn(), second)).stopped).toContain(third);
    expect(touched()).toEqual(twelve.slice(0, 4));
    letGo();
    await deploy(onCdn(), second);
    expect(touched()).toEqual(twelve);
    expect(questions).toHaveLength(3);
    expect(await company.journal.list()).toHaveLength(1);
  });

  it("after a kill between the journal and the request sends what never arrived", wide, async () => {
    const { letGo } = hold(first);
    await killedOnceReached(1);
    const killed = await job();
    if (killed === undefined) throw new Error("the journal has no job");
    // No kill can be timed into this instant from outside: the journal is put as it is then.
    await company.journal.save({
      ...killed,
      targets: killed.targets.map((each) =>
        each.domain === third ? { ...each, state: "sending", sentAt: new Date().toISOString() } : each,
      ),
    });
    letGo();
    const told = await deploy(onCdn(), await start());
    expect(told.stopped).toBeUndefined();
    expect(touched()).toEqual(twelve);
    expect(told.targets.every(({ state }) => state === "served")).toBe(true);
  });
});

it("roll_back puts back what a stopped deployment did, in one plan", wide, async () => {
  hold(third);
  const stopped = await deploy();
  company.sandbox.edge.faults.clear();
  const told = report.parse(await assistant.result("roll_back", { job: stopped.job }));
  expect(questions).toHaveLength(2);
  expect(questions[1]).toContain("on 4 targets?");
  expect(told.targets.map(({ state }) => state)).toEqual(Array(4).fill("put back"));
  expect(touched().slice(4)).toEqual(twelve.slice(0, 4));
  for (const name of twelve) expect(await company.served(name)).toEqual([undefined, undefined, undefined]);
});

describe("a target that the cloud refuses", () => {
  const absent = "absent.example.com";
  const withAbsent = { ...onCdnOf([absent, ...twelve.slice(0, 5)]) };
  function onCdnOf(names: readonly string[]) {
    return { targets: [{ service: "alibaba-cdn", domains: names }], wait_seconds };
  }
  const unlisted = ["--deny", "DescribeUserDomains"];

  it("in the first wave stops it: no target was touched", wide, async () => {
    const told = await deploy({ ...referring(next), ...withAbsent }, await start(unlisted));
    expect(touched()).toEqual([]);
    expect(told.summary).toBe("1 failed, 5 not attempted");
  });

  it("is passed over if the caller says so; then one target goes alone before the rest", wide, async () => {
    const { letGo } = hold(first);
    const args = { ...referring(next), ...withAbsent, on_failure: "continue" };
    const by = await start(unlisted);
    expect((await deploy(args, by)).stopped).toContain(first);
    expect(touched()).toEqual([first]);
    letGo();
    const told = await deploy(args, by);
    expect(told.summary).toContain("5 served");
    expect(touched()).toEqual(twelve.slice(0, 5));
  });
});

it("an operation of the last wave that the policy excludes is said before anything is sent", wide, async () => {
  const by = await start(["--deny", "UpdateDomainHttpsCert"]);
  const args = onCdn(twelve.slice(0, 4));
  const live = { service: "huawei-live", domains: ["play.example.com"], force_redirect: false };
  expect(await by.failure("deploy_certificate", { ...args, targets: [...args.targets, live] })).toContain(
    "UpdateDomainHttpsCert",
  );
  expect([questions, touched()]).toEqual([[], []]);
});

it("what cannot be looked at goes after everything else is proven, and the plan names it", wide, async () => {
  const by = await start(["--edge-domains", "d0*.example.com"]);
  const told = await deploy(onCdn(["d10.example.com", "d01.example.com", "d02.example.com", "d03.example.com"]), by);
  expect(questions[0]).toContain(
    "Cannot be looked at from here, so sent last, once everything else is proven: CDN domain d10.example.com.",
  );
  expect(touched().at(-1)).toBe("d10.example.com");
  expect(told.targets.map(({ state }) => state)).toEqual(["served", "served", "served", "accepted"]);
});

it("a target that somebody else changes meanwhile is not sent", wide, async () => {
  const { letGo } = hold(first);
  const told = deploy(patiently());
  await reached(1);
  const other = await company.sandbox.account.authority.issue({
    names: [third],
    key: "EC-P256",
    notBefore: new Date(0),
    notAfter: new Date(Date.now() + 86_400_000),
  });
  company.sandbox.account.cdn.set(third, domainServing(other, third, company.sandbox.account.clock.now()));
  letGo();
  expect((await told).stopped).toContain(
    `Nothing of wave 2 of 3 was sent: CDN domain ${third} no longer serves what it did`,
  );
  expect(touched()).toEqual([first]);
});

describe("a job that outlives its call", () => {
  it("goes on, is followed by wait_for, and the same call has its result without a question", wide, async () => {
    const by = await start(["--call-time", "5"]);
    const { letGo } = hold(third);
    const standing = z.object({ state: z.string(), job: z.string().optional() }).passthrough();
    let job: string | undefined;
    while (job === undefined) {
      const { structuredContent } = await by.call("deploy_certificate", patiently());
      job = standing.parse(structuredContent).job;
    }
    const seen = await by.result("wait_for", { what: "deployment", id: job, timeout_seconds: 1 });
    expect(seen).toMatchObject({ state: "still running" });
    letGo();
    let told: z.output<typeof reply> | undefined;
    while (told?.summary === undefined) {
      const { structuredContent } = await by.call("deploy_certificate", patiently());
      const parsed = reply.safeParse(structuredContent);
      told = parsed.success ? parsed.data : undefined;
    }
    expect(told.job).toBe(job);
    expect(questions).toHaveLength(1);
    expect(touched()).toEqual(twelve);
  });

  it("sends nothing more once its call is cancelled", wide, async () => {
    const { letGo } = hold(third);
    const cancel = new AbortController();
    const args = { name: "deploy_certificate", arguments: patiently() };
    const call = assistant.client.callTool(args, undefined, { signal: cancel.signal }).catch(() => undefined);
    await reached(4);
    cancel.abort();
    await call;
    await left();
    letGo();
    expect(touched()).toEqual(twelve.slice(0, 4));
    expect((await job())?.targets.map(({ state }) => state).slice(4)).toEqual(Array(8).fill("pending"));
  });

  it("sends nothing more once the server is told to stop", wide, async () => {
    const { letGo } = hold(third);
    const call = assistant.call("deploy_certificate", patiently()).catch(() => undefined);
    await reached(4);
    await assistant.close();
    await call;
    letGo();
    expect(touched()).toEqual(twelve.slice(0, 4));
    expect((await job())?.owner).toBeUndefined();
  });
});
