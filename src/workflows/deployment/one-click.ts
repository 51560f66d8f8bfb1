import { z } from "zod";
import { list, number, text } from "../../catalogue/loose.js";
import { planned } from "../../catalogue/planned.js";
import { describeHostUpdateRecord } from "../../catalogue/tencent-ssl/describe-host-update-record.js";
import { certificateSubject, deploymentSubject } from "../../catalogue/tencent-ssl/params.js";
import { isoOf } from "../../catalogue/tencent-ssl/time.js";
import { updateCertificateInstance } from "../../catalogue/tencent-ssl/update-certificate-instance.js";
import { updateCertificateRecordRetry } from "../../catalogue/tencent-ssl/update-certificate-record-retry.js";
import { certificateInWords } from "../../edge/in-words.js";
import { Failure } from "../../failure.js";
import type { JobTarget } from "../../jobs/job.js";
import type { CarryOut, OwnToolContext, Step } from "../../own-tool.js";
import { joined, type SafeText, safe, termInWords } from "../../visible.js";
import { pauseFor, readAs } from "../reading.js";
import { pauseAfter } from "../waiting/poll.js";
import { inTheWay } from "./arrivals.js";
import { type Delivery, idOf } from "./delivery.js";
import { type Place, placesOf } from "./places.js";
import { sendOnce } from "./send-once.js";
import type { Target } from "./targets.js";
import type { Wanted } from "./wanted.js";

/** Whatever uses an old certificate of Tencent Cloud: one update moves all of it (docs/cloud-behaviour.md 3.5). */
export const oneClick: Delivery = {
  look: async ({ at }, { facts }, { context, arrivals }) => {
    const old = oldOf(at);
    // Towards the old certificate, or from it to a third: what uses it is not decided yet. To this very one is ours.
    const blocked = (await arrivals()).find(
      ({ to, from }) => to === old || (from === old && to !== facts.certificateId),
    );
    if (blocked !== undefined) return { has: false, blocked: inTheWay(blocked) };
    const places = (await placesOf(old, context)).filter((place) => isMeant(place, at));
    const has = places.length === 0;
    return { before: { certificateIds: [old] }, has, says: inWords(places), places, tellsAll: true };
  },
  // Only what failed of a record is tried again; a second update would begin from the start.
  step: (target, wanted, { places = [] }) =>
    target.at.recordId === undefined ? update(target, wanted, places) : retry(target, target.at.recordId),
  deliver: (step, carryOut, slots, context) =>
    step.repeats === true ? untilRecorded(step, carryOut, slots, context) : sendOnce(step, carryOut, slots, context),
  tookEffect: async (at, { facts }, { context }, since) => {
    const recordId = await recordOf(oldOf(at), facts.certificateId, context, since);
    return recordId === undefined || recordId === at.recordId ? undefined : { recordId };
  },
};

const oldOf = ({ oldCertificateId = "" }: JobTarget) => oldCertificateId;

function isMeant({ type, region }: Pick<Place, "type" | "region">, { resourceTypes, regions }: JobTarget): boolean {
  const ofType = resourceTypes === undefined || resourceTypes.includes(type);
  return ofType && (region === "" || regions === undefined || regions.includes(region));
}

function inWords(places: readonly Place[]): SafeText {
  const named = places.map(({ type, region, count }) => {
    const some = safe`${count} ${termInWords(type)}`;
    return region === "" ? some : safe`${some} in ${termInWords(region)}`;
  });
  return named.length === 0 ? safe`nothing uses it there` : joined(named);
}

function update({ at }: Target, wanted: Wanted, places: readonly Place[]): Step {
  const own = idOf(wanted);
  const types = [...new Set(places.map(({ type }) => type))];
  const ResourceTypesRegions = types.flatMap((type) => {
    const regions = places.flatMap((place) => (place.type === type && place.region !== "" ? [place.region] : []));
    return regions.length > 0 ? [{ ResourceType: type, Regions: regions }] : [];
  });
  const then = safe`${inWords(places)}: served with ${own.inWords} instead`;
  return {
    name: at.name,
    operation: updateCertificateInstance,
    params: { OldCertificateId: oldOf(at), CertificateId: own.id, ResourceTypes: types, ResourceTypesRegions },
    changes: [
      planned(certificateSubject(oldOf(at)), "bound resources", then, {
        each: { then: certificateInWords(wanted.facts), isMeant: (place) => isMeant(place, at) },
      }),
    ],
    repeats: true,
    ...(own.pending && { pending: own.pending }),
  };
}

