import { z } from "zod";
import type { JsonObject } from "../../src/lib/json.js";
import type { TimeSource } from "../../src/lib/time-source.js";
import { wholeEstate } from "../../src/report/whole-estate.js";
import { findCertificates } from "../../src/tools/find-certificates.js";
import { callOnce, readWhole } from "../../src/unattended/call.js";
import type { Headless } from "../../src/unattended/headless.js";
import { openProgram, Person } from "./program.js";
import { type YearDomain, yearDomain } from "./world.js";

/** What a run of the program is given; all of it can be sent to another process. */
export const runSettings = z.object({
  args: z.array(z.string()),
  env: z.record(z.string()),
  roots: z.array(z.string()),
  domains: z.array(yearDomain),
  folder: z.string(),
  /** Whether a person is there, and says yes. */
  person: z.boolean(),
});
export type RunSettings = z.output<typeof runSettings>;

export const questionPut = z.object({ at: z.number(), question: z.string(), objects: z.array(z.string()) });
export type QuestionPut = z.output<typeof questionPut>;

/** What came of it, by the program's own words. */
export const runOutcome = z.object({
  /** In a few words. */
  says: z.string(),
  defects: z.array(z.string()),
  /** Domains that were left for a person. */
  left: z.array(z.string()),
});
export type RunOutcome = z.output<typeof runOutcome>;

const estateOf = z.object({
  incomplete: z.array(z.string()),
  domains: z.array(
    z
      .object({
        domain: z.string(),
        certificates: z.array(z.object({ days_left: z.number().optional() }).passthrough()).default([]),
        covered_next_by: z.string().optional(),
      })
      .passthrough(),
  ),
});

export async function runOnce(
  settings: RunSettings,
  time: TimeSource,
  onQuestion: (put: QuestionPut) => void,
): Promise<RunOutcome> {
  const failures: string[] = [];
  const defects: string[] = [];
  const left: string[] = [];
  const log = (line: string) => {
    if (line.startsWith("defect")) defects.push(line);
  };
  const person = settings.person ? new Person(time.now, onQuestion) : undefined;
  const program = await openProgram(settings, time, log, person);
  try {
    const whole = await wholeEstate((page) => readWhole(findCertificates, page, program), false).catch(
      (error) => error,
    );
    if (whole instanceof Error) return { says: whole.message, defects, left };
    const estate = estateOf.parse(whole);
    failures.push(...estate.incomplete);
    for (const row of estate.domains) {
      const domain = settings.domains.find(({ name }) => name === row.domain);
      const days = row.certificates[0]?.days_left;
      if (domain === undefined || days === undefined || days > domain.lifetime / 3) continue;
      await replace(domain, row.covered_next_by, settings, program, { failures, left });
    }
    return { says: failures.join("; ").slice(0, 200), defects, left };
  } finally {
    await program.close();
  }
}

async function replace(
  { name, source }: YearDomain,
  stored: string | undefined,
  { folder }: RunSettings,
  program: Headless,
  told: { failures: string[]; left: string[] },
): Promise<void> {
  const call = async (tool: string, args: JsonObject) => {
    const found = program.tools.get(tool);
    if (found === undefined) throw new Error(`no tool ${tool}`);
    const outcome = await callOnce(found, args, program, 120_000);
    if (outcome.outcome === "needs a person") told.left.push(name);
    else if (outcome.outcome !== "done")
      told.failures.push(`${name}: ${JSON.stringify(outcome.error ?? outcome.result)}`);
    return outcome;
  };
  let certificate: JsonObject = {
    certificate: `file:${folder}/${name}/fullchain.pem`,
    private_key: `file:${folder}/${name}/privkey.pem`,
  };
  if (source === "free") {
    let id: unknown = stored;
    if (id === undefined) {
      const applied = await call("ApplyCertificate", { DvAuthMethod: "DNS_AUTO", DomainName: name });
      id = applied.result?.CertificateId;
      if (id === undefined) return;
      await call("wait_for", { what: "certificate", id, timeout_seconds: 600 });
    }
    certificate = { certificate_id: id };
  }
  await call("deploy_certificate", { ...certificate, targets: [{ domains: [name] }] });
}
