import { execFileSync } from "node:child_process";
import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { Client } from "@modelcontextprotocol/sdk/client/index.js";
import { StdioClientTransport } from "@modelcontextprotocol/sdk/client/stdio.js";
import { CallToolResultSchema, ElicitRequestSchema } from "@modelcontextprotocol/sdk/types.js";
import { z } from "zod";
import { CertificateAuthority } from "../sandbox/authority.js";
import { parseCertificate } from "../sandbox/certificate.js";

/**
 * A session as an assistant and a person would have it: the real server in a child process, over stdio, on the
 * sandbox. Ends with code 0 only if the clouds hold in the end what the story says.
 */

/** How long the person takes over a question, in milliseconds. */
const READING_TIME = 400;

const zone = "zone-sandboxdemo";
const host = "www.example.com";
const cdnDomain = "img.example.com";

const say = (text = "") => process.stdout.write(`${text}\n`);
const heading = (text: string) => say(`\n── ${text}`);

/** What the person at the keyboard says to the next question. */
let personSays: "yes" | "no" = "yes";

const cli = fileURLToPath(new URL("../cli.js", import.meta.url));
const folder = mkdtempSync(join(tmpdir(), "cloudcert-demo-"));
const auditLog = join(folder, "audit.jsonl");
const transport = new StdioClientTransport({
  command: process.execPath,
  args: [cli, "--sandbox", "--sandbox-speed", "60", "--approve", "elicit", "--audit-log", auditLog, "--files", folder],
  stderr: "pipe",
});
const client = new Client({ name: "demo", version: "1" }, { capabilities: { elicitation: {} } });
client.setRequestHandler(ElicitRequestSchema, async ({ params }) => {
  say("   the person is asked:");
  for (const line of params.message.split("\n").filter((text) => text !== "")) say(`   │ ${line}`);
  // An answer that comes faster than a person reads is not taken for one.
  await setTimeout(READING_TIME);
  say(`   └ the person says: ${personSays}`);
  return personSays === "yes" ? { action: "accept", content: { approve: true } } : { action: "decline" };
});

/** The address at which the sandbox shows what it holds; the server tells the person, on stderr, never the model. */
const stateAddress = new Promise<string>((resolve) => {
  let said = "";
  transport.stderr?.on("data", (chunk: Buffer) => {
    said += chunk.toString();
    const address = /http:\S+\/state/.exec(said)?.[0];
    if (address !== undefined) resolve(address);
  });
});

async function call<Schema extends z.ZodTypeAny>(
  name: string,
  args: Record<string, unknown>,
  schema: Schema,
): Promise<z.output<Schema>> {
  const reply = await tryCall(name, args);
  if (reply.isError) throw new Error(`${name} failed: ${JSON.stringify(reply.content)}`);
  return schema.parse(reply.structuredContent);
}

async function tryCall(name: string, args: Record<string, unknown>) {
  say(`   the assistant calls ${name}`);
  return CallToolResultSchema.parse(await client.callTool({ name, arguments: args }));
}

const accepted = z.object({ RequestId: z.string(), notes: z.array(z.string()).optional() });
const certificateList = z.object({
  Certificates: z.array(z.object({ CertificateId: z.string(), Domain: z.string(), CertEndTime: z.string() })),
});
const held = z.object({
  certificates: z.array(z.object({ id: z.string(), fingerprint: z.string().optional() })),
  zones: z.array(
    z.object({
      hosts: z.array(
        z.object({ name: z.string(), certificates: z.array(z.object({ fingerprint: z.string().optional() })) }),
      ),
    }),
  ),
  cdn: z.array(
    z.object({
      name: z.string(),
      certificate: z.object({ fingerprint: z.string().optional(), keyMatches: z.boolean() }).optional(),
    }),
  ),
});

