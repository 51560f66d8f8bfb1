import { AsyncLocalStorage } from "node:async_hooks";
import fc from "fast-check";
import { afterAll, expect, it } from "vitest";
import { operations } from "../../../src/catalogue/index.js";
import type { Operation } from "../../../src/catalogue/operation.js";
import { CloudClient } from "../../../src/cloud/cloud-client.js";
import { fixedCredentials } from "../../../src/cloud/credential-source.js";
import { readCredentials } from "../../../src/cloud/credentials.js";
import type { HttpReply, HttpRequest } from "../../../src/cloud/http.js";
import type { Success } from "../../../src/cloud/protocols/protocol.js";
import { Transport } from "../../../src/cloud/transport.js";
import { ToolError } from "../../../src/lib/tool-error.js";
import { type Sandbox, startSandbox } from "../../../src/sandbox/server.js";
import { startFaultyServer } from "../../support/faulty-server.js";
import { sendWith } from "../../support/send.js";
import { isOwn, Judge, type Outcome } from "./judge.js";
import { type Arrival, type Fault, type FaultProxy, faults, startFaultProxies } from "./proxy.js";
import { Stage } from "./stage.js";
import { seedGiven, storyOf } from "./stories.js";

/**
 * Every operation through a proxy that does its worst, all calls of a round through one client at the same time, and each
 * reply held against what the sandbox answered and holds. By default a part; FAULT_CALLS=20000 for all of it.
 */

const CALLS = Number(process.env.FAULT_CALLS ?? 1_280);
const ROUND = 128;
const AT_ONCE = 16;
/** Rounds after which a new sandbox is started, so that what the calls leave behind does not slow it down. */
const ROUNDS_OF_A_SANDBOX = 10;
const TIMEOUT = 600;
/** Huawei Cloud is asked again after a second at the earliest. */
const PATIENT_TIMEOUT = 5_000;
const REPLY_TIMEOUT = 150;
/** For calls whose first try is answered clearly: however busy the machine is, the answer is in time. */
const LONG_TIMEOUT = 300_000;
/** How far past its deadline a call may end on a busy machine, in milliseconds. */
const SLACK = 30_000;

/** A call under way, for the transport that marks its requests. */
interface Call {
  readonly tag: string;
  readonly story: readonly Fault[];
  tries: number;
}
const current = new AsyncLocalStorage<Call>();

/** The real transport; each request says which call it belongs to, in headers that no cloud signs. */
class MarkingTransport extends Transport {
  /** An address at which nobody listens. */
  readonly nowhere: URL;

  constructor(nowhere: URL, replyTimeout: number) {
    super({ connectTimeout: Math.max(replyTimeout, 1_000), bodyTimeout: replyTimeout, maxReplyBytes: 250_000 });
    this.nowhere = nowhere;
  }

  override exchange(request: HttpRequest, signal: AbortSignal, replyTimeout?: number): Promise<HttpReply> {
    const call = current.getStore();
    if (call === undefined) throw new Error("a request of no call");
    const fault = call.story[call.tries] ?? "none";
    call.tries += 1;
    const origin = fault === "refused" ? this.nowhere.origin : request.origin;
    const headers = { ...request.headers, "x-call": call.tag, "x-fault": fault };
    return super.exchange({ ...request, origin, headers }, signal, replyTimeout);
  }
}

const isFault = (text: unknown): text is Fault => faults.some((fault) => fault === text);

/** The same operation without the vendor's rate, which would make the test take half an hour. */
function unlimited<Some extends Operation>(operation: Some): Some {
  const service = { ...operation.service, rate: { calls: AT_ONCE, perSeconds: 0.001, per: "operation" as const } };
  if (operation.effect === "read") return { ...operation, service };
  const { verifyWith } = operation;
  if (verifyWith === undefined) return { ...operation, service };
  const found: typeof verifyWith = (params) => {
    const own = verifyWith(params);
    return own && { ...own, read: unlimited(own.read) };
  };
  return { ...operation, service, verifyWith: found };
}

const judge = new Judge();
const { tally, wrong } = judge;
let counter = 0;

/** One sandbox behind its proxies, and all that came to them. */
class Rig {
  readonly sandbox: Sandbox;
  readonly stage: Stage;
  readonly arrivals: Map<string, Arrival[]>;
  readonly proxies: ReadonlyMap<string, FaultProxy>;
  rounds = 0;

  private constructor({ sandbox, stage, arrivals, proxies }: Pick<Rig, "sandbox" | "stage" | "arrivals" | "proxies">) {
    this.sandbox = sandbox;
    this.stage = stage;
    this.arrivals = arrivals;
    this.proxies = proxies;
  }

  static async open(): Promise<Rig> {
    const sandbox = await startSandbox();
    const arrivals = new Map<string, Arrival[]>();
    const proxies = await startFaultProxies(sandbox, {
      faultFor: ({ headers }) => (isFault(headers["x-fault"]) ? headers["x-fault"] : "none"),
      note: (arrival) => {
        const tag = String(arrival.headers["x-call"]);
        arrivals.set(tag, [...(arrivals.get(tag) ?? []), arrival]);
      },
      oversize: 300_000,
    });
    return new Rig({ sandbox, stage: await Stage.open(sandbox), arrivals, proxies });
  }

  async close(): Promise<void> {
    await Promise.all([...this.proxies.values()].map((proxy) => proxy.close()));
    await this.sandbox.close();
  }

