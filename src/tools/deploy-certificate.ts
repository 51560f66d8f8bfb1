import type { Warning } from "../catalogue/operation.js";
import { storeIdIn } from "../catalogue/store-ids.js";
import { caution, loss } from "../catalogue/warnings.js";
import { uncovered } from "../certificates/domain-names.js";
import type { Beside, JobCertificate, JobTarget } from "../jobs/job.js";
import { PreviousRuns } from "../jobs/previous-runs.js";
import { dayMs } from "../lib/days.js";
import { enumerated } from "../lib/lists.js";
import { formatDay, formatId, formatName, joined, type SafeText, safe, verbatim } from "../lib/safe-text.js";
import { unusable } from "../lib/tool-error.js";
import { defineTool, type JobPlan, type ToolContext } from "../pipeline/tool.js";
import { unlessExcluded } from "./cloud-reads.js";
import { desiredInStore, refuseOtherClouds, takesFrom } from "./deployment/alibaba-huawei-stores.js";
import { type DeployParams, deployParams } from "./deployment/arguments.js";
import { createDeploymentContext, deploymentContextFor } from "./deployment/context.js";
import { deployerFor } from "./deployment/deployer-by-service.js";
import {
  type DesiredCertificate,
  desiredById,
  desiredFromPair,
  desiredWithKey,
} from "./deployment/desired-certificate.js";
import { findTargets } from "./deployment/find-targets.js";
import { rollbacksOf, rolledBackWarnings } from "./deployment/rolled-back.js";
import { deploymentFacts } from "./deployment/standing-approval-facts.js";
import { storedCopiesOf } from "./deployment/stored-copies.js";
import { domainStateWarnings, jobOf, planTarget, type TargetPlan } from "./deployment/target-plan.js";
import {
  countTargets,
  type DesiredTarget,
  describeJobCertificate,
  describeTarget,
  jobKey,
  nameTargets,
  targetsOf,
} from "./deployment/targets.js";
import { coveredTargets, replacedTargets } from "./deployment/targets-by-certificate.js";
import { uploadOf } from "./deployment/upload.js";
import { usedToDeploy } from "./deployment/used-operations.js";
import { deploymentStages } from "./deployment/watch.js";
import { planWaves } from "./deployment/waves.js";

/** Plans what is left to do, with reads only; the same call after a crash or a failure finds less. */
async function prepare(given: DeployParams, context: ToolContext): Promise<JobPlan> {
  const { targets: found, leftOut: notMeant } = await resolveTargets(given, context);
  const alone = targetsOf(found, context);
  const wanted = await desiredFor(given, alone, context);
  refuseUncovered(alone, wanted);
  const second = await secondCertificateFor(given, alone, wanted, context);
  const targets = second === undefined ? alone : alone.map((target) => ({ ...target, beside: [second] }));
  const places = targets.map(({ jobTarget }) => jobTarget);
  const kind = second === undefined ? "deployment" : `deployment beside ${second.sha256}`;
  const key = jobKey(kind, wanted.facts, places);
  const recorded = await context.journal.read();
  const earlier = new PreviousRuns(recorded, key, context.now());
  const rollbackAt = rollbacksOf(wanted, recorded);
  const deploymentContext = await deploymentContextFor(places, wanted.facts.certificateId, earlier, context);
  const targetPlans: TargetPlan[] = [];
  // One at a time: the clouds allow few calls per second.
  for (const [index, target] of targets.entries()) {
    context.progress(safe`looking at ${index + 1} of ${targets.length}: ${describeTarget(target.jobTarget)}`);
    targetPlans.push(await planTarget(target, wanted, deploymentContext));
  }
  const leftOut = [...notMeant, ...targetPlans.flatMap(({ left }) => left ?? [])];
  const needsUpload = ({ target, step }: TargetPlan) =>
    step !== undefined && deployerFor(target).takesId && wanted.facts.certificateId === undefined;
  const upload = targetPlans.some(needsUpload) ? uploadOf(wanted, context) : undefined;
  const count = targetPlans.filter(({ step }) => step !== undefined).length;
  const planned = await planWaves(targetPlans, given, { key, algorithm: wanted.algorithm }, deploymentContext);
  return {
    question: questionOf(wanted, countTargets(count, targets.length), planned.sizes),
    warnings: [
      ...planned.warnings,
      ...(wanted.inStore ? [caution(chainUnseen)] : []),
      ...(upload ? uploadWarnings(wanted) : []),
      ...leftOut.map(caution),
      ...domainStateWarnings(found, targetPlans),
      ...rolledBackWarnings(targetPlans, rollbackAt),
      ...earlierExpiryWarnings(wanted.facts, targetPlans),
      ...targetPlans.flatMap(warningsOf),
    ],
    about: {
      kind: "deployment",
      key,
      certificate: wanted.facts,
      ...(given.waves === false && { withoutWaves: true }),
    },
    ...jobOf(
      planned.targetPlans.map((each) => (needsUpload(each) ? { ...each, supply: upload } : each)),
      given,
      deploymentContext,
    ),
    readFacts: () => deploymentFacts(wanted, targetPlans, { second: second !== undefined, rollbackAt }, context),
    waves: planned.waves,
    // Where nothing has to be sent, nobody sees the plan.
    ...(leftOut.length > 0 && {
      left: leftOut.map(String),
      ...(given.covered && { next: howToSeeTheRest(targetPlans) }),
    }),
    verifyApplied: (target, { certificate, startedAt }) => {
      // What the plan read is older than the request.
      const anew = createDeploymentContext(certificate.certificateId, earlier, context);
      const actions = deployerFor(target).serve({}, { ...wanted, facts: certificate }, anew);
      return actions.verifyApplied(target, startedAt);
    },
  };
}

