import type { Warning } from "../catalogue/operation.js";
import { array, members, string } from "../catalogue/results.js";
import { caution, loss } from "../catalogue/warnings.js";
import { jobs, type OwnToolContext, ownTool, type Undertaking } from "../own-tool.js";
import { uncovered } from "../preflight/domain-names.js";
import { joined, nameInWords, ownWords, safe, termInWords } from "../visible.js";
import { type DeployParams, deployParams } from "./deployment/arguments.js";
import { carryThrough } from "./deployment/carry-through.js";
import { type Course, courseFor, fetchesOf, fetchKeys } from "./deployment/course.js";
import { deliveryFor, takesId } from "./deployment/deliveries.js";
import type { Ground } from "./deployment/delivery.js";
import { type Earlier, earlierRuns } from "./deployment/earlier.js";
import { groundFor } from "./deployment/ground.js";
import { rolloutTo } from "./deployment/in-flight.js";
import { certificateMeant, targetsMeant } from "./deployment/question.js";
import { anchorFor, copiesOf } from "./deployment/stored.js";
import { jobKey, type Target, targetInWords, targetsOf } from "./deployment/targets.js";
import { refuseOtherChain, uploadedOnce, uploadStep } from "./deployment/upload.js";
import { usedToDeploy } from "./deployment/uses.js";
import { type Wanted, wantedById, wantedFrom, wantedWithKey } from "./deployment/wanted.js";
import { unlessExcluded, unusable } from "./reading.js";

/** Finds out, by reads alone, what is left to do; the same call after a crash or a failure finds less. */
async function prepare(given: DeployParams, context: OwnToolContext): Promise<Undertaking> {
  const targets = targetsOf(given.targets, context);
  const wanted = await wantedIn(given, targets, context);
  refuseUncovered(targets, wanted);
  const key = jobKey(
    "deployment",
    wanted.facts,
    targets.map(({ at }) => at),
  );
  const earlier = earlierRuns(await context.journal.read(), key, context.now());
  const onTencent = targets.some(({ at }) => takesId(at));
  const anchor = wanted.facts.certificateId ?? (onTencent ? await anchorFor(context) : undefined);
  const ground = groundFor(anchor, earlier, context);
  const courses = await coursesFor(targets, wanted, earlier, ground);
  const needsUpload = courses.some(({ target, step }) => step !== undefined && takesId(target));
  const upload = needsUpload && wanted.facts.certificateId === undefined ? uploadStep(wanted) : undefined;
  const uploaded = upload && uploadedOnce(upload, (id) => refuseOtherChain(id, wanted, context));
  const steps = courses.flatMap(({ step }) => step ?? []);
  return {
    question: safe`Serve the certificate for ${certificateMeant(wanted.facts)} on ${targetsMeant(steps.length, targets.length)}?`,
    steps: [...(upload ? [upload] : []), ...steps, ...fetchesOf(courses).map(({ step }) => step)],
    warnings: [...(upload ? uploadWarnings(wanted) : []), ...courses.flatMap(warningsOf)],
    rollout: rolloutTo(courses, earlier, context.now()),
    run: async (carryOut) => {
      const keys = await fetchKeys(courses, carryOut);
      const report = await carryThrough(
        {
          about: { kind: "deployment", key, certificate: wanted.facts },
          earlier,
          courses,
          goOn: given.on_failure === "continue",
          watchMs: (given.wait_seconds ?? 30) * 1000,
          slotsFor: async (target) => (uploaded && takesId(target) ? uploaded.slots(carryOut) : keys),
          tookEffect: (target, { certificate, startedAt }) => {
            // What was read for the plan is from before the request.
            const anew = groundFor(certificate.certificateId, earlier, context);
            return deliveryFor(target).tookEffect(target, { ...wanted, facts: certificate }, anew, startedAt);
          },
        },
        carryOut,
        context,
      );
      const copy = uploaded?.copy();
      return { ...report, ...(copy !== undefined && { new_copy: copy }) };
    },
  };
}

