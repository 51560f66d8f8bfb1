import { setTimeout } from "node:timers/promises";
import type { AuditSource } from "../../../src/audit/source.js";
import { verifyAudit } from "../../../src/audit/verify.js";
import { altersAccount } from "../../../src/catalogue/operation.js";
import type { Journal } from "../../../src/jobs/journal.js";
import { messageOf } from "../../../src/lib/failure.js";
import { type Assistant, approvesByToken } from "../../support/assistant.js";
import {
  Company,
  domains,
  everywhere,
  type Files,
  type Report,
  referring,
  report,
  until,
} from "../../support/company.js";

/** A deployment to eight targets by a server that is killed at some moment, and what must hold after a second call. */

/** Where these servers remember what they did. */
export interface Memory {
  readonly flags: readonly string[];
  readonly env: Record<string, string>;
  readonly audit: AuditSource;
  readonly journal: Pick<Journal, "list">;
  /** How many jobs there are, readable or not. */
  countJobs(): Promise<number>;
  close(): Promise<void>;
}

export type OpenMemory = (company: Company) => Promise<Memory>;

interface Trial {
  readonly company: Company;
  readonly files: Files;
  readonly args: Record<string, unknown>;
  readonly memory: Memory;
  start(): Promise<Assistant>;
  close(): Promise<void>;
}

async function open(openMemory: OpenMemory): Promise<Trial> {
  const company = await Company.open();
  const files = await company.issue("next");
  const memory = await openMemory(company);
  return {
    company,
    files,
    args: { ...referring(files), targets: everywhere(company) },
    memory,
    start: () => company.assistant([...approvesByToken, ...memory.flags], { hostApproves: true, env: memory.env }),
    close: async () => {
      await memory.close();
      await company.close();
    },
  };
}

/** What a deployment takes that nobody disturbs. */
interface Undisturbed {
  /** Requests to the clouds, in all and before the first that changes something. */
  readonly requests: number;
  readonly reads: number;
  /** Milliseconds from one to the next, on average. */
  readonly between: number;
}

async function undisturbed(openMemory: OpenMemory): Promise<Undisturbed> {
  const trial = await open(openMemory);
  const assistant = await trial.start();
  const begun = performance.now();
  await assistant.result("deploy_certificate", trial.args);
  const took = performance.now() - begun;
  const all = trial.company.sandbox.requests;
  const requests = all.length;
  const reads = all.findIndex(altersAccount);
  await assistant.close();
  await trial.close();
  return { requests, reads, between: took / requests };
}

/**
 * Kills a deployment `ms` after its request number `requests`, has another server carry it out, and says what is then
 * otherwise than it should be.
 */
async function killedAfter(requests: number, ms: number, openMemory: OpenMemory): Promise<string[]> {
  const trial = await open(openMemory);
  const { company, files, args, memory } = trial;
  // The second server was there before the first one died.
  const [killed, again] = await Promise.all([trial.start(), trial.start()]);
  let isOver = false;
  const call = killed
    .call("deploy_certificate", args)
    .catch(() => undefined)
    .finally(() => {
      isOver = true;
    });
  await until(async () => isOver || company.sandbox.requests.length >= requests);
  await setTimeout(ms);
  process.kill(killed.pid, "SIGKILL");
  await call;
  await killed.close();
  const before = company.done();

  const faults: string[] = [];
  const say = (what: string) => faults.push(`killed after ${requests} requests (${before.length} changes): ${what}`);
  const { targets, stopped } = await carriedOut(again, args).catch((error: unknown) => {
    say(messageOf(error));
    return { targets: [], stopped: undefined };
  });
  await again.close();

  if (stopped !== undefined) say(stopped);
  for (const { target, state, says } of targets) {
    if (state !== "served" && state !== "unchanged") say(`${target} is ${state}: ${says}`);
  }
  for (const domain of domains) {
    const served = await company.served(domain);
    if (served.some((leaf) => leaf !== files.sha256)) say(`${domain} does not serve it everywhere`);
  }
  const changes = company.done().filter((line) => !line.startsWith("Up"));
  if (new Set(changes).size !== changes.length) say(`deployed twice: ${changes.join("; ")}`);
  const { certificates, deployments } = company.sandbox.account.ssl;
  if (deployments.size !== 1) say(`${deployments.size} deployment records`);
  const copies = [...certificates.values()].filter(({ material }) => material && isIt(material, files));
  if (copies.length !== 1) say(`uploaded ${copies.length} times`);
  const [readable, written] = [(await memory.journal.list()).length, await memory.countJobs()];
  if (readable !== written || readable !== 1) say(`${readable} of ${written} jobs in the journal can be read`);
  const chain = await verifyAudit(memory.audit);
  if (!chain.ok) say(`the audit chain breaks at line ${chain.line} of ${chain.file}: ${chain.why}`);
  await trial.close();
  return faults;
}

/** A computer that is too busy for a handshake voids an approval before anything is sent: then the call is made again. */
async function carriedOut(assistant: Assistant, args: Record<string, unknown>): Promise<Report> {
  for (;;) {
    try {
      return report.parse(await assistant.result("deploy_certificate", args));
    } catch (error) {
      if (!/did not finish the handshake[\s\S]*Nothing was sent/.test(messageOf(error))) throw error;
    }
  }
}

const isIt = (material: { parsed: { leaf: { fingerprint256: string } } }, { sha256 }: Files) =>
  material.parsed.leaf.fingerprint256.replaceAll(":", "").toLowerCase() === sha256;

/**
 * Kills that many deployments, at random moments spread over one, however busy the computer is: a quarter of them over
 * all of it, the others from its first change on. What was wrong, in words.
 */
export async function killMany(count: number, atOnce: number, openMemory: OpenMemory): Promise<string[]> {
  const whole = await undisturbed(openMemory);
  const moments = Array.from({ length: count }, (_, index) => {
    const from = index % 4 === 0 ? 0 : whole.reads;
    return from + ((index + Math.random()) / count) * (whole.requests - from);
  });
  const faults: string[] = [];
  const worker = async () => {
    for (let moment = moments.pop(); moment !== undefined; moment = moments.pop())
      faults.push(...(await killedAfter(Math.floor(moment), Math.random() * whole.between, openMemory)));
  };
  await Promise.all(Array.from({ length: atOnce }, worker));
  return faults;
}