function retry({ at }: Target, recordId: number): Step {
  return {
    name: at.name,
    operation: updateCertificateRecordRetry,
    params: { DeployRecordId: recordId },
    changes: [
      planned(deploymentSubject(recordId), "deployment", safe`what failed is tried again`, { items: "tried again" }),
    ],
  };
}

const answer = z.object({ DeployRecordId: number, DeployStatus: number, RequestId: text });

/** How long the cloud may take to look through its resources. */
const gatherWithinMs = 180_000;

/** Sends the same call until the cloud has looked through the resources and made its record. */
async function untilRecorded(
  step: Step,
  carryOut: CarryOut,
  slots: ReadonlyMap<string, string>,
  context: OwnToolContext,
): Promise<Partial<JobTarget>> {
  const deadline = context.now().getTime() + gatherWithinMs;
  for (let turn = 0; ; turn++) {
    const { DeployRecordId: recordId, DeployStatus, RequestId } = answer.parse(await carryOut(step, slots));
    if (recordId && DeployStatus !== 0) return { recordId, ...(RequestId && { requestId: RequestId }) };
    if (recordId) return { recordId: await ours(recordId, step, slots, context) };
    if (context.now().getTime() >= deadline) throw stillGathering(step);
    context.progress(`${step.name}: the cloud is looking through its resources`);
    await withoutWord(pauseFor(context, pauseAfter(turn)));
  }
}

/** DeployStatus 0 means that a record runs; it is this job's where it puts the same certificate in place. */
async function ours(
  recordId: number,
  { name, params }: Step,
  slots: ReadonlyMap<string, string>,
  context: OwnToolContext,
): Promise<number> {
  const id = String(params.CertificateId);
  const own = await withoutWord(recordOf(String(params.OldCertificateId), slots.get(id) ?? id, context));
  if (own === recordId) return recordId;
  throw new Failure({
    kind: "cloud",
    happened: `${name}: another deployment of the old certificate is running, record ${recordId}.`,
    changed: "no",
    next: `Follow it with wait_for (update, ${recordId}), then call again.`,
  });
}

/** The request was taken: whatever ends the wait for its record does not take it back. */
async function withoutWord<Found>(waiting: Promise<Found>): Promise<Found> {
  try {
    return await waiting;
  } catch (error) {
    throw error instanceof Failure ? new Failure({ ...error.facts, changed: "unknown", sent: true }) : error;
  }
}

function stillGathering({ name }: Step): Failure {
  return new Failure({
    kind: "cloud",
    happened: `${name}: the cloud is still looking through its resources; no record was made, and nothing is deployed.`,
    changed: "no",
    next: "Call deploy_certificate again with the same arguments; it goes on from there.",
  });
}

const records = z.object({
  DeployRecordList: list(z.object({ Id: number, CertId: text, OldCertId: text, CreateTime: text })),
});

/** How far the cloud's clock may be behind ours, in milliseconds. */
const skew = 60_000;

/** The newest record by which one certificate replaces another, made after `since` (ISO 8601). */
export async function recordOf(
  oldId: string,
  newId: string | undefined,
  context: OwnToolContext,
  since?: string,
): Promise<number | undefined> {
  if (newId === undefined) return undefined;
  const params = { OldCertificateId: oldId, CertificateId: newId, Limit: 100 };
  const { DeployRecordList } = await readAs(context, describeHostUpdateRecord, params, records);
  const from = since === undefined ? 0 : Date.parse(since) - skew;
  const ids = DeployRecordList.flatMap(({ Id, CertId, OldCertId, CreateTime }) => {
    const late = Date.parse(isoOf(CreateTime) ?? "") >= from;
    return Id && CertId === newId && OldCertId === oldId && late ? [Id] : [];
  });
  return ids.length === 0 ? undefined : Math.max(...ids);
}
