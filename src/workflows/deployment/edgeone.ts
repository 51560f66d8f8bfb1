import { planned } from "../../catalogue/planned.js";
import { modifyHostsCertificate } from "../../catalogue/tencent-edgeone/modify-hosts-certificate.js";
import { certificateInWords } from "../../edge/in-words.js";
import type { JobTarget } from "../../jobs/job.js";
import { safe, termInWords } from "../../visible.js";
import { unlessExcluded } from "../reading.js";
import { inTheWay } from "./arrivals.js";
import { type Delivery, type Ground, UPLOADED } from "./delivery.js";
import { hostKey } from "./hosts.js";
import { sendOnce } from "./send-once.js";

/** A host of EdgeOne: it is told the id of a certificate, and a read lists what it has. */
export const edgeone: Delivery = {
  look: async ({ at }, { facts }, ground) => {
    const certificateIds = await unlessExcluded(certificatesOf(at, ground));
    if (certificateIds !== undefined && "excluded" in certificateIds) {
      return { has: false, says: `what it has now was not read: ${certificateIds.excluded}` };
    }
    const blocked = (await ground.arrivals()).find(
      ({ type, domains }) => type === "teo" && domains.includes(at.domain ?? ""),
    );
    if (blocked !== undefined) return { has: false, blocked: inTheWay(blocked) };
    if (certificateIds === undefined) return { has: false, says: "not among the hosts that this API lists" };
    const shows = certificateIds.length > 0 ? certificateIds : ["none"];
    const before = certificateIds.length > 0 ? { certificateIds: [...certificateIds] } : { none: true };
    return { before, has: isOnly(certificateIds, facts.certificateId), shows };
  },
  step: ({ at }, { facts }, _sight, ground) => {
    const CertId = facts.certificateId ?? UPLOADED;
    return {
      name: at.name,
      operation: modifyHostsCertificate,
      params: { ZoneId: at.zoneId, Hosts: [at.domain], Mode: "sslcert", ServerCertInfo: [{ CertId }] },
      changes: [
        planned(
          subjectOf(at, ground),
          "server certificate",
          safe`certificate ${termInWords(CertId)}: ${certificateInWords(facts)}`,
        ),
      ],
    };
  },
  deliver: sendOnce,
  tookEffect: async (at, { facts }, ground) => {
    const certificateIds = (await certificatesOf(at, ground)) ?? [];
    return isOnly(certificateIds, facts.certificateId) ? {} : undefined;
  },
};

function isOnly(ids: readonly string[], id: string | undefined): boolean {
  return id !== undefined && ids.length === 1 && ids[0] === id;
}

/** Ids of the certificates that a host has; undefined where the host is not listed. */
export async function certificatesOf({ zoneId = "", domain = "" }: JobTarget, ground: Ground) {
  return (await ground.hosts(zoneId)).get(hostKey(zoneId, domain));
}

/** The read that shows a host in the plan starts from a certificate, too. */
export function subjectOf({ zoneId = "", domain = "" }: JobTarget, { anchor }: Pick<Ground, "anchor">) {
  return { kind: "edgeone-host" as const, zone: zoneId, host: domain, ...(anchor && { fitting: anchor }) };
}