/** `covered` finds domains: what else uses the certificates that they had is known only to whoever looks it up. */
function howToSeeTheRest(targetPlans: readonly TargetPlan[]): string {
  const replaced = targetPlans.filter(({ step }) => step !== undefined);
  const ids = new Set(replaced.flatMap(({ target: { before } }) => before?.certificateIds ?? []));
  const [id = "of an old certificate", ...others] = ids;
  const call =
    others.length === 0
      ? `find_certificates (with_bindings, certificate_id ${id})`
      : `find_certificates (with_bindings, certificate_id), one call for each of ${enumerated([...ids])},`;
  return `${call} shows what else uses what was replaced; to change it, pass that id as replaces.`;
}

function questionOf({ facts }: DesiredCertificate, targets: SafeText, waves: SafeText | undefined): SafeText {
  const what = describeJobCertificate(facts);
  if (waves === undefined) return safe`Serve the certificate for ${what} on ${targets}?`;
  return safe`Serve the certificate for ${what} on ${targets}, in waves of ${waves}?`;
}

const chainUnseen = safe`The store shows names, expiry and fingerprint of the certificate, and not its chain: whether an intermediate is missing shows only at the edge.`;

/** The targets that the caller names, completed; those that the certificate covers; or those that have an old one. */
async function resolveTargets(given: DeployParams, context: ToolContext) {
  // Some models leave a list out by sending an empty one.
  const targets = given.targets?.length === 0 ? undefined : given.targets;
  const { covered = false, replaces } = given;
  const within = replaces === undefined || covered ? undefined : servicesWithoutDetails(targets);
  if ([targets !== undefined && !within, covered, replaces !== undefined].filter(Boolean).length !== 1) {
    throw unusable(
      "Give targets, covered or replaces; one of the three.",
      "Beside replaces, targets may have a service alone, without domains: then only what has the old certificate there is changed.",
    );
  }
  if (targets !== undefined && !within) return { targets: await findTargets(targets, context), leftOut: [] };
  const { id, store, pair } = certificateIn(given);
  const { facts } = pair
    ? desiredFromPair(pair, {}, context.now())
    : await (store ? desiredInStore(store, context) : desiredById(id, context));
  if (replaces !== undefined && replaces === id)
    throw unusable("certificate_id and replaces are the same certificate.");
  const takes = store && ((service: JobTarget["service"]) => takesFrom(store, service));
  return replaces === undefined
    ? coveredTargets(facts.names, context, takes)
    : replacedTargets(replaces, facts, context, within);
}

/** The services of targets that give nothing but a service; undefined if there are none, or a target gives more. */
function servicesWithoutDetails(targets: DeployParams["targets"] = []): ReadonlySet<string> | undefined {
  const servicesAlone = targets.map(({ service, ...more }) =>
    Object.values(more).every((each) => each === undefined) ? service : undefined,
  );
  const alone = servicesAlone.flatMap((service) => service ?? []);
  return alone.length > 0 && alone.length === servicesAlone.length ? new Set(alone) : undefined;
}

/**
 * The certificate as the caller gives it: by its id, and the store that has it if that is another cloud's, or as a pair.
 * @throws {ToolError} of kind input for anything else
 */
function certificateIn({ certificate_id: id, certificate, private_key: privateKey }: DeployParams) {
  if ((id === undefined) === (certificate === undefined)) {
    throw unusable("Give certificate_id, or certificate with private_key; one of the two.");
  }
  if (id !== undefined) return { id, store: storeIdIn(id) };
  if (certificate === undefined || privateKey === undefined) throw unusable("certificate needs its private_key.");
  return { pair: { certificate, privateKey } };
}

