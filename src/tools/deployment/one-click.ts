import { readReply } from "../../catalogue/documented-reply.js";
import { countOfProduct } from "../../catalogue/naming.js";
import { planned } from "../../catalogue/planned-change.js";
import { productBrand } from "../../catalogue/tencent-ssl/bound-resources.js";
import { certificateSubject, deploymentSubject } from "../../catalogue/tencent-ssl/params.js";
import { itemStatus } from "../../catalogue/tencent-ssl/record-replies.js";
import { isoOf } from "../../catalogue/tencent-ssl/time.js";
import {
  isRegional,
  isUpdatable,
  updateCertificateInstance,
} from "../../catalogue/tencent-ssl/update-certificate-instance.js";
import { updateCertificateRecordRetry } from "../../catalogue/tencent-ssl/update-certificate-record-retry.js";
import { updateCertificateRecordRollback } from "../../catalogue/tencent-ssl/update-certificate-record-rollback.js";
import { isSeen, type JobTarget } from "../../jobs/job.js";
import { partition } from "../../lib/lists.js";
import { formatId, joined, type SafeText, safe, verbatim } from "../../lib/safe-text.js";
import { ToolError } from "../../lib/tool-error.js";
import type { Step, StepReply, ToolContext } from "../../pipeline/tool.js";
import { describeServedCertificate } from "../../tls-check/descriptions.js";
import { type BoundResourceGroup, boundResourcesOf } from "../certificate-usage.js";
import { cloudFailure, pauseFor } from "../cloud-reads.js";
import { pauseAfter } from "../wait-for/poll.js";
import { readUpdateRecord, stillRunning, updateRecords } from "../wait-for/update-record.js";
import { answeredOnce, type Deployer, idOrPlaceholder } from "./deployer.js";
import { type DesiredCertificate, desiredById } from "./desired-certificate.js";
import { describeUnmatched, isMeant, refuseUnknownFilters } from "./resource-filters.js";

