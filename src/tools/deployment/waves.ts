import type { Warning } from "../../catalogue/operation.js";
import { caution } from "../../catalogue/warnings.js";
import { isProven, type JobTarget } from "../../jobs/job.js";
import { wasSent } from "../../jobs/requests.js";
import { partition, present } from "../../lib/lists.js";
import { andMore, joined, type SafeText, safe } from "../../lib/safe-text.js";
import type { Wave, Waves } from "../../pipeline/tool.js";
import type { DeployParams } from "./arguments.js";
import type { DeploymentContext } from "./deployer.js";
import type { TargetPlan } from "./target-plan.js";
import { describeTarget } from "./targets.js";
import { checkHosts, WaveProof } from "./wave-proof.js";

/** Up to this many targets are sent without waves, unless the caller wants some. */
export const SENT_AT_ONCE = 3;

/** How long a wave may take to be proven unless the caller says, in seconds: edges usually take minutes. */
const WITHIN_SECONDS = 600;

/** A deployment as it goes in waves, or without them. */
interface WavePlan {
  /** In the order in which they are sent. */
  readonly targetPlans: readonly TargetPlan[];
  readonly waves?: Waves;
  readonly warnings: readonly Warning[];
  /** "1, 2, 5"; absent without waves. */
  readonly sizes?: SafeText;
}

type Recorded = ReadonlyMap<string, JobTarget>;

/**
 * Divides what is to be sent into waves: one target, then a few with one of each service, then the rest, and what cannot
 * be looked at from here after all of them. A job that is resumed keeps its waves, and first proves what it sent before.
 */
export async function planWaves(
  targetPlans: readonly TargetPlan[],
  { waves: given, wait_seconds: seconds = 0 }: Pick<DeployParams, "waves" | "wait_seconds">,
  about: { readonly key: string; readonly algorithm: string },
  deploymentContext: DeploymentContext,
): Promise<WavePlan> {
  const { context, earlier } = deploymentContext;
  const sent = targetPlans.filter(({ step }) => step !== undefined);
  const recorded: Recorded = new Map(earlier.job?.targets.map((target) => [target.id, target]));
  const isBegun = [...recorded.values()].some(({ wave }) => wave !== undefined);
  const isWanted = given ?? (isBegun || sent.length > SENT_AT_ONCE);
  const unproven = targetPlans.filter((each) => isWanted && isUnproven(each, recorded));
  if (!isWanted || sent.length === 0 || sent.length + unproven.length === 1) {
    // A person who reads of many targets may expect waves.
    const isMany = sent.length > SENT_AT_ONCE;
    const allAtOnce = safe`All ${sent.length} targets are sent at once, not in waves: a fault reaches all of them.`;
    return { targetPlans, warnings: isMany ? [caution(allAtOnce)] : [] };
  }
  const edgeReports = await checkHosts(targetsIn(sent), context);
  const [provable, unseen] = partition(sent, ({ target }) => edgeReports.has(target.id));
  if (provable.length + unproven.length === 0) return { targetPlans, warnings: [caution(nothingSeen)] };
  const numbers = isBegun ? recordedNumbers(provable, recorded) : dividedNumbers(provable);
  const afterAll = Math.max(0, ...numbers.values()) + 1;
  for (const { id } of targetsIn(unseen)) numbers.set(id, Math.max(afterAll, recorded.get(id)?.wave ?? 0));
  const order = wavesOf(numbers);
  const count = order.at(-1)?.number ?? 1;
  const proof = new WaveProof(
    edgeReports,
    { ...about, withinMs: (seconds || WITHIN_SECONDS) * 1000 },
    deploymentContext,
  );
  const arranged = targetPlans.map((each) => inWave(each, numbers.get(each.target.id), count, recorded));
  const first = {
    number: Math.min(...order.map(({ number }) => number)),
    ids: targetsIn(unproven).map(({ id }) => id),
  };
  return {
    targetPlans: arranged.sort((one, other) => (one.target.wave ?? 0) - (other.target.wave ?? 0)),
    waves: {
      order: unproven.length === 0 ? order : [first, ...order],
      ready: (ids) => proof.ready(targetsIn(sent).filter(({ id }) => ids.includes(id))),
      prove: (job, ids) => proof.prove(job, ids),
    },
    warnings: [...(unproven.length > 0 ? [caution(provenFirst(unproven.length))] : []), ...lastWaveWarnings(unseen)],
    ...(order.length > 1 && { sizes: joined(order.map(({ ids }) => safe`${ids.length}`)) }),
  };
}

