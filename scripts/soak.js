// Runs the server over stdio against a separate sandbox process, with mixed calls for MINUTES (30) at RATE (5) per
// second: is its resident memory at the end within 10% of that after the first two minutes, and is the number of file
// descriptors flat? Memory that V8 has not collected yet varies by tens of MiB, so both are printed: resident memory,
// and memory after a collection, which the verdict uses. Prints a line per minute and a verdict; exits with code 0 only
// if both hold. Linux only: it reads /proc.
//
//   npm run soak -- [MINUTES] [RATE]
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { setTimeout } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { Client } from "@modelcontextprotocol/sdk/client/index.js";
import { StdioClientTransport } from "@modelcontextprotocol/sdk/client/stdio.js";
import { WebSocket } from "undici";
import { CertificateAuthority } from "../build/src/sandbox/authority.js";

const [minutes = 30, rate = 5] = process.argv.slice(2).map(Number);
/** Concurrent callers. */
const WORKERS = 4;
/** Growth of resident memory that still counts as flat. */
const GROWTH = 0.1;
/** Tolerance for connections that are open at the moment of a sample; a leak exceeds it within minutes. */
const LOOSE_DESCRIPTORS = 8;

const cli = fileURLToPath(new URL("../dist/cli.js", import.meta.url));
const folder = mkdtempSync(join(tmpdir(), "cloudcert-soak-"));
const say = (text) => process.stdout.write(`${text}\n`);

const sandbox = spawn(process.execPath, [cli, "sandbox", "--sandbox-speed", "600"], {
  stdio: ["ignore", "pipe", "inherit"],
});
const [line] = await once(createInterface({ input: sandbox.stdout }), "line");
const { endpoints, env, edge } = JSON.parse(line);

const certificates = await issue();
const transport = new StdioClientTransport({
  command: process.execPath,
  args: [
    "--inspect=127.0.0.1:0",
    cli,
    ...Object.entries(endpoints).flatMap(([id, address]) => ["--endpoint", `${id}=${address}`]),
    ...edge.flatMap((address) => ["--edge", address]),
    ...["--approve", "token", "--token-for-destructive", "--allow-purchases", "--files", folder],
    ...["--audit-log", join(folder, "audit.jsonl"), "--jobs", join(folder, "jobs")],
  ],
  env: { PATH: process.env.PATH ?? "", HOME: folder, ...env },
  stderr: "pipe",
});
let stderr = "";
transport.stderr?.on("data", (chunk) => {
  stderr += chunk;
});
const client = new Client({ name: "soak", version: "1" });
await client.connect(transport);

/** Certificates with their keys as files, to be uploaded, deployed and deleted repeatedly. */
async function issue() {
  const now = new Date();
  const authority = await CertificateAuthority.create(now);
  const issued = [];
  for (let number = 0; number < 4; number += 1) {
    const one = await authority.issue({
      names: ["example.com", "*.example.com"],
      notBefore: now,
      notAfter: new Date(now.getTime() + 90 * 24 * 3600_000),
      key: "EC-P256",
    });
    const [certificate, key] = [join(folder, `${number}.crt`), join(folder, `${number}.key`)];
    writeFileSync(certificate, one.certificatePem);
    writeFileSync(key, one.privateKeyPem, { mode: 0o600 });
    issued.push({ certificate: `file:${certificate}`, key: `file:${key}` });
  }
  return issued;
}

let turn = 0;
const counts = { answered: 0, refused: 0, cancelled: 0 };
const refusals = new Map();
/** @param outcome {"answered" | "refused" | "cancelled"} */
const count = (outcome) => {
  counts[outcome] += 1;
};
const pick = (list) => list[turn % list.length];

/** A call as made by a host that asks its person, who says yes. */
async function call(name, args = {}) {
  const reply = await client.callTool({ name, arguments: args });
  const token = reply.structuredContent?.approval?.token;
  const last = token === undefined ? reply : await client.callTool({ name, arguments: { ...args, approval: token } });
  count(last.isError ? "refused" : "answered");
  if (last.isError) refusals.set(name, (refusals.get(name) ?? 0) + 1);
  return last.structuredContent ?? {};
}

async function anyId() {
  const { Certificates = [] } = await call("DescribeCertificates", { Limit: 20 });
  return pick(Certificates)?.CertificateId;
}