/** The requested certificate, by its id at Tencent Cloud or with its key. */
async function desiredFor(
  given: DeployParams,
  targets: readonly DesiredTarget[],
  context: ToolContext,
): Promise<DesiredCertificate> {
  const { id, store, pair } = certificateIn(given);
  const places = targets.map(({ jobTarget }) => jobTarget);
  const takesId = (target: JobTarget) => deployerFor(target).takesId;
  if (store !== undefined) {
    refuseOtherClouds(id, store, places);
    return desiredInStore(store, context);
  }
  if (id !== undefined) return places.every(takesId) ? desiredById(id, context) : desiredWithKey(id, context);
  const { sources, now } = context;
  const source = { ...named("certificate", sources), ...named("privateKey", sources, "private_key") };
  const wanted = desiredFromPair(pair, source, now());
  if (!places.some(takesId)) return wanted;
  const stored = await unlessExcluded(storedCopiesOf(wanted.facts, await context.journal.list(), context));
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
    doubt: safe`Whether Tencent Cloud already stores the certificate was not checked: ${verbatim(stored.excluded)}.`,
  };
}

/**
 * The certificate that hosts of EdgeOne serve to clients of another key kind.
 * @throws {ToolError} of kind input for other targets, the same kind of key, or a name that it does not cover
 */
async function secondCertificateFor(
  { also_certificate_id: id }: DeployParams,
  targets: readonly DesiredTarget[],
  wanted: DesiredCertificate,
  context: ToolContext,
): Promise<Beside | undefined> {
  if (id === undefined) return undefined;
  if (targets.some(({ jobTarget }) => jobTarget.service !== "tencent-edgeone")) {
    throw unusable("also_certificate_id is for hosts of EdgeOne: no other service serves two certificates.");
  }
  const second = await desiredById(id, context);
  const { algorithm, facts } = second;
  if (algorithm === wanted.algorithm) {
    throw unusable(
      `Both certificates have keys of the same kind (${algorithm}); a host serves one of each kind.`,
      "Give one with an RSA key and one with an EC key.",
    );
  }
  refuseUncovered(targets, second);
  return { certificateId: id, sha256: facts.sha256, algorithm, wanted: true };
}

function named(member: "certificate" | "privateKey", sources: ToolContext["sources"], path: string = member) {
  const source = sources.get(path);
  return source === undefined || source === "inline" ? {} : { [member]: source };
}

/** @throws {ToolError} naming every domain that the certificate does not cover */
function refuseUncovered(targets: readonly DesiredTarget[], { facts }: DesiredCertificate): void {
  const missing = uncovered(
    facts.names,
    targets.flatMap(({ jobTarget }) => jobTarget.domain ?? []),
  );
  if (missing.length > 0) {
    throw unusable(
      `The certificate does not cover ${missing.map(formatName).join(", ")}; it is for ${facts.names.map(formatName).join(", ") || "no name"}.`,
      "find_certificates (domain) shows the stored certificates that cover it; or leave it out.",
    );
  }
}

function uploadWarnings({ doubt, otherCopies = [] }: DesiredCertificate): Warning[] {
  const again = safe`Tencent Cloud already stores this certificate as ${joined(otherCopies.map(formatId))}, but lacks its chain or does not show it: it is stored again, with its chain.`;
  return [...(doubt ? [doubt] : []), ...(otherCopies.length > 0 ? [again] : [])].map(caution);
}

/**
 * Warns of a certificate that expires before the one it replaces: usually the wrong file, or an older one. Only leaves are
 * compared, because the journal has no other end of what is served now.
 */
function earlierExpiryWarnings({ notAfter }: JobCertificate, targetPlans: readonly TargetPlan[]): Warning[] {
  const isLater = (end: string) => Date.parse(end) - Date.parse(notAfter) > dayMs;
  const longer = targetPlans.flatMap(({ target, step }) => {
    const { served = [] } = target.before ?? {};
    const [first] = served.map((each) => each.notAfter).sort();
    return step === undefined || first === undefined || !isLater(first)
      ? []
      : [safe`${describeTarget(target)} (${formatDay(first)})`];
  });
  if (longer.length === 0) return [];
  return [caution(safe`It expires ${formatDay(notAfter)}, before what is served now on: ${nameTargets(longer)}.`)];
}

function warningsOf({ target, step, warnings = [], says = safe`what it has now is not known` }: TargetPlan): Warning[] {
  if (step === undefined) return [];
  const lost = loss(safe`${describeTarget(target)}: ${says}, so this cannot be undone.`);
  return [...warnings, ...(target.before === undefined ? [lost] : [])];
}

export const deployCertificate = defineTool({
  name: "deploy_certificate",
  title: "Deploy a certificate everywhere",
  summary:
    "Serve one certificate on targets of the three clouds: one plan, one approval. Call again unchanged after a failure: only what is left is done. accepted is not yet served.",
  params: deployParams,
  uses: usedToDeploy,
  prepare,
  ...deploymentStages,
});
