import type { z } from "zod";
import { certificate, privateKey, struct, text } from "../catalogue/params.js";
import { array, members, string } from "../catalogue/results.js";
import { loss } from "../catalogue/warnings.js";
import { Failure } from "../failure.js";
import type { Job, JobTarget } from "../jobs/job.js";
import { isWorkedOn } from "../jobs/journal.js";
import { wasSent } from "../jobs/requests.js";
import { jobs, type OwnToolContext, ownTool, type Undertaking } from "../own-tool.js";
import { type SafeText, safe, termInWords } from "../visible.js";
import { onFailure, waitSeconds } from "./deployment/arguments.js";
import { carryThrough } from "./deployment/carry-through.js";
import { type Course, fetchesOf, fetchKeys } from "./deployment/course.js";
import { takesId } from "./deployment/deliveries.js";
import { earlierRuns } from "./deployment/earlier.js";
import { groundFor } from "./deployment/ground.js";
import { rolloutTo } from "./deployment/in-flight.js";
import { finderFor } from "./deployment/previous.js";
import { certificateMeant, targetsMeant } from "./deployment/question.js";
import { anchorFor } from "./deployment/stored.js";
import { jobKey, targetInWords } from "./deployment/targets.js";
import { usedToRollBack } from "./deployment/uses.js";
import { wayBack } from "./deployment/way-back.js";
import { unusable } from "./reading.js";

const params = struct({
  job: text("Deployment; default the newest").optional(),
  certificate: certificate("Previous chain, where it is not found by itself").optional(),
  private_key: privateKey("Its key, reference").optional(),
  on_failure: onFailure(),
  wait_seconds: waitSeconds(),
});

/** Finds out, by reads alone, what can go back and how; what cannot is said before anything is done. */
async function prepare(given: z.output<typeof params>, context: OwnToolContext): Promise<Undertaking> {
  const recorded = await context.journal.read();
  const { jobs: known } = recorded;
  const deployment = deploymentIn(known, given.job);
  const changed = deployment.targets.filter(mayHaveChanged);
  if (changed.length === 0) throw unusable(`Job ${deployment.id} changed nothing, so there is nothing to take back.`);
  const key = jobKey(`rollback of ${deployment.id}`, deployment.certificate, changed);
  const earlier = earlierRuns(recorded, key, context.now());
  const anchor = changed.some(takesId)
    ? (deployment.certificate.certificateId ?? (await anchorFor(context)))
    : undefined;
  const ground = groundFor(anchor, earlier, context);
  const pair =
    given.certificate && given.private_key
      ? { certificate: given.certificate, privateKey: given.private_key }
      : undefined;
  const ways = { deployment, ground, earlier, finder: finderFor(pair, deployment.certificate, known, context) };
  const courses: Course[] = [];
  const stays: SafeText[] = [];
  for (const target of changed) {
    context.progress(`looking how to take back ${target.name}`);
    const way = await wayBack(target, ways);
    if ("cannot" in way) stays.push(safe`${targetInWords(target)} cannot go back: ${way.cannot}.`);
    else courses.push(way);
  }
  if (courses.length === 0) throw nothingGoesBack(deployment, stays.map(String));
  return {
    question: safe`Take back deployment ${termInWords(deployment.id)} of ${certificateMeant(deployment.certificate)} on ${targetsMeant(courses.length, changed.length)}?`,
    steps: [...courses.flatMap(({ step }) => step ?? []), ...fetchesOf(courses).map(({ step }) => step)],
    warnings: [
      ...courses.flatMap(({ step, warnings }) => (step === undefined ? [] : (warnings ?? []))),
      ...stays.map(loss),
    ],
    rollout: rolloutTo(courses, earlier, context.now()),
    run: async (carryOut) => {
      const keys = await fetchKeys(courses, carryOut);
      const report = await carryThrough(
        {
          about: { kind: "rollback", of: deployment.id, key, certificate: deployment.certificate },
          earlier,
          courses,
          goOn: given.on_failure === "continue",
          watchMs: (given.wait_seconds ?? 30) * 1000,
          slotsFor: async () => keys,
          tookEffect: async () => undefined,
        },
        carryOut,
        context,
      );
      return { ...report, ...(stays.length > 0 && { cannot_go_back: stays.map(String) }) };
    },
  };
}

function deploymentIn(known: readonly Job[], id: string | undefined): Job {
  const found = known.find((job) => (id === undefined ? job.kind === "deployment" : job.id === id));
  if (found === undefined)
    throw unusable(
      `There is no deployment ${id ?? "in the journal"} of this account and endpoint.`,
      "Look at list_jobs.",
    );
  if (found.kind === "rollback") {
    throw unusable(
      `Job ${found.id} is itself a rollback.`,
      "To undo it, deploy the certificate again (deploy_certificate).",
    );
  }
  if (!isWorkedOn(found)) return found;
  throw unusable(
    `Job ${found.id} is being worked on.`,
    "Wait until it has ended (wait_for deployment), then call again.",
  );
}

/** Whether something was, or may have been, changed there; a record that failed in part has changed the rest. */
function mayHaveChanged(target: JobTarget): boolean {
  return wasSent(target) || (target.state === "failed" && target.recordId !== undefined);
}

function nothingGoesBack({ id }: Job, reasons: readonly string[]): Failure {
  return new Failure({
    kind: "input",
    happened: `Nothing of deployment ${id} can be taken back. ${reasons.join(" ")}`,
    changed: "no",
    sent: false,
    next: "Do what the reasons say, or deploy another certificate (deploy_certificate).",
  });
}

export const rollBack = ownTool({
  name: "roll_back",
  title: "Take a deployment back",
  service: jobs,
  summary: "Put back what a deployment (list_jobs) replaced: one approval. What cannot go back is said first.",
  effect: "traffic",
  params,
  uses: usedToRollBack,
  result: members({ job: string(), summary: string(), targets: array(members({})), next: string() }),
  prepare,
});