const work = [
  () => call("DescribeCertificates", { detail: "full" }),
  async () => call("DescribeCertificateDetail", { CertificateId: await anyId() }),
  async () => call("DescribeCertificate", { CertificateId: await anyId() }),
  async () => call("DownloadCertificate", { CertificateId: await anyId() }),
  async () => call("ModifyCertificateAlias", { CertificateId: await anyId(), Alias: `soak ${turn}` }),
  () => call("DescribeCertificateOperateLogs"),
  () => call("find_certificates", { with_bindings: turn % 3 === 0 }),
  () => call("check_served_certificate", { domains: ["www.example.com", "img.example.com"] }),
  () => call("inspect_certificate", { certificate: pick(certificates).certificate }),
  () => call("explain_error", { code: "FailedOperation.CertificateNotFound" }),
  () => call("list_vault"),
  () => call("list_jobs"),
  async () => {
    const { certificate, key } = pick(certificates);
    const pair = { CertificatePublicKey: certificate, CertificatePrivateKey: key, Repeatable: true };
    const { CertificateId } = await call("UploadCertificate", pair);
    if (CertificateId !== undefined) await call("DeleteCertificate", { CertificateId });
  },
  () => {
    const { certificate, key } = pick(certificates);
    const names = {
      DomainName: "img.example.com",
      SSLProtocol: "on",
      CertType: "upload",
      CertName: `soak-${turn}`,
    };
    return call("SetCdnDomainSSLCertificate", { ...names, SSLPub: certificate, SSLPri: key });
  },
  // Invalid calls: arguments, an id, a tool, a reference.
  () => call("DescribeCertificateDetail", { Certificate: 1 }),
  () => call("DescribeCertificateDetail", { CertificateId: "nosuchid" }),
  () => client.callTool({ name: "NoSuchTool" }).catch(() => count("refused")),
  () => call("UploadCertificate", { CertificatePublicKey: "file:/etc/hostname" }),
  () => client.readResource({ uri: "cloudcert://operations/UploadCertificate" }),
  () => client.listResources(),
  () => client.getPrompt({ name: "rotate_certificate", arguments: { certificate: "abcd1234" } }),
  async () => {
    const cancellation = new AbortController();
    const pending = client.callTool({ name: "find_certificates" }, undefined, { signal: cancellation.signal });
    await setTimeout(turn % 40);
    cancellation.abort();
    await pending.catch(() => count("cancelled"));
  },
  // Now and then a whole job, which the journal keeps on disk.
  () => {
    if (turn % 10 !== 0) return call("list_jobs", { limit: 1 });
    const { certificate, key } = pick(certificates);
    const targets = [{ service: "alibaba-cdn", domains: ["img.example.com"] }];
    return call("deploy_certificate", { certificate, private_key: key, targets, wait_seconds: 1 });
  },
];

const started = performance.now();
const ends = started + minutes * 60_000;

async function caller() {
  while (performance.now() < ends) {
    const next = work[turn % work.length];
    turn += 1;
    const due = setTimeout((WORKERS * 1000) / rate);
    await next();
    await due;
  }
}

const proc = (file) => `/proc/${transport.pid}/${file}`;
const residentMiB = () => Number(/VmRSS:\s+(\d+)/.exec(readFileSync(proc("status"), "utf8"))?.[1]) / 1024;
const descriptors = () => readdirSync(proc("fd")).length;
const median = (numbers) => [...numbers].sort((one, other) => one - other)[Math.floor(numbers.length / 2)];

/** Triggers a garbage collection through the server's debugger. */
async function collect() {
  const socket = new WebSocket(/Debugger listening on (\S+)/.exec(stderr)?.[1] ?? "");
  await once(socket, "open");
  for (const [id, method] of ["HeapProfiler.enable", "HeapProfiler.collectGarbage", "HeapProfiler.disable"].entries()) {
    socket.send(JSON.stringify({ id, method }));
    await once(socket, "message");
  }
  socket.close();
}

/** The medians of a minute: a single sample would catch a collection or a burst. */
async function minute(number) {
  const [memory, files] = [[], []];
  for (let second = 0; second < 60; second += 1) {
    await setTimeout(Math.max(0, started + ((number - 1) * 60 + second + 1) * 1000 - performance.now()));
    memory.push(residentMiB());
    files.push(descriptors());
  }
  const seen = { memory: median(memory), files: median(files), most: Math.max(...files) };
  const { answered, refused, cancelled } = counts;
  say(
    `minute ${String(number).padStart(2)}: ${seen.memory.toFixed(1)} MiB resident, ${seen.files} descriptors ` +
      `(at most ${seen.most}); ${answered} answered, ${refused} refused, ${cancelled} cancelled`,
  );
  return seen;
}

/** The baseline is pending after two minutes, or at the end of a shorter run. */
const baseMinute = Math.min(2, minutes);

async function measure() {
  const seen = [];
  for (let number = 1; number <= minutes; number += 1) {
    const found = await minute(number);
    if (number === baseMinute || number === minutes) {
      await collect();
      found.kept = residentMiB();
    }
    seen.push(found);
  }
  return seen;
}

try {
  const [seen] = await Promise.all([measure(), ...Array.from({ length: WORKERS }, caller)]);
  const base = seen[baseMinute - 1];
  const last = seen.at(-1);
  const growth = (member) => last[member] / base[member] - 1;
  const more = last.files - base.files;
  const flat = growth("kept") <= GROWTH && more <= LOOSE_DESCRIPTORS;
  const grown = (member) =>
    `${base[member].toFixed(1)} → ${last[member].toFixed(1)} MiB (${(growth(member) * 100).toFixed(1)}%)`;
  say(
    `${flat ? "flat" : "NOT FLAT"}: memory ${grown("kept")} after a collection, ${grown("memory")} as it is, ` +
      `descriptors ${base.files} → ${last.files}`,
  );
  say(`refused: ${[...refusals].map(([name, times]) => `${name} ${times}`).join(", ")}`);
  const serverLog = stderr.replace(/^(Debugger|For help|Starting inspector).*\n/gm, "");
  if (serverLog !== "") say(`the server's stderr:\n${serverLog.slice(0, 2_000)}`);
  process.exitCode = flat ? 0 : 1;
} finally {
  await client.close();
  sandbox.kill();
  rmSync(folder, { recursive: true, force: true });
}
