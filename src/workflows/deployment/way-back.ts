import { planned } from "../../catalogue/planned.js";
import { modifyHostsCertificate } from "../../catalogue/tencent-edgeone/modify-hosts-certificate.js";
import { deploymentSubject } from "../../catalogue/tencent-ssl/params.js";
import { updateCertificateRecordRollback } from "../../catalogue/tencent-ssl/update-certificate-record-rollback.js";
import { Excluded, Failure } from "../../failure.js";
import type { Job, JobTarget } from "../../jobs/job.js";
import type { Step } from "../../own-tool.js";
import { joined, safe, termInWords } from "../../visible.js";
import { excludedInWords } from "../reading.js";
import { itemStatus, readUpdateRecord } from "../waiting/update-record.js";
import { operationFor } from "./alibaba.js";
import { type Course, courseFor, decide, type Way } from "./course.js";
import type { Ground } from "./delivery.js";
import type { Earlier, Known } from "./earlier.js";
import { changeOf, showsAtEdge, sightOf } from "./edge-sight.js";
import { certificatesOf, subjectOf } from "./edgeone.js";
import { recordOf } from "./one-click.js";
import type { Finder } from "./previous.js";
import { targetInWords } from "./targets.js";
import { type Wanted, wantedById } from "./wanted.js";

/** How one target of a deployment gets back what it had: a course, or why there is none. */
export type WayBack = Course | { readonly cannot: string };

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
    if (error instanceof Excluded) return { cannot: excludedInWords(error) };
    if (!(error instanceof Failure) || error.facts.kind === "cancelled") throw error;
    return { cannot: error.facts.happened };
  }
}

/** Tencent Cloud undoes an update by its record, once that has come to its end (FACTS.md 6.5). */
async function byRecord(target: JobTarget, ways: Ways): Promise<WayBack> {
  const { ground, deployment, earlier } = ways;
  const { context } = ground;
  const { recordId, oldCertificateId = "" } = target;
  if (recordId === undefined) return { cannot: "no deployment record is known" };
  const { finished, items, says } = await readUpdateRecord(recordId, context);
  if (!finished) return { cannot: `record ${recordId} is still at work (${says}): wait_for it first` };
  if (!items.some(({ Status }) => Status === itemStatus.deployed)) {
    return { cannot: `record ${recordId} holds nothing that could be undone (${says})` };
  }
  const { facts } = await wantedById(oldCertificateId, context);
  const at = forWayBack(target, facts.sha256);
  const tookEffect = async () => {
    const { certificateId } = deployment.certificate;
    // That a rollback is listed as a record with the two certificates changed over is inferred (FACTS.md 6.5).
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
  return decide(at, facts.sha256, earlier, ground, {
    // What was taken back is only put in place again by another record, which the journal or the cloud would know.
    look: async () => ({ has: isDone(earlier.of(at.id, { sha256: facts.sha256 })), tellsAll: true }),
    tookEffect,
    step: () => step,
  });
}

const isDone = (known: Known | undefined) => known?.target.state === "served" || known?.target.state === "accepted";

/** EdgeOne is told the ids that the host had. */
async function toCertificates(target: JobTarget, ways: Ways): Promise<WayBack> {
  const { certificateIds: ids = [], none } = target.before ?? {};
  if (none) {
    const look = async () => {
      const shows = await certificatesOf(target, ways.ground);
      return { has: shows?.length === 0, shows };
    };
    return off(target, hostOff(target, ways.ground), look, ways);
  }
  const [id, ...more] = ids;
  if (id === undefined) return { cannot: "what it had before is not known" };
  if (more.length > 0)
    return {
      cannot: `it had several certificates (${joined(ids.map(termInWords))}): set them by ModifyHostsCertificate`,
    };
  if (id.startsWith("teo-")) {
    return {
      cannot: "it had a free certificate of EdgeOne's own: set it by ModifyHostsCertificate, Mode eofreecert_manual",
    };
  }
  return again(target, await wantedById(id, ways.ground.context), ways);
}

/** The others are sent the certificate that their edge served. */
async function toServed(target: JobTarget, ways: Ways): Promise<WayBack> {
  const { served = [], none } = target.before ?? {};
  if (none) return off(target, domainOff(target), (at) => sightOf(at, "none", ways.ground.context), ways);
  const [leaf, ...more] = served;
  if (leaf === undefined) return { cannot: "what it served before could not be seen" };
  if (more.length > 0) return { cannot: "its addresses served several certificates before" };
  const wanted = await ways.finder.find(leaf);
  return typeof wanted === "string" ? { cannot: wanted } : again(target, wanted, ways);
}

/** To go back is to deploy what was there before. */
async function again(target: JobTarget, wanted: Wanted, { ground, earlier }: Ways): Promise<WayBack> {
  const { sha256 } = wanted.facts;
  return courseFor({ at: forWayBack(target, sha256) }, wanted, earlier, ground);
}

/** The call that takes HTTPS away again. */
async function off(
  target: JobTarget,
  step: Step | undefined,
  look: Way["look"],
  { ground, earlier }: Ways,
): Promise<WayBack> {
  if (step === undefined) return { cannot: "it had no HTTPS before, and no documented operation takes that away" };
  return decide(forWayBack(target, "none"), "none", earlier, ground, {
    look,
    tookEffect: async (at) => ((await showsAtEdge(at, "none", ground.context)) ? {} : undefined),
    step: () => step,
  });
}

function hostOff(at: JobTarget, ground: Ground): Step {
  return {
    name: at.name,
    operation: modifyHostsCertificate,
    params: { ZoneId: at.zoneId, Hosts: [at.domain], Mode: "disable" },
    changes: [planned(subjectOf(at, ground), "server certificate", safe`none: HTTPS off, as before`)],
  };
}

function domainOff(at: JobTarget): Step | undefined {
  if (at.service !== "alibaba-cdn" && at.service !== "alibaba-vod") return undefined;
  return {
    name: at.name,
    operation: operationFor(at),
    params: { DomainName: at.domain, SSLProtocol: "off" },
    changes: [changeOf(at, safe`no HTTPS, as before`)],
  };
}

/** The target as a rollback begins with it: nothing of it has been done yet. */
function forWayBack(target: JobTarget, expected: string): JobTarget {
  const { before, recordId, acceptedAt, sentAt, supersedes, says, code, requestId, ...at } = target;
  return { ...at, name: targetInWords(target), expected, state: "pending" };
}
