import { randomBytes } from "node:crypto";
import { setMaxListeners } from "node:events";
import type { Channel } from "../../src/approval/channel.js";
import type { ApprovalRequest } from "../../src/approval/request.js";
import { allOperations } from "../../src/catalogue/index.js";
import { configuredSecrets, readRuntimeEnvironment } from "../../src/config/environment.js";
import { readConfiguration } from "../../src/config/read.js";
import { Journal } from "../../src/jobs/journal.js";
import type { TimeSource } from "../../src/lib/time-source.js";
import { ToolError } from "../../src/lib/tool-error.js";
import { type CallContext, executeCall, readInFull } from "../../src/pipeline/execute-call.js";
import { RecentReads } from "../../src/pipeline/recent-reads.js";
import { wholeEstate } from "../../src/report/whole-estate.js";
import { Redactor } from "../../src/secrets/redaction/redactor.js";
import { References } from "../../src/secrets/references/resolve.js";
import { Vault } from "../../src/secrets/vault/vault.js";
import { createGate } from "../../src/setup/approval.js";
import { accountsOn, createBackend, createCloudClient, createTlsCheck } from "../../src/setup/backend.js";
import { enabledServices, enabledTools } from "../../src/setup/tool-selection.js";
import { deployCertificate } from "../../src/tools/deploy-certificate.js";
import { findCertificates } from "../../src/tools/find-certificates.js";
import { listDomains } from "../../src/tools/inventory/domains.js";
import { applyCertificate } from "../../src/catalogue/tencent-ssl/apply-certificate.js";
import { waitFor } from "../../src/tools/wait-for.js";
import { z } from "zod";
import { yearDomain } from "./world.js";

/** What a run of the program is given; all of it can be sent to another process. */
export const runSettings = z.object({
  args: z.array(z.string()),
  env: z.record(z.string()),
  roots: z.array(z.string()),
  domains: z.array(yearDomain),
  folder: z.string(),
  answers: z.boolean(),
});
export type RunSettings = z.output<typeof runSettings>;

const questionPut = z.object({
  at: z.number(),
  question: z.string(),
  objects: z.array(z.string()),
  approved: z.boolean(),
});
export type QuestionPut = z.output<typeof questionPut>;

/** What came of it, by the program's own words. */
export const runOutcome = z.object({
  questions: z.array(questionPut),
  lines: z.array(z.string()),
  failures: z.array(z.string()),
});
export type RunOutcome = z.output<typeof runOutcome>;

class Person implements Channel {
  readonly name = "person";
  readonly questions: QuestionPut[] = [];
  readonly #answers: boolean;
  readonly #now: () => Date;
  constructor(answers: boolean, now: () => Date) {
    this.#answers = answers;
    this.#now = now;
  }
  async present(request: ApprovalRequest): Promise<boolean> {
    const { question, rows, typed } = request.plan;
    const objects = rows.map(({ object }) => object);
    this.questions.push({ at: this.#now().getTime(), question, objects, approved: this.#answers });
    if (this.#answers) request.decide(true, "form", typed);
    return this.#answers;
  }
  async close(): Promise<void> {}
}

export async function runOnce(settings: RunSettings, time: TimeSource): Promise<RunOutcome> {
  const { env, folder } = settings;
  const configuration = readConfiguration(settings.args, env);
  const environment = readRuntimeEnvironment(configuration, env);
  const created = await createBackend(configuration, environment);
  const backend = { ...created, edge: { addresses: [], roots: settings.roots } };
  const { credentials } = environment;
  const redactor = new Redactor(configuredSecrets(credentials));
  const lines: string[] = [];
  const failures: string[] = [];
  const log = (line: string) => void lines.push(redactor.redact(line));
  const { cloud, transport } = createCloudClient(backend, configuration, env, log, time);
  const tlsCheck = createTlsCheck(backend, configuration, log, time);
  const redact = (text: string) => redactor.redact(text);
  const { huaweiProjectId } = credentials;
  const services = enabledServices(configuration.services, credentials);
  const journal = new Journal(backend.jobs, time.now, accountsOn(backend, configuration, env), redact);
  const vault = new Vault(undefined, undefined, (secrets) => redactor.addSecrets(secrets));
  const person = new Person(settings.answers, time.now);
  const looks = {
    tlsCheck,
    changedSince: (at: number) => journal.changedSince(at),
    listDomains: (read: never, signal: AbortSignal) =>
      listDomains({ read, signal, pause: (ms) => time.pause(ms, signal), services, huaweiProjectId }),
  };
  const gate = createGate(configuration, env, cloud, log, redact, looks as never, time)(person);
  const context: CallContext = {
    gate,
    cloud,
    redactor,
    references: new References({ directories: configuration.files, envPrefix: undefined, env, vault, allowInlineSecrets: false }),
    vault,
    services,
    tlsCheck,
    journal,
    recentReads: new RecentReads(time.now),
    operations: enabledTools(allOperations, configuration, credentials),
    huaweiProjectId,
    maskPersonal: true,
    now: time.now,
    nonce: randomBytes(4).toString("hex"),
    pause: time.pause,
    examineSetup: async () => ({}),
    report: (error) => void failures.push(String(error instanceof Error ? error.stack : error)),
  };
  const never = new AbortController().signal;
  setMaxListeners(0, never);
  const caller = { progress: log, signal: never, sending: never };
  const attempt = async (what: string, work: () => Promise<void>) => {
    try {
      await work();
    } catch (error) {
      if (!(error instanceof ToolError)) throw error;
      failures.push(`${what}: ${error.message}`);
    }
  };
  await attempt("estate", async () => {
    const estate: any = await wholeEstate((page) => readInFull(findCertificates, page, caller, context), false);
    for (const line of estate.incomplete) failures.push(`estate: ${line}`);
    for (const row of estate.domains) {
      const domain = settings.domains.find(({ name }) => name === row.domain);
      const left = row.certificates?.[0]?.days_left;
      if (domain === undefined || left === undefined || left > domain.lifetime / 3) continue;
      await attempt(domain.name, async () => {
        const targets = [{ domains: [domain.name] }];
        const deploy = async (args: Record<string, unknown>) => {
          const { result } = await executeCall({ tool: deployCertificate as never, args: { ...args, targets, wait_seconds: 120 }, caller }, context);
          for (const target of (result as any).targets) if (!["served", "unchanged"].includes(target.state)) failures.push(`${domain.name}: ${target.state} ${target.says ?? ""}`);
        };
        if (domain.source === "file") {
          const at = `file:${folder}/${domain.name}`;
          return deploy({ certificate: `${at}/fullchain.pem`, private_key: `${at}/privkey.pem` });
        }
        let id = row.covered_next_by;
        if (id === undefined) {
          const { result } = await executeCall({ tool: applyCertificate as never, args: { DvAuthMethod: "DNS_AUTO", DomainName: domain.name }, caller }, context);
          id = (result as any).CertificateId;
          await executeCall({ tool: waitFor as never, args: { what: "certificate", id, timeout_seconds: 600 }, caller }, context);
        }
        await deploy({ certificate_id: id });
      });
    }
  });
  await gate.close();
  await Promise.all([transport.close(), backend.close()]);
  return { questions: person.questions, lines, failures };
}
