import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import type { Client } from "@modelcontextprotocol/sdk/client/index.js";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { pointedAt, startAssistant } from "../support/assistant.js";
import { startIssuer, type TestIssuer } from "../support/issuer.js";
import { usePostgres } from "../support/postgres.js";
import { wide } from "../support/width.js";
import { cannotServe, ThreeServers } from "./three-servers.js";

/** How long the clients call, in minutes; 0: a few times each. `npm run load` is the wide form. */
const minutes = Number(process.env.LOAD_MINUTES ?? 0);
const CLIENTS = minutes > 0 ? 200 : 30;
const CALLS = 4;

/** A client's pause between two calls, in milliseconds. */
const PAUSE = 2_000;

/** Calls a second of the comparison with stdio, and how many. */
const RATE = 20;
const COMPARED = 400;

/** How far resident memory may grow after the first minute. */
const GROWTH = 0.15;

/** How often the clients get a new token, in milliseconds: theirs last ten minutes. */
const NEW_TOKEN = 300_000;

/** Each reads the database or a cloud; the documented rate of an operation is 10 a second. */
const reads = ["list_jobs", "DescribeCertificates", "DescribeCSRSet", "DescribeHostUpdateRecord"];

describe.skipIf(cannotServe && process.env.CI !== "true")("a team's servers", () => {
  const postgres = usePostgres();
  let issuer: TestIssuer;
  let team: ThreeServers;
  let token = "";
  let renewing: NodeJS.Timeout;

  beforeAll(async () => {
    issuer = await startIssuer();
    team = await ThreeServers.start(postgres(), async ({ home }) => {
      const rules = join(home, "rules.yaml");
      writeFileSync(rules, `people: { alice: "${issuer.url}#alice" }\naccess:\n  - { who: [alice], read: ["*"] }\n`);
      return ["--issuer", issuer.url, "--rules", rules];
    });
    const renew = async () => {
      token = await issuer.token(team.endpoint);
    };
    await renew();
    renewing = setInterval(renew, NEW_TOKEN);
  });
  afterAll(async () => {
    clearInterval(renewing);
    await team?.close();
    await issuer?.close();
  });

  const connect = () => team.connect(() => token);
  const explained = async (client: Client, code: string) => {
    const answer = await client.callTool({ name: "explain_error", arguments: { service: "tencent-ssl", code } });
    return answer.isError !== true && JSON.stringify(answer.structuredContent).includes(code);
  };
  const jobs = async (client: Client) => (await client.callTool({ name: "list_jobs", arguments: {} })).isError !== true;

  it(`answer ${CLIENTS} clients at once, each with what it asked for`, {
    ...wide,
    timeout: (minutes + 10) * 60_000,
  }, async () => {
    const codes = ["InternalError", "InvalidParameter", "ResourceNotFound", "UnauthorizedOperation"];
    const end = performance.now() + minutes * 60_000;
    const times: number[] = [];
    const work = async (index: number) => {
      if (minutes > 0) await setTimeout((index / CLIENTS) * PAUSE);
      const client = await connect();
      const own: boolean[] = [];
      for (let call = 0; call < CALLS || performance.now() < end; call += 1) {
        const began = performance.now();
        own.push(call % 2 === 0 ? await jobs(client) : await explained(client, codes[(index + call) % 4] ?? ""));
        times.push(performance.now() - began);
        if (minutes > 0) await setTimeout(PAUSE);
      }
      return own;
    };
    const memory = minutes > 0 ? watchMemory(team, end) : undefined;
    const answers = (await Promise.all(Array.from({ length: CLIENTS }, (_, index) => work(index)))).flat();
    expect(answers.filter((isRight) => !isRight)).toEqual([]);
    for (const { lines } of team.servers) expect(lines.filter((line) => line.includes('"level":"error"'))).toEqual([]);
    if (memory === undefined) return;
    const grown = await memory;
    report([
      ["Clients at once", String(CLIENTS)],
      ["Minutes", String(minutes)],
      ["Calls, all answered", String(times.length)],
      ["A call under load", inMs(times)],
      ["Resident memory of each server after a minute, at the end", grown.map((each) => each.join(" → ")).join("; ")],
    ]);
    for (const [first = 0, last = 0] of grown) expect(last).toBeLessThanOrEqual(first * (1 + GROWTH));
  });

  it.runIf(minutes > 0)("and what they add to a read over stdio", async () => {
    const pointed = pointedAt(team.company.sandbox);
    const { client: stdio, close } = await startAssistant(pointed.args, { env: pointed.env });
    const overStdio = await timesOf(stdio);
    await close();
    const overHttp = await timesOf(await connect());
    report([
      [`A read over stdio at ${RATE} a second`, inMs(overStdio)],
      ["The same over nginx, HTTP, with a JWT and a database", inMs(overHttp)],
    ]);
    expect([overStdio.length, overHttp.length]).toEqual([COMPARED, COMPARED]);
  });
});

/** The times of reads at a fixed rate, in milliseconds. */
async function timesOf(client: Client): Promise<number[]> {
  const read = async (count: number) => {
    const began = performance.now();
    const { isError } = await client.callTool({ name: reads[count % reads.length] ?? "", arguments: {} });
    expect(isError).toBeFalsy();
    return performance.now() - began;
  };
  for (let warm = 0; warm < 2 * RATE; warm += 1) {
    await read(warm);
    await setTimeout(1_000 / RATE);
  }
  const running: Promise<number>[] = [];
  for (let count = 0; count < COMPARED; count += 1) {
    running.push(read(count));
    await setTimeout(1_000 / RATE);
  }
  return Promise.all(running);
}

/** Resident memory of each server in MiB: after a minute, and at the end. */
async function watchMemory({ servers }: ThreeServers, end: number): Promise<[number, number][]> {
  const now = () => servers.map(({ pid }) => residentMemory(pid));
  await setTimeout(60_000);
  const first = now();
  await setTimeout(Math.max(0, end - performance.now()));
  return now().map((last, index) => [first[index] ?? 0, last]);
}

function residentMemory(pid: number): number {
  const [, kib = "0"] = /VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, "utf8")) ?? [];
  return Math.round(Number(kib) / 1024);
}

function inMs(taken: readonly number[]): string {
  const sorted = taken.toSorted((a, b) => a - b);
  const at = (share: number) => (sorted[Math.floor(share * (sorted.length - 1))] ?? 0).toFixed(1);
  return `median ${at(0.5)} ms, p95 ${at(0.95)} ms`;
}

function report(rows: readonly (readonly [string, string])[]): void {
  process.stdout.write(`\n| | |\n| --- | --- |\n${rows.map(([what, is]) => `| ${what} | ${is} |\n`).join("")}`);
}
