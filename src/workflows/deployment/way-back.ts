import { asAlibabaWrites } from "../../catalogue/alibaba-params.js";
import { planned } from "../../catalogue/planned.js";
import { modifyHostsCertificate } from "../../catalogue/tencent-edgeone/modify-hosts-certificate.js";
import { deploymentSubject } from "../../catalogue/tencent-ssl/params.js";
import { itemStatus } from "../../catalogue/tencent-ssl/record-replies.js";
import { updateCertificateRecordRollback } from "../../catalogue/tencent-ssl/update-certificate-record-rollback.js";
import { certificateInWords } from "../../edge/in-words.js";
import { Excluded, Failure } from "../../failure.js";
import { type Beside, isSeen, type Job, type JobTarget } from "../../jobs/job.js";
import { keeps } from "../../jobs/requests.js";
import type { Step } from "../../own-tool.js";
import type { Expectation } from "../../preflight/sent-chain.js";
import { joined, ownWords, SafeText, safe, termInWords } from "../../visible.js";
import { excludedInWords } from "../reading.js";
import { readUpdateRecord } from "../waiting/update-record.js";
import { operationFor } from "./alibaba.js";
import { type Course, courseFor, decide, type Way } from "./course.js";
import type { Ground } from "./delivery.js";
import type { Earlier, Known } from "./earlier.js";
import { changeOf, showsAtEdge, sightOf } from "./edge-sight.js";
import { certificatesOf, subjectOf } from "./edgeone.js";
import { besideOf, type Stored } from "./held.js";
import { recordOf } from "./one-click.js";
import type { Finder } from "./previous.js";
import { targetInWords } from "./targets.js";
import { type Wanted, wantedById } from "./wanted.js";

/** How one target of a deployment gets back what it had: a course, or why there is none. */
export type WayBack = Course | { readonly cannot: SafeText };

interface Ways {
  /** The deployment that is taken back. */
  readonly deployment: Job;
  readonly ground: Ground;
  readonly earlier: Earlier;
  readonly finder: Finder;
}

/** @param target as the deployment left it */
export async function wayBack(target: JobTarget, ways: Ways): Promise<WayBack> {
  try {
    switch (target.service) {
      case "tencent-ssl":
        return await byRecord(target, ways);
      case "tencent-edgeone":
        return await toCertificates(target, ways);
      case "alibaba-cdn":
      case "alibaba-vod":
      case "huawei-live":
        return await toServed(target, ways);
    }
  } catch (error) {
    if (error instanceof Excluded) return { cannot: ownWords(excludedInWords(error)) };
    if (!(error instanceof Failure) || error.facts.kind === "cancelled") throw error;
    return { cannot: ownWords(error.facts.happened) };
  }
}

/** Tencent Cloud undoes an update by its record, once that has come to its end (docs/cloud-behaviour.md 3.5). */
async function byRecord(target: JobTarget, ways: Ways): Promise<WayBack> {
  const { ground, deployment, earlier } = ways;
  const { context } = ground;
  const { recordId, oldCertificateId = "" } = target;
  if (recordId === undefined) return { cannot: safe`no deployment record is known` };
  const { finished, items, says } = await readUpdateRecord(recordId, context);
  if (!finished) return { cannot: safe`record ${recordId} is still at work (${ownWords(says)}): wait_for it first` };
  if (!items.some(({ Status }) => Status === itemStatus.deployed)) {
    return { cannot: safe`record ${recordId} holds nothing that could be undone (${ownWords(says)})` };
  }
  const { facts } = await wantedById(oldCertificateId, context);
  const at = forWayBack(target, facts, `certificate ${oldCertificateId}`);
  const tookEffect = async () => {
    const { certificateId } = deployment.certificate;
    // That a rollback is listed as a record with the two certificates changed over is inferred
    // (docs/cloud-behaviour.md 3.5).
    const found = certificateId && (await recordOf(certificateId, oldCertificateId, context, earlier.job?.startedAt));
    return found ? { recordId: found } : undefined;
  };
  const step: Step = {
    name: target.name,
    operation: updateCertificateRecordRollback,
    params: { DeployRecordId: recordId },
    changes: [
      planned(
        deploymentSubject(recordId),
        "deployment",
        safe`certificate ${termInWords(oldCertificateId)} is served again`,
        { items: "put back" },
      ),
    ],
  };
  return decide(at, facts, earlier, ground, {
    // What was taken back is only put in place again by another record, which the journal or the cloud would know.
    look: async () => ({
      has: isDone(earlier.of(at.id, facts)),
      tellsAll: true,
      before: { certificateIds: [deployment.certificate.certificateId].flatMap((id) => id ?? []) },
    }),
    tookEffect,
    step: () => step,
  });
}

const isDone = (known: Known | undefined) =>
  known !== undefined && (isSeen(known.target) || known.target.state === "accepted");