const targetsIn = (plans: readonly TargetPlan[]) => plans.map(({ target }) => target);

/** Sent by the job that is resumed, with a wave that was never proven. */
function isUnproven({ target, step }: TargetPlan, recorded: Recorded): boolean {
  const before = recorded.get(target.id);
  if (step !== undefined || before?.wave === undefined) return false;
  return wasSent(before) && !isProven(before) && wasSent(target);
}

/** The number of its wave, for each target by its id. */
type WaveNumbers = Map<string, number>;

/** One target; then a fifth, but at least two and one of each other service; then the rest. */
function dividedNumbers(provable: readonly TargetPlan[]): WaveNumbers {
  const targets = targetsIn(provable);
  const [first, ...others] = targets;
  const firstOfService = others.filter(({ service }, index) => {
    return service !== first?.service && others.findIndex((each) => each.service === service) === index;
  });
  const few = Math.max(2, Math.ceil(targets.length / 5), firstOfService.length);
  const second = [...firstOfService, ...others.filter((each) => !firstOfService.includes(each))].slice(0, few);
  return new Map(targets.map((target) => [target.id, target === first ? 1 : second.includes(target) ? 2 : 3]));
}

/** The wave in which the job that is resumed sent each; the last for targets that it did not divide. */
function recordedNumbers(provable: readonly TargetPlan[], recorded: Recorded): WaveNumbers {
  const last = Math.max(...[...recorded.values()].map(({ wave = 1 }) => wave));
  return new Map(targetsIn(provable).map(({ id }) => [id, recorded.get(id)?.wave ?? last]));
}

function wavesOf(numbers: WaveNumbers): readonly Wave[] {
  const all = [...new Set(numbers.values())].sort((one, other) => one - other);
  return all.map((number) => ({
    number,
    ids: [...numbers].flatMap(([id, of]) => (of === number ? [id] : [])),
  }));
}

/** The target with its wave; the first line of its step in the plan says which. */
function inWave(each: TargetPlan, number: number | undefined, count: number, recorded: Recorded): TargetPlan {
  const { target, step } = each;
  if (step === undefined || number === undefined) {
    const { wave, provenAt } = recorded.get(target.id) ?? {};
    return { ...each, target: { ...target, ...(wave && { wave }), ...(provenAt && { provenAt }) } };
  }
  const [line, ...more] = step.changes ?? step.operation.plannedChanges(step.params);
  const changes = line && [{ ...line, then: safe`${line.then} (wave ${number} of ${count})` }, ...more];
  return { ...each, target: { ...target, wave: number }, step: { ...step, ...(changes && { changes }) } };
}

const nothingSeen = safe`None of the targets can be looked at from here, so all are sent at once: no wave could be proven.`;

const provenFirst = (count: number) =>
  safe`Sent before and not proven yet: ${count}. Nothing more is sent until each is seen served and trusted.`;

/** How many targets a warning names. */
const NAMED = 3;

function lastWaveWarnings(unseen: readonly TargetPlan[]): Warning[] {
  const [groups, hosts] = partition(targetsIn(unseen), ({ service }) => service === "tencent-ssl");
  const named = andMore(hosts, NAMED, describeTarget);
  return present([
    hosts.length > 0 && safe`Cannot be looked at from here, so sent last, once everything else is proven: ${named}.`,
    ...groups.map(
      (target) =>
        safe`${describeTarget(target)}: Tencent Cloud changes all of them with one request, so they go together, once everything else is proven.`,
    ),
  ]).map(caution);
}
