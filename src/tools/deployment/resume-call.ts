import type { Job, JobTarget } from "../../jobs/job.js";
import { unfinished } from "../../jobs/journal.js";
import type { JsonObject } from "../../lib/json.js";
import { turnsOff } from "./report.js";
import { withDomainsTogether } from "./targets.js";
import { SENT_AT_ONCE } from "./waves.js";

/** A call that resumes a job where it stopped. */
interface ResumeCall {
  readonly tool: "deploy_certificate" | "roll_back" | "turn_off_https" | "delete_unused_certificates";
  /** What the caller still has to add, in a sentence. */
  readonly add?: string;
  readonly arguments: JsonObject;
}

/**
 * The call that resumes a job, for a caller who finds the job in the journal days later and no longer has the original
 * call. Undefined if nothing is left to send.
 */
export function resumeCall(job: Job): ResumeCall | undefined {
  const left = unfinished(job).length;
  if (left === 0) return undefined;
  if (job.kind === "rollback") return { tool: "roll_back", arguments: { job: job.of } };
  if (job.kind === "deletion") {
    const ids = job.targets.flatMap(({ oldCertificateId }) => oldCertificateId ?? []);
    return { tool: "delete_unused_certificates", arguments: { certificate_ids: ids } };
  }
  if (turnsOff(job))
    return {
      tool: "turn_off_https",
      arguments: { domains: job.targets.flatMap(({ domain }) => domain ?? []), ...placeOf(job.targets) },
    };
  const certificate = certificateIn(job);
  const second = job.targets.flatMap(({ beside = [] }) => beside).find(({ wanted }) => wanted)?.certificateId;
  return {
    tool: "deploy_certificate",
    ...(certificate === undefined && { add: "certificate and private_key: they are no longer available" }),
    // All targets, because they identify the job; finished ones are left alone.
    arguments: {
      ...certificate,
      ...(second !== undefined && { also_certificate_id: second }),
      targets: withDomainsTogether(job.targets.map((each) => ({ domain: each.domain, settings: settingsOf(each) }))),
      // By default so many go in waves; only who turned that off finds it turned off.
      ...(left > SENT_AT_ONCE && job.withoutWaves && { waves: false }),
    },
  };
}

/** The service and site, if all targets share them: a call that turned HTTPS off names no others. */
function placeOf(targets: readonly JobTarget[]): JsonObject {
  const shared = (of: (target: JobTarget) => string | undefined) => {
    const [value, ...others] = new Set(targets.map(of));
    return others.length === 0 ? value : undefined;
  };
  const [service, zone] = [shared((each) => each.service), shared((each) => each.zoneId)];
  return { ...(service && { service }), ...(zone && { zone_id: zone }) };
}

/** The original reference, if still valid; vault references expired with the session. */
function certificateIn({ certificate: { source, certificateId, storedAs } }: Job): JsonObject | undefined {
  const { certificate, privateKey } = source;
  const isLasting = [certificate, privateKey].every((each) => each !== undefined && !each.startsWith("vault:"));
  if (isLasting) return { certificate, private_key: privateKey };
  const id = certificateId ?? storedAs;
  return id === undefined ? undefined : { certificate_id: id };
}

/** The target in terms of deploy_certificate's parameters. */
function settingsOf({ service, ...target }: JobTarget): JsonObject {
  const { zoneId, projectId, forceRedirect, oldCertificateId, resourceTypes, regions } = target;
  return {
    service,
    ...(zoneId && { zone_id: zoneId }),
    ...(projectId && { project_id: projectId }),
    ...(forceRedirect !== undefined && { force_redirect: forceRedirect }),
    ...(oldCertificateId && { old_certificate_id: oldCertificateId }),
    ...(resourceTypes && { resource_types: resourceTypes }),
    ...(regions && { regions }),
  };
}
