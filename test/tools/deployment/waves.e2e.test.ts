import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { z } from "zod";
import { CertificateAuthority } from "../../../src/sandbox/authority.js";
import { plainDomain } from "../../../src/sandbox/delivery.js";
import type { EdgeFault } from "../../../src/sandbox/edge/edge.js";
import { type Assistant, reads } from "../../support/assistant.js";
import { Company, type Files, referring, sha256Of } from "./support.js";

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
let questions: string[];
const running: Assistant[] = [];

async function start(flags: readonly string[] = []): Promise<Assistant> {
  const person = reads(({ message }) => {
    questions.push(message);
    return { action: "accept", content: { approve: true } };
  });
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
  questions = [];
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
  it("are one target, a few and the rest; the person reads which, and is asked once", async () => {
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

  it("prove each target before the next wave is sent", async () => {
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

  it("are not made for three targets, nor where the caller wants none", async () => {
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

  it.each(faults)("%s stops there: 4 of 12 targets were touched", async (_, says, fault) => {
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