async function story(): Promise<void> {
  heading("An assistant connects");
  await client.connect(transport);
  const { tools } = await client.listTools();
  const reads = tools.filter(({ annotations }) => annotations?.readOnlyHint);
  say(`   ${tools.length} tools: ${reads.length} read, ${tools.length - reads.length} change something`);

  heading("What expires soon?");
  const expiring = await call("DescribeCertificates", { FilterExpiring: 1, ExpirationSort: "ASC" }, certificateList);
  for (const { CertificateId, Domain, CertEndTime } of expiring.Certificates) {
    say(`   ${CertificateId}  ${Domain.padEnd(20)} ends ${CertEndTime}`);
  }
  const old = expiring.Certificates[0];
  if (old === undefined) throw new Error("nothing expires soon");

  heading("Upload its successor");
  const now = new Date();
  const authority = await CertificateAuthority.create(now);
  const fresh = await authority.issue({
    names: ["example.com", "*.example.com"],
    notBefore: now,
    notAfter: new Date(now.getTime() + 90 * 24 * 3600_000),
    key: "EC-P256",
  });
  // The assistant names files; it never sees the key.
  const chain = join(folder, "web.crt");
  const key = join(folder, "web.key");
  writeFileSync(chain, fresh.certificatePem);
  writeFileSync(key, fresh.privateKeyPem, { mode: 0o600 });
  const pair = { CertificatePublicKey: `file:${chain}`, CertificatePrivateKey: `file:${key}`, Alias: "web 2026" };
  const uploaded = await call("UploadCertificate", pair, z.object({ CertificateId: z.string() }));
  say(`   it is now certificate ${uploaded.CertificateId}`);

  heading("Put it on an EdgeOne host of Tencent Cloud");
  const ServerCertInfo = [{ CertId: uploaded.CertificateId }];
  const onEdge = await call(
    "ModifyHostsCertificate",
    { ZoneId: zone, Hosts: [host], Mode: "sslcert", ServerCertInfo },
    accepted,
  );
  say(`   ${onEdge.notes?.join(" ")}`);

  heading("And on a CDN domain of Alibaba Cloud");
  const settings = { DomainName: cdnDomain, SSLProtocol: "on", CertType: "upload", CertName: "web-2026" };
  await call("SetCdnDomainSSLCertificate", { ...settings, SSLPub: `file:${chain}`, SSLPri: `file:${key}` }, accepted);

  heading("Delete the old one? This time the person says no");
  personSays = "no";
  const refused = await tryCall("DeleteCertificate", { CertificateId: old.CertificateId });
  const [answer] = refused.content;
  if (answer?.type === "text") for (const line of answer.text.split("\n")) say(`   the assistant reads: ${line}`);

  heading("What the clouds hold now");
  const response = await fetch(await stateAddress);
  const state = held.parse(await response.json());
  const fingerprint = parseCertificate(fresh.certificatePem)?.fingerprint;
  const check = (what: string, holds: boolean) => {
    say(`   ${holds ? "✓" : "✗"} ${what}`);
    if (!holds) throw new Error(`not so: ${what}`);
  };
  const stored = (id: string) => state.certificates.find((certificate) => certificate.id === id);
  const edgeHost = state.zones.flatMap(({ hosts }) => hosts).find(({ name }) => name === host);
  const cdn = state.cdn.find(({ name }) => name === cdnDomain)?.certificate;
  say(`   the new certificate's fingerprint: ${fingerprint}`);
  check(
    `Tencent Cloud SSL stores it as ${uploaded.CertificateId}`,
    stored(uploaded.CertificateId)?.fingerprint === fingerprint,
  );
  check(`EdgeOne host ${host} has it`, edgeHost?.certificates.some((one) => one.fingerprint === fingerprint) === true);
  check(
    `Alibaba CDN domain ${cdnDomain} has it, with its key`,
    cdn?.fingerprint === fingerprint && cdn?.keyMatches === true,
  );
  check(`the old certificate ${old.CertificateId} is still stored`, stored(old.CertificateId) !== undefined);

  heading("What the audit log says");
  const read = (verb: string) =>
    execFileSync(process.execPath, [cli, "audit", verb, "--audit-log", auditLog]).toString();
  for (const line of read("show").trimEnd().split("\n")) say(`   ${line}`);
  say(`   ${read("verify").trimEnd()}`);
}

try {
  await story();
  say("\nEverything is as told.");
} catch (error) {
  say(`\nThe story broke: ${error instanceof Error ? error.message : String(error)}`);
  process.exitCode = 1;
} finally {
  await client.close();
}