/** The certificate that is meant, by its id at Tencent Cloud or with its key at hand. */
async function wantedIn(given: DeployParams, targets: readonly Target[], context: OwnToolContext): Promise<Wanted> {
  const { certificate_id: id, certificate, private_key: privateKey } = given;
  if ((id === undefined) === (certificate === undefined)) {
    throw unusable("Give certificate_id, or certificate with private_key; one of the two.");
  }
  const onTencent = targets.some(({ at }) => takesId(at));
  if (id !== undefined) {
    return targets.every(({ at }) => takesId(at)) ? wantedById(id, context) : wantedWithKey(id, context);
  }
  if (certificate === undefined || privateKey === undefined) throw unusable("certificate needs its private_key.");
  const { sources, now } = context;
  const source = { ...named("certificate", sources), ...named("privateKey", sources, "private_key") };
  const wanted = wantedFrom({ certificate, privateKey }, source, now());
  if (!onTencent) return wanted;
  const stored = await unlessExcluded(copiesOf(wanted, await context.journal.list(), context));
  if ("usable" in stored) {
    const [copy] = stored.usable;
    const sameCopies = stored.usable.map(({ id }) => id);
    return {
      ...wanted,
      incomplete: wanted.incomplete && !copy?.chain?.intermediates.length,
      sameCopies,
      otherCopies: stored.others,
      facts: { ...wanted.facts, ...(copy && { certificateId: copy.id }) },
    };
  }
  return {
    ...wanted,
    doubt: safe`Whether Tencent Cloud stores the certificate already was not looked up: ${ownWords(stored.excluded)}.`,
  };
}

function named(member: "certificate" | "privateKey", sources: OwnToolContext["sources"], path: string = member) {
  const source = sources.get(path);
  return source === undefined || source === "inline" ? {} : { [member]: source };
}

/** One after the other: the clouds allow few calls a second. */
async function coursesFor(
  targets: readonly Target[],
  wanted: Wanted,
  earlier: Earlier,
  ground: Ground,
): Promise<readonly Course[]> {
  const courses: Course[] = [];
  for (const [index, target] of targets.entries()) {
    ground.context.progress(`looking at ${index + 1} of ${targets.length}: ${target.at.name}`);
    courses.push(await courseFor(target, wanted, earlier, ground));
  }
  return courses;
}

/** @throws {Failure} naming every domain that would be served with a certificate of another */
function refuseUncovered(targets: readonly Target[], { facts }: Wanted): void {
  const missing = uncovered(
    facts.names,
    targets.flatMap(({ at }) => at.domain ?? []),
  );
  if (missing.length > 0) {
    throw unusable(
      `The certificate does not cover ${missing.map(nameInWords).join(", ")}; it is for ${facts.names.map(nameInWords).join(", ") || "no name"}.`,
    );
  }
}

function uploadWarnings({ doubt, otherCopies = [] }: Wanted): Warning[] {
  const others = otherCopies.map(termInWords);
  return [
    ...(doubt ? [caution(doubt)] : []),
    ...(others.length > 0
      ? [
          caution(
            safe`Tencent Cloud has this certificate already as ${joined(others)}, but lacks its chain there or does not show it: it is stored once more, with its chain.`,
          ),
        ]
      : []),
  ];
}

function warningsOf({ target, step, warnings = [], says = safe`what it has now is not known` }: Course): Warning[] {
  if (step === undefined) return [];
  const lost = loss(safe`${targetInWords(target)}: ${says}, so this cannot be taken back.`);
  return [...warnings, ...(target.before === undefined ? [lost] : [])];
}

export const deployCertificate = ownTool({
  name: "deploy_certificate",
  title: "Deploy a certificate everywhere",
  service: jobs,
  summary:
    "Serve one certificate on targets of the three clouds: one plan, one approval. Call again unchanged after a failure: only what is left is done. accepted is not yet served.",
  effect: "traffic",
  params: deployParams,
  uses: usedToDeploy,
  result: members({ job: string(), summary: string(), targets: array(members({})), next: string() }),
  prepare,
});
