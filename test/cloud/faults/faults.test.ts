import fc from "fast-check";
import { expect, it } from "vitest";
import { operations } from "../../../src/catalogue/index.js";
import type { Operation } from "../../../src/catalogue/operation.js";
import { CloudClient } from "../../../src/cloud/client.js";
import { readCredentials } from "../../../src/cloud/credentials.js";
import { retryOf } from "../../../src/cloud/repeat.js";
import { Transport } from "../../../src/cloud/transport.js";
import { Failure } from "../../../src/failure.js";
import { type Sandbox, startSandbox } from "../../../src/sandbox/server.js";
import { sampleChanges } from "../../support/sample-calls.js";
import { type Fault, faults, startFaultProxy } from "./proxy.js";

/**
 * Every operation through a proxy that does its worst, and each reply held against what the cloud really did. By default a
 * part; FAULT_CALLS=20000 for all of it.
 */

const CALLS = Number(process.env.FAULT_CALLS ?? 1_600);
const AT_ONCE = 16;
const TIMEOUT = 150;
/** How far past its deadline a call may end on a busy machine, in milliseconds. */
const SLACK = 5_000;

const vendorOf = (id: string) =>
  id.startsWith("tencent") ? "tencent" : id.startsWith("alibaba") ? "alibaba" : "huawei";

/** Arguments that the clouds accept, where that takes a certificate that is there. */
function argumentsOf({ name }: Operation, sandbox: Sandbox, turn: number): Record<string, unknown> {
  const [id = ""] = sandbox.account.ssl.certificates.keys();
  switch (name) {
    case "ModifyCertificateAlias":
      return { CertificateId: id, Alias: `turn ${turn}` };
    case "ModifyCertificateProject":
      return { CertificateIdList: [id], ProjectId: turn };
    case "CreateCSR":
      return { ...sampleChanges.CreateCSR, EncryptAlgo: "ECC", KeyParameter: "prime256v1", Generate: false };
    case "DescribeCertificate":
    case "DescribeCertificateDetail":
    case "DownloadCertificate":
    case "DescribeHostTeoInstanceList":
      return { CertificateId: id };
    case "CreateCertificateBindResourceSyncTask":
      return { CertificateIds: [id], IsCache: 1 };
    default:
      return sampleChanges[name] ?? {};
  }
}

class Tally {
  calls = 0;
  repeated = 0;
  unknown = 0;
  readonly wrong: string[] = [];
}

/** One caller, and its calls one after the other. */
async function caller(sandbox: Sandbox, plan: readonly (readonly [Operation, readonly Fault[]])[], tally: Tally) {
  let pending: readonly Fault[] = [];
  let forwarded = 0;
  const next = (): Fault => {
    const [fault = "none", ...rest] = pending;
    pending = rest;
    forwarded += 1;
    return fault;
  };
  for (const [turn, [operation, stories]] of plan.entries()) {
    pending = stories;
    forwarded = 0;
    // Both are this call's alone: what a call that was given up sends late must not count for the next one.
    const { id } = operation.service;
    const proxy = await startFaultProxy(sandbox.endpoints[id], vendorOf(id), next);
    const transport = new Transport({ connectTimeout: 1_000, maxReplyBytes: 2_000_000 });
    const client = new CloudClient({
      credentials: readCredentials(sandbox.env, "/nonexistent"),
      site: "intl",
      regions: {},
      endpoints: { [id]: proxy.url },
      tencentSignature: "TC3-HMAC-SHA256",
      timeout: TIMEOUT,
      transport,
      now: () => new Date(),
      nonce: () => crypto.randomUUID().replaceAll("-", ""),
      pause: async () => {},
      random: Math.random,
      log: () => {},
    });
    const parsed = operation.params.safeParse(argumentsOf(operation, sandbox, turn));
    const params = parsed.success ? parsed.data : argumentsOf(operation, sandbox, turn);
    const tag = `AKID-${tally.calls}`;
    const begun = performance.now();
    const outcome = await client.send(operation, params, new AbortController().signal).catch((error: unknown) => error);
    const took = performance.now() - begun;
    tally.calls += 1;
    if (forwarded > 1) tally.repeated += 1;
    const say = (what: string) => tally.wrong.push(`${tag} ${operation.name} through ${stories.join(", ")}: ${what}`);
    if (took > TIMEOUT + SLACK) say(`ended after ${took.toFixed(0)} ms`);
    if (outcome instanceof Failure && outcome.facts.changed === "unknown") tally.unknown += 1;
    check(operation, params, outcome, { forwarded, stories, say });
    await Promise.all([transport.close(), proxy.close()]);
  }
}

/** Faults through which the cloud sees the request. */
const arrives = (fault: Fault | undefined) => fault === undefined || !/before|throttle/.test(fault);

function check(
  operation: Operation,
  params: Record<string, unknown>,
  outcome: unknown,
  { forwarded, stories, say }: { forwarded: number; stories: readonly Fault[]; say(what: string): void },
) {
  const tries = Array.from({ length: forwarded }, (_, index) => stories[index] ?? "none");
  const arrived = tries.filter(arrives).length;
  const retry = retryOf(operation, params);
  if (operation.effect !== "read" && ["never", "look-first"].includes(retry) && arrived > 1) {
    say(`reached the cloud ${arrived} times`);
  }
  if (operation.effect === "purchase" && forwarded > 1 && tries[0] !== "reset before") say("a purchase was repeated");
  if (outcome instanceof Failure) {
    const { changed, code, happened } = outcome.facts;
    // The cloud's own refusal is its word; without one, "no" must mean that nothing arrived.
    if (changed === "no" && operation.effect !== "read" && code === undefined && arrived > 0) {
      say(`"nothing changed", though the cloud saw it: ${happened}`);
    }
    return;
  }
  if (!(typeof outcome === "object" && outcome !== null && "ok" in outcome)) return say(`no answer at all: ${outcome}`);
  if (arrived === 0) say("success, though the cloud never saw it");
}

const story = fc.array(fc.constantFrom(...faults), { minLength: 0, maxLength: 4 });
const plans = fc.array(fc.tuple(fc.constantFrom(...operations), story), {
  minLength: Math.ceil(CALLS / AT_ONCE),
  maxLength: Math.ceil(CALLS / AT_ONCE),
});

it(`tells the truth about each of ${CALLS} calls, ${AT_ONCE} at a time, and repeats nothing that must not be`, async () => {
  const sandbox = await startSandbox({ speed: 600 });
  const tally = new Tally();
  const seed = Number(process.env.FAULT_SEED ?? Date.now() % 1_000_000);
  await Promise.all(fc.sample(plans, { seed, numRuns: AT_ONCE }).map((plan) => caller(sandbox, plan, tally)));
  await sandbox.close();
  process.stdout.write(
    `${tally.calls} calls (seed ${seed}): ${tally.repeated} repeated, ${tally.unknown} of unknown outcome, ${tally.wrong.length} wrong\n`,
  );
  expect(tally.wrong.slice(0, 10)).toEqual([]);
  expect(tally.calls).toBeGreaterThanOrEqual(CALLS);
}, 600_000);
