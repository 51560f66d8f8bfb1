import { z } from "zod";
import type { TimeSource } from "../../src/lib/time-source.js";
import { renewOnce } from "../../src/unattended/renewal/renew.js";
import { renewalDeps } from "../../src/unattended/renewal/renew-command.js";
import { openProgram, Person } from "./program.js";

/** What a run of the program is given; all of it can be sent to another process. */
export const runSettings = z.object({
  args: z.array(z.string()),
  env: z.record(z.string()),
  roots: z.array(z.string()),
  /** Whether a person is there, and says yes to what is asked. */
  person: z.boolean(),
});
export type RunSettings = z.output<typeof runSettings>;

/** What the person was asked. */
export const questionPut = z.object({ at: z.number(), question: z.string(), objects: z.array(z.string()) });
export type QuestionPut = z.output<typeof questionPut>;

/** What came of a run, by the program's own words. */
export const runOutcome = z.object({
  /** In a few words. */
  says: z.string(),
  /** Whether it left nothing to do. */
  isDone: z.boolean(),
  defects: z.array(z.string()),
  /** What was left for a person. */
  left: z.array(z.string()),
  /** Whether it saw all domains: an outage hides those for which a question is still open. */
  sawAll: z.boolean(),
});
export type RunOutcome = z.output<typeof runOutcome>;

/** How long a run watches for the proof of what it deployed. */
const proofTime = 30_000;

/** One run of `cloudcert-mcp renew --apply`, and with a person of `--ask`. */
export async function runOnce(
  settings: RunSettings,
  time: TimeSource,
  onQuestion: (put: QuestionPut) => void,
): Promise<RunOutcome> {
  const defects: string[] = [];
  const log = (line: string) => {
    if (line.startsWith("defect")) defects.push(line);
  };
  const person = settings.person ? new Person(time.now, onQuestion) : undefined;
  const program = await openProgram(settings, time, log, person);
  try {
    const report = await renewOnce(renewalDeps(program, proofTime), {
      before: undefined,
      apply: true,
      dryRun: false,
    });
    const rows = report.due.map(({ domain = "", state, says = "" }) => `${domain} ${state} ${says}`);
    return {
      says: [`${report.outcome} of ${report.in_use}`, ...rows, ...report.unseen].join("; ").slice(0, 1_000),
      isDone: report.outcome === "done",
      defects,
      left: report.due.flatMap(({ domain = "", state }) => (state === "needs a person" ? [domain] : [])),
      sawAll: report.unseen.length === 0,
    };
  } finally {
    await program.close();
  }
}
