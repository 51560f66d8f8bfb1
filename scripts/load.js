// A team's server under load, as a Markdown table: CLIENTS clients at once for MINUTES against it, each with a session of
// its own requests, with no error and resident memory flat after the first minute; then what HTTP, tokens and a database
// add to a read over stdio at 20 calls a second, as medians and p95 of one run. Exits with code 0 only without an error.
//
//   npm run load -- [MINUTES] [CLIENTS] [ENDPOINT TOKEN]
//
// Without ENDPOINT it starts a sandbox server itself, with a static token, and on the database that LOAD_DATABASE and
// LOAD_STATE_KEY name, if they do. With ENDPOINT, e.g. a proxy in front of several servers, memory is not looked at.
import { execFileSync, spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { Client } from "@modelcontextprotocol/sdk/client/index.js";
import { StdioClientTransport } from "@modelcontextprotocol/sdk/client/stdio.js";
import { StreamableHTTPClientTransport } from "@modelcontextprotocol/sdk/client/streamableHttp.js";

const [minutes = 10, clients = 200] = process.argv.slice(2, 4).map(Number);
const [, , , , givenEndpoint, givenToken] = process.argv;
/** Calls a second of the comparison, and how many. */
const RATE = 20;
const COMPARED = 400;
/** A client's pause between two calls, in milliseconds. */
const PAUSE = 2_000;
/** How far resident memory may grow after the first minute. */
const GROWTH = 0.15;

const cli = fileURLToPath(new URL("../dist/cli.js", import.meta.url));
const folder = mkdtempSync(join(tmpdir(), "cloudcert-load-"));
const env = { ...process.env, XDG_STATE_HOME: folder };
const say = (text) => process.stdout.write(`${text}\n`);
const database =
  process.env.LOAD_DATABASE === undefined
    ? []
    : ["--database", "env:LOAD_DATABASE", "--state-key", "env:LOAD_STATE_KEY"];

const server = givenEndpoint === undefined ? await startServer() : { endpoint: givenEndpoint, token: givenToken };

const errors = new Map();
const times = [];
const samples = [];
const end = performance.now() + minutes * 60_000;
const watching = watch();
await Promise.all(Array.from({ length: clients }, (_, index) => work(index)));
await watching;
const failed = [...errors.values()].reduce((sum, count) => sum + count, 0);
for (const [what, count] of errors) say(`${count} × ${what}`);

const [first = 0] = samples;
const last = samples.at(-1) ?? 0;
const isFlat = server.pid === undefined || samples.length < 2 || last <= first * (1 + GROWTH);
const overHttp = await compared(await connected());
const overStdio = await compared(await stdio());
say("| | |\n| --- | --- |");
say(`| Clients at once | ${clients} |`);
say(`| Minutes | ${minutes} |`);
say(`| Calls | ${times.length} |`);
say(`| Errors | ${failed} |`);
say(`| Call under load, median, p95 | ${inMs(times)} |`);
if (server.pid !== undefined) say(`| Resident memory after a minute, at the end | ${mib(first)}, ${mib(last)} MiB |`);
say(`| A read over stdio at ${RATE}/s, median, p95 | ${inMs(overStdio)} |`);
say(`| The same over HTTP, with token${database.length > 0 ? " and database" : ""} | ${inMs(overHttp)} |`);
server.child?.kill("SIGTERM");
rmSync(folder, { recursive: true, force: true });
process.exit(failed === 0 && isFlat ? 0 : 1);

async function startServer() {
  const tokens = join(folder, "tokens.json");
  const add = [cli, "tokens", "add", "load", "--tokens", tokens, "--days", "1"];
  const token = execFileSync(process.execPath, add, { encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] }).trim();
  const port = 20_000 + Math.floor(Math.random() * 12_000);
  const limits = ["--rate-limit", "1000000", "--address-rate-limit", "1000000"];
  const args = ["serve", "--http", `127.0.0.1:${port}`, "--sandbox", "--tokens", tokens, ...limits, ...database];
  const child = spawn(process.execPath, [cli, ...args], { env, stdio: ["ignore", "ignore", "pipe"] });
  await new Promise((resolve, reject) => {
    child.stderr.on("data", (chunk) => String(chunk).includes("Server listening") && resolve());
    child.on("exit", (code) => reject(new Error(`the server ended with code ${code}`)));
  });
  return { endpoint: `http://127.0.0.1:${port}/mcp`, token, pid: child.pid, child };
}

async function connected() {
  const client = new Client({ name: "load", version: "1" });
  const requestInit = { headers: { authorization: `Bearer ${server.token}` } };
  await client.connect(new StreamableHTTPClientTransport(new URL(server.endpoint), { requestInit }));
  return client;
}

async function stdio() {
  const client = new Client({ name: "load", version: "1" });
  const args = [cli, "--sandbox"];
  await client.connect(new StdioClientTransport({ command: process.execPath, args, env, stderr: "ignore" }));
  return client;
}

/** One client: it lists the tools, and then reads now and then. */
async function work(index) {
  await setTimeout((index / clients) * PAUSE);
  let client;
  while (performance.now() < end) {
    const began = performance.now();
    try {
      client ??= await connected();
      const { isError } = await client.callTool({
        name: "explain_error",
        arguments: { service: "tencent-ssl", code: "InternalError" },
      });
      if (isError) throw new Error("the call failed");
      times.push(performance.now() - began);
    } catch (error) {
      errors.set(error.message, (errors.get(error.message) ?? 0) + 1);
    }
    await setTimeout(PAUSE);
  }
  await client?.close();
}

/** Resident memory, each ten seconds after the first minute. */
async function watch() {
  if (server.pid === undefined) return;
  await setTimeout(Math.min(60_000, minutes * 30_000));
  while (performance.now() < end) {
    const [, kib = "0"] = /VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${server.pid}/status`, "utf8")) ?? [];
    samples.push(Number(kib) / 1024);
    await setTimeout(Math.min(10_000, minutes * 10_000));
  }
}

/** The times of reads at a fixed rate. */
async function compared(client) {
  const read = () =>
    client.callTool({ name: "explain_error", arguments: { service: "tencent-ssl", code: "InternalError" } });
  for (let warm = 0; warm < 40; warm += 1) await read();
  const taken = [];
  const running = [];
  for (let count = 0; count < COMPARED; count += 1) {
    const began = performance.now();
    running.push(read().then(() => taken.push(performance.now() - began)));
    await setTimeout(1_000 / RATE);
  }
  await Promise.all(running);
  await client.close();
  return taken;
}

function inMs(taken) {
  const sorted = taken.toSorted((a, b) => a - b);
  const at = (share) => (sorted[Math.floor(share * (sorted.length - 1))] ?? 0).toFixed(1);
  return `${at(0.5)} ms, ${at(0.95)} ms`;
}

function mib(value) {
  return value.toFixed(0);
}
