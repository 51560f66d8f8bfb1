import { planned } from "../../catalogue/planned.js";
import { modifyHostsCertificate } from "../../catalogue/tencent-edgeone/modify-hosts-certificate.js";
import { certificateInWords } from "../../edge/in-words.js";
import type { Before, JobTarget } from "../../jobs/job.js";
import { joined, ownWords, safe, termInWords } from "../../visible.js";
import { unlessExcluded } from "../reading.js";
import { inTheWay } from "./arrivals.js";
import { type Delivery, type Ground, idOf, type Sight } from "./delivery.js";
import { chainChangeOf } from "./edge-sight.js";
import { besideOf, type Held, heldBy, outcomeFor } from "./held.js";
import { hostKey } from "./hosts.js";
import { sendOnce } from "./send-once.js";

/** A host of EdgeOne: it is told the ids of its certificates, and a read lists what it has. */
export const edgeone: Delivery = {
  look: async ({ at, beside }, wanted, ground) => {
    const listed = await unlessExcluded(certificatesOf(at, ground));
    if (listed !== undefined && "excluded" in listed) {
      return { has: false, says: safe`what it has now was not read: ${ownWords(listed.excluded)}` };
    }
    const blocked = (await ground.arrivals()).find(
      ({ type, domains }) => type === "teo" && domains.includes(at.domain ?? ""),
    );
    if (blocked !== undefined) return { has: false, blocked: inTheWay(blocked) };
    if (listed === undefined) return { has: false, says: safe`not among the hosts that this API lists` };
    if (listed.length === 0) return { before: { none: true }, has: false, shows: ["none"] };
    const held = await heldBy(at, listed, ground);
    const shows = held.stored.map(({ id }) => id);
    const { facts, sameCopies = [], otherCopies = [] } = wanted;
    const own = new Set([facts.certificateId, ...sameCopies]);
    const otherChain = shows.some((id) => otherCopies.includes(id));
    const sight = { before: beforeIn(held), held, shows, otherChain };
    if (beside !== undefined) return { ...sight, has: isAll(held, beside), beside };
    const others = held.stored.filter(({ id }) => !own.has(id));
    if (others.length < shows.length && others.every(({ algorithm }) => algorithm !== wanted.algorithm)) {
      return { ...sight, has: true, beside: besideOf(others, held.unstored) };
    }
    const { kept, warnings } = outcomeFor(at, held, wanted, ground.context.now());
    return { ...sight, has: false, beside: besideOf(kept), warnings };
  },
  step: ({ at }, wanted, sight, ground) => {
    const own = idOf(wanted);
    const alone = own.pending ? own.inWords : safe`${own.inWords}: ${certificateInWords(wanted.facts)}`;
    const kept = (sight.beside ?? []).filter(({ certificateId }) => certificateId !== own.id);
    const keptIds = kept.flatMap(({ certificateId }) => certificateId ?? []);
    const named = kept.map(
      ({ certificateId = "", algorithm = "" }) => safe`${termInWords(certificateId)} (${termInWords(algorithm)})`,
    );
    const then =
      kept.length === 0 ? alone : safe`${own.inWords} (${termInWords(wanted.algorithm)}), beside ${joined(named)}`;
    const given = [...(own.pending ? [] : [own.id]), ...keptIds];
    const ServerCertInfo = [own.id, ...keptIds].map((CertId) => ({ CertId }));
    return {
      name: at.name,
      operation: modifyHostsCertificate,
      params: { ZoneId: at.zoneId, Hosts: [at.domain], Mode: "sslcert", ServerCertInfo },
      changes: [
        planned({ ...subjectOf(at, ground, sight), given }, "server certificate", then),
        ...chainChangeOf(at, sight, wanted),
      ],
      ...(own.pending && { pending: own.pending }),
    };
  },
  deliver: sendOnce,
  tookEffect: async (at, { facts: { certificateId: id } }, ground) => {
    const listed = (await certificatesOf(at, ground)) ?? [];
    // Where it was there before, that it is listed is no sign.
    const isNew = id !== undefined && at.before?.certificateIds?.includes(id) !== true;
    return isNew && listed.includes(id) ? {} : undefined;
  },
};

function beforeIn({ stored, unstored }: Held): Before {
  const served = unstored.map(({ sha256, sha1, names, notAfter, sent }) => ({
    ...{ sha256, sha1, names: [...names], notAfter },
    chain: sent,
  }));
  return { certificateIds: stored.map(({ id }) => id), ...(served.length > 0 && { served }) };
}

/** Whether the host has these certificates and no other. */
function isAll({ stored, unstored }: Held, wanted: NonNullable<Sight["beside"]>): boolean {
  const ids = new Set(wanted.map(({ certificateId }) => certificateId));
  return unstored.length === 0 && stored.length === ids.size && stored.every(({ id }) => ids.has(id));
}

/** Ids of the certificates that are listed for a host; undefined where the host is not listed. */
export async function certificatesOf({ zoneId = "", domain = "" }: JobTarget, ground: Ground) {
  return (await ground.hosts(zoneId)).get(hostKey(zoneId, domain));
}

/** The read that shows a host in the plan starts from a certificate, too. */
export function subjectOf(
  { zoneId = "", domain = "" }: JobTarget,
  { anchor }: Pick<Ground, "anchor">,
  { held }: Pick<Sight, "held">,
) {
  const besides = held && {
    ids: held.stored.map(({ id }) => id),
    served: held.unstored.map((each) => safe`${certificateInWords(each)} (${termInWords(each.algorithm)})`),
  };
  return {
    kind: "edgeone-host" as const,
    zone: zoneId,
    host: domain,
    ...(anchor && { fitting: anchor }),
    ...(besides && { besides }),
  };
}