/** One update moves everything that uses an old certificate at Tencent Cloud (docs/cloud-behaviour.md 3.5). */
export const oneClickDeployer: Deployer = {
  takesId: true,
  serve: (_options, desired, { context, updatesInProgress }) => ({
    observe: async (jobTarget) => {
      const old = oldIdOf(jobTarget);
      // An update to the old certificate, or from it to a third one, leaves open what uses it. One to this is ours.
      const blocked = (await updatesInProgress()).find(
        ({ to, from }) => to === old || (from === old && to !== desired.facts.certificateId),
      );
      if (blocked !== undefined) return { hasDesired: false, blocked: stillRunning(blocked) };
      const bound = await boundResourcesOf(old, context);
      refuseUnknownFilters(old, jobTarget, bound);
      const [places, beyond] = partition(
        bound.filter((place) => isMeant(place, jobTarget)),
        isUpdatable,
      );
      const stays = beyond.length === 0 ? undefined : beyondUpdate(beyond, old);
      const unmatched = describeUnmatched(old, jobTarget, bound);
      const left = [stays && safe`${stays}.`, unmatched].flatMap((each) => each ?? []);
      if (stays !== undefined && places.length === 0) {
        // If an update was made, it moved the rest: nothing is left to do here.
        const record = await recordOf(old, desired.facts.certificateId, context);
        if (record === undefined) return { hasDesired: false, blocked: String(stays) };
      }
      return {
        before: { certificateIds: [old] },
        hasDesired: places.length === 0,
        says: stays !== undefined && places.length === 0 ? stays : describePlaces(places),
        places,
        showsRequestsInProgress: true,
        ...(left.length > 0 && { left: joined(left, verbatim(" ")) }),
      };
    },
    verifyApplied: async (jobTarget, since) => {
      const recordId = await recordOf(oldIdOf(jobTarget), desired.facts.certificateId, context, since);
      return recordId === undefined || recordId === jobTarget.recordId ? undefined : { recordId };
    },
    // A retry repeats only the failed items of a record; a second update would start over.
    step: (jobTarget, { places = [] }) =>
      jobTarget.recordId === undefined ? update(jobTarget, desired, places) : retry(jobTarget, jobTarget.recordId),
  }),
  interpretReply: (sent, context) =>
    sent.step.pollUntilDone === true ? recordIn(sent, context) : answeredOnce(sent, context),
  // Tencent Cloud rolls an update back by its record, once the record has finished (docs/cloud-behaviour.md 3.5).
  wayBack: async (target, { deployment, deploymentContext: { context, earlier } }) => {
    const { recordId } = target;
    if (recordId === undefined) return { cannot: safe`no deployment record is known` };
    const { finished, items, says } = await readUpdateRecord(recordId, context);
    if (!finished) return { cannot: safe`record ${recordId} is still running (${verbatim(says)}): wait_for it first` };
    if (!items.some(({ Status }) => Status === itemStatus.deployed)) {
      return { cannot: safe`record ${recordId} contains nothing to undo (${verbatim(says)})` };
    }
    const old = oldIdOf(target);
    const { certificateId } = deployment.certificate;
    const { facts } = await desiredById(old, context);
    return {
      expected: facts,
      putsBack: `certificate ${old}`,
      actions: {
        // Only another record can deploy it again after a rollback, and the journal or the cloud would know that record.
        observe: async ({ id }) => {
          const known = earlier.lastRunOf(id, facts)?.target;
          return {
            hasDesired: known !== undefined && (isSeen(known) || known.state === "accepted"),
            showsRequestsInProgress: true,
            before: { certificateIds: [certificateId].flatMap((each) => each ?? []) },
          };
        },
        verifyApplied: async () => {
          // That it is listed as a record with the two certificates swapped is inferred (docs/cloud-behaviour.md 3.5).
          const found = certificateId && (await recordOf(certificateId, old, context, earlier.job?.startedAt));
          return found ? { recordId: found } : undefined;
        },
        step: ({ name }) => rollBack(name, recordId, old),
      },
    };
  },
};

const oldIdOf = ({ oldCertificateId = "" }: JobTarget) => oldCertificateId;

/** What still has the old certificate afterwards: the cloud finds it there, and has no update for it. */
const beyondUpdate = (beyond: readonly BoundResourceGroup[], old: string) =>
  safe`${describePlaces(beyond)} cannot be updated here, so ${formatId(old)} stays there: change that in the product itself`;

function describePlaces(places: readonly BoundResourceGroup[]): SafeText {
  const named = places.map(({ type, region, count }) => {
    const some = countOfProduct(count, productBrand(type));
    return region === "" ? some : safe`${some} in ${formatId(region)}`;
  });
  return named.length === 0 ? safe`nothing uses it there` : joined(named);
}

function update(jobTarget: JobTarget, desired: DesiredCertificate, places: readonly BoundResourceGroup[]): Step {
  const own = idOrPlaceholder(desired);
  const types = [...new Set(places.map(({ type }) => type))];
  const ResourceTypesRegions = types.filter(isRegional).flatMap((type) => {
    const regions = places.flatMap((place) => (place.type === type && place.region !== "" ? [place.region] : []));
    return regions.length > 0 ? [{ ResourceType: type, Regions: regions }] : [];
  });
  const then = safe`${describePlaces(places)}: served with ${own.description} instead`;
  return {
    name: jobTarget.name,
    operation: updateCertificateInstance,
    params: { OldCertificateId: oldIdOf(jobTarget), CertificateId: own.id, ResourceTypes: types, ResourceTypesRegions },
    changes: [
      planned(certificateSubject(oldIdOf(jobTarget)), "bound resources", then, {
        each: {
          then: describeServedCertificate(desired.facts),
          isMeant: (place) => isMeant(place, jobTarget) && isUpdatable(place),
          names: desired.facts.names,
        },
      }),
    ],
    pollUntilDone: true,
    ...(own.pending && { pendingValues: own.pending }),
  };
}