/** EdgeOne is told the ids that the host had. */
async function toCertificates(target: JobTarget, ways: Ways): Promise<WayBack> {
  const { certificateIds: ids = [], served = [], none } = target.before ?? {};
  if (none) {
    const look = async () => {
      const shows = await certificatesOf(target, ways.ground);
      return { has: shows?.length === 0, shows };
    };
    return off(target, hostOff(target, ways.ground), look, ways);
  }
  const named = joined(ids.map(termInWords));
  if (ids.length === 0) return { cannot: safe`what it had before is not known` };
  const [unstored] = served;
  if (unstored !== undefined) {
    return {
      cannot: safe`beside ${named} its edge served ${certificateInWords(unstored)}, which Tencent Cloud SSL does not have; ModifyHostsCertificate sets ${named} alone`,
    };
  }
  if (ids.some((id) => id.startsWith("teo-"))) {
    return {
      cannot: safe`it had a free certificate of EdgeOne's own: set it by ModifyHostsCertificate, Mode eofreecert_manual`,
    };
  }
  const all: Stored[] = [];
  for (const id of ids) all.push(await ways.ground.stored(id));
  // What the deployment left in place is there still; what it replaced decides whether it has come back.
  const replaced = ids.find((id) => !keeps(target, id)) ?? ids[0] ?? "";
  const [missing] = all.filter(({ issued, id }) => !issued && id !== replaced);
  if (missing !== undefined)
    return { cannot: safe`certificate ${termInWords(missing.id)}, which it had, ${missing.status}` };
  return again(target, await wantedById(replaced, ways.ground.context), ways, besideOf(all));
}

/** The others are sent the certificate that their edge served. */
async function toServed(target: JobTarget, ways: Ways): Promise<WayBack> {
  const { served = [], none } = target.before ?? {};
  if (none) return off(target, domainOff(target), (at) => sightOf(at, noHttps, ways.ground.context), ways);
  const [leaf, ...more] = served;
  if (leaf === undefined) return { cannot: safe`what it served before could not be seen` };
  if (more.length > 0) return { cannot: safe`its addresses served several certificates before` };
  const wanted = await ways.finder.find(leaf);
  if (wanted instanceof SafeText) return { cannot: wanted };
  const { chain, ...facts } = wanted.facts;
  // Where the chain alone was changed, what is served now would do for what was there before.
  const exact = facts.sha256 === ways.deployment.certificate.sha256 && chain && { ...chain, exact: true };
  return again(target, exact ? { ...wanted, facts: { ...facts, chain: exact } } : wanted, ways);
}

/** To go back is to deploy what was there before. */
async function again(
  target: JobTarget,
  wanted: Wanted,
  { ground, earlier }: Ways,
  beside?: readonly Beside[],
): Promise<WayBack> {
  const { certificateId } = wanted.facts;
  const words = certificateInWords(wanted.facts);
  const putsBack = certificateId === undefined ? String(words) : `certificate ${certificateId}, ${words}`;
  return courseFor({ at: forWayBack(target, wanted.facts, putsBack), beside }, wanted, earlier, ground);
}

const noHttps: Expectation = { sha256: "none" };

/** The call that takes HTTPS away again. */
async function off(
  target: JobTarget,
  step: Step | undefined,
  look: Way["look"],
  { ground, earlier }: Ways,
): Promise<WayBack> {
  if (step === undefined)
    return { cannot: safe`it had no HTTPS before, and no operation offered here takes that away` };
  return decide(forWayBack(target, noHttps, "no HTTPS"), noHttps, earlier, ground, {
    look,
    tookEffect: async (at) => ((await showsAtEdge(at, noHttps, ground.context)) ? {} : undefined),
    step: () => step,
  });
}

function hostOff(at: JobTarget, ground: Ground): Step {
  return {
    name: at.name,
    operation: modifyHostsCertificate,
    params: { ZoneId: at.zoneId, Hosts: [at.domain], Mode: "disable" },
    changes: [planned(subjectOf(at, ground, {}), "server certificate", safe`none: HTTPS off, as before`)],
  };
}

function domainOff(at: JobTarget): Step | undefined {
  if (at.service !== "alibaba-cdn" && at.service !== "alibaba-vod") return undefined;
  return {
    name: at.name,
    operation: operationFor(at),
    params: { DomainName: asAlibabaWrites(at.domain ?? ""), SSLProtocol: "off" },
    changes: [changeOf(at, safe`no HTTPS, as before`)],
  };
}

/** The target as a rollback begins with it: nothing of it has been done yet. */
function forWayBack(target: JobTarget, { sha256: expected, chain }: Expectation, putsBack: string): JobTarget {
  const { before, beside, chain: _, recordId, acceptedAt, sentAt, supersedes, says, code, requestId, ...at } = target;
  const { copy, resources, seen, ...left } = at;
  return {
    ...left,
    name: String(targetInWords(target)),
    expected,
    putsBack,
    ...(chain && { chain }),
    state: "pending",
  };
}