  client(transport: Transport, { timeout, replyTimeout }: Limits): CloudClient {
    return new CloudClient({
      source: fixedCredentials(readCredentials(this.sandbox.env, "/nonexistent")),
      site: "intl",
      regions: {},
      endpoints: Object.fromEntries([...this.proxies].map(([id, { url }]) => [id, url])),
      exclusionOf: () => undefined,
      tencentSignature: "TC3-HMAC-SHA256",
      timeout,
      replyTimeout,
      transport,
      now: () => new Date(),
      elapsed: () => performance.now(),
      nonce: () => crypto.randomUUID().replaceAll("-", ""),
      redact: (text: string) => text,
      pause: async () => {},
      random: () => 0,
      log: () => {},
    });
  }
}

let rig: Promise<Rig> | undefined;
afterAll(async () => (await rig)?.close());

async function rigForRound(): Promise<Rig> {
  const used = await rig;
  if (used !== undefined && used.rounds >= ROUNDS_OF_A_SANDBOX) {
    await used.close();
    rig = undefined;
  }
  rig ??= Rig.open();
  const ready = await rig;
  ready.rounds += 1;
  ready.stage.clear();
  return ready;
}

interface Limits {
  /** Of a whole call, in milliseconds. */
  readonly timeout: number;
  /** Of the wait for one reply, in milliseconds. */
  readonly replyTimeout: number;
}

type Plan = readonly (readonly [Operation, readonly Fault[]])[];

/** A round: sixteen callers, who share their clients, and calls that each takes when it is free. */
async function round(plan: Plan, nowhere: URL): Promise<void> {
  const ground = await rigForRound();
  const hurried = new MarkingTransport(nowhere, REPLY_TIMEOUT);
  const unhurried = new MarkingTransport(nowhere, LONG_TIMEOUT);
  const clients = {
    short: ground.client(hurried, { timeout: TIMEOUT, replyTimeout: REPLY_TIMEOUT }),
    patient: ground.client(hurried, { timeout: PATIENT_TIMEOUT, replyTimeout: REPLY_TIMEOUT }),
    long: ground.client(unhurried, { timeout: LONG_TIMEOUT, replyTimeout: LONG_TIMEOUT }),
  };
  const limitOf = ({ service }: Operation, [first = "none"]: readonly Fault[]) => {
    if (first === "none") return "long";
    return service.cloud === "huawei" ? "patient" : "short";
  };
  const timeouts = { short: TIMEOUT, patient: PATIENT_TIMEOUT, long: LONG_TIMEOUT };
  const left = [...plan];
  const caller = async () => {
    for (let next = left.shift(); next !== undefined; next = left.shift()) {
      const [operation, story] = next;
      const limit = limitOf(operation, story);
      await make(operation, story, clients[limit], timeouts[limit], ground);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, caller));
  await Promise.all([hurried.close(), unhurried.close()]);
}

async function make(operation: Operation, story: readonly Fault[], client: CloudClient, timeout: number, ground: Rig) {
  counter += 1;
  const tag = `c${String(counter).padStart(7, "0")}`;
  const staged = ground.stage.for(operation.name, tag);
  const params = operation.params.parse(staged.params);
  const before = staged.look();
  const call: Call = { tag, story, tries: 0 };
  const begun = performance.now();
  const outcome = await current.run(call, () =>
    sendWith(client, unlimited(operation), params, new AbortController().signal).then(succeeded, failed),
  );
  const took = performance.now() - begun;
  const arrivals = (ground.arrivals.get(tag) ?? []).filter((arrival) => isOwn(operation, arrival));
  ground.arrivals.delete(tag);
  tally.calls += 1;
  if (call.tries > 0) tally.sent += 1;
  if (call.tries > 1) tally.repeated += 1;
  tally.longest = Math.max(tally.longest, Math.round(took));
  const say = (what: string) =>
    wrong.push(`${tag} ${operation.name} through ${story.join(", ") || "nothing"}: ${what}`);
  if (took > timeout + SLACK) say(`ended after ${took.toFixed(0)} ms`);
  judge.tries(operation, params, { arrivals, story, say });
  judge.reply(operation, outcome, { staged, before, after: staged.look(), arrivals, story, tries: call.tries, say });
}

const succeeded = ({ notes }: Success): Outcome => ({ succeeded: true, foundOut: notes !== undefined });
const failed = (error: unknown): Outcome => (error instanceof ToolError ? { failed: error.details } : undefined);

const plans = fc.array(fc.tuple(fc.constantFrom(...operations), storyOf(faults)), {
  minLength: ROUND,
  maxLength: ROUND,
});

it(`tells the truth about each of ${CALLS} calls, ${AT_ONCE} at a time, and repeats nothing that must not be`, async () => {
  const gone = await startFaultyServer(() => {});
  await gone.close();
  const seed = seedGiven();
  const rounds = Math.ceil(CALLS / ROUND);
  for (const plan of fc.sample(plans, { seed, numRuns: rounds })) await round(plan, gone.url);
  process.stdout.write(`seed ${seed}: ${JSON.stringify(tally)}, ${wrong.length} wrong\n`);
  expect(wrong.slice(0, 20)).toEqual([]);
  expect(tally.calls).toBeGreaterThanOrEqual(CALLS);
  // Else its faults were never tried on it.
  expect(operations.map(({ name }) => name).filter((name) => !judge.carriedOut.has(name))).toEqual([]);
}, 900_000);