function retry({ name }: JobTarget, recordId: number): Step {
  return {
    name,
    operation: updateCertificateRecordRetry,
    params: { DeployRecordId: recordId },
    changes: [
      planned(deploymentSubject(recordId), "deployment", safe`what failed is tried again`, { items: "tried again" }),
    ],
  };
}

function rollBack(name: string, recordId: number, old: string): Step {
  const then = safe`certificate ${formatId(old)} is served again`;
  return {
    name,
    operation: updateCertificateRecordRollback,
    params: { DeployRecordId: recordId },
    changes: [planned(deploymentSubject(recordId), "deployment", then, { items: "put back" })],
  };
}

/** How long the cloud may take to scan its resources. */
const gatherWithinMs = 180_000;

/** The record that the cloud has created; undefined while it scans its resources. */
async function recordIn(sent: StepReply, context: ToolContext): Promise<Partial<JobTarget> | undefined> {
  const { step, reply, attempt, waited } = sent;
  const { DeployRecordId: recordId, DeployStatus, RequestId } = readReply(updateCertificateInstance, reply) ?? {};
  if (recordId && DeployStatus !== 0) return { recordId, ...(RequestId && { requestId: RequestId }) };
  if (recordId) return { recordId: await ownRecord(recordId, sent, context) };
  if (waited >= gatherWithinMs) throw stillGathering(step);
  context.progress(safe`${verbatim(step.name)}: the cloud is looking through its resources`);
  await asSentRequest(pauseFor(context, pauseAfter(attempt)));
  return undefined;
}

/** DeployStatus 0 means that a record is running; it belongs to this job if it deploys the same certificate. */
async function ownRecord(
  recordId: number,
  { step: { name, params }, certificateId }: StepReply,
  context: ToolContext,
): Promise<number> {
  const own = await asSentRequest(recordOf(String(params.OldCertificateId), certificateId, context));
  if (own === recordId) return recordId;
  throw cloudFailure(
    `${name}: another deployment of the old certificate is running, record ${recordId}.`,
    `Follow it with wait_for (update, ${recordId}), then call again.`,
  );
}

/** The request was accepted: a failure while waiting for its record does not undo it. */
async function asSentRequest<Found>(waiting: Promise<Found>): Promise<Found> {
  try {
    return await waiting;
  } catch (error) {
    throw error instanceof ToolError ? new ToolError({ ...error.details, changed: "unknown", sent: true }) : error;
  }
}

/** Until it names a record, the cloud calls its task in progress: it may make the record, and deploy, after this look. */
function stillGathering({ name }: Step): ToolError {
  return new ToolError({
    kind: "cloud",
    happened: `${name}: the cloud took the request and is still looking through its resources; it has named no record yet, and may deploy once it is through.`,
    changed: "unknown",
    sent: true,
    next: "Call deploy_certificate again with the same arguments: it finds the record, or continues from there.",
  });
}

/** How far the cloud's clock may lag behind ours, in milliseconds. */
const clockSkewMs = 60_000;

/** The newest record that replaces one certificate with another, created after `since` (ISO 8601). */
async function recordOf(
  oldId: string,
  newId: string | undefined,
  context: ToolContext,
  since?: string,
): Promise<number | undefined> {
  if (newId === undefined) return undefined;
  const records = await updateRecords({ OldCertificateId: oldId, CertificateId: newId }, context);
  const from = since === undefined ? 0 : Date.parse(since) - clockSkewMs;
  const ids = records.flatMap(({ Id, CertId, OldCertId, CreateTime }) => {
    const late = Date.parse(isoOf(CreateTime) ?? "") >= from;
    return Id && CertId === newId && OldCertId === oldId && late ? [Id] : [];
  });
  return ids.length === 0 ? undefined : Math.max(...ids);
}
