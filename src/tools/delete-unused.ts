import { z } from "zod";
import { readReply } from "../catalogue/documented-reply.js";
import { countedCertificates } from "../catalogue/naming.js";
import type { Warning } from "../catalogue/operation.js";
import { flag, identifier, list, struct } from "../catalogue/params.js";
import { array, members, string } from "../catalogue/results.js";
import { tencentSsl } from "../catalogue/services.js";
import { createCertificateBindResourceSyncTask } from "../catalogue/tencent-ssl/create-certificate-bind-resource-sync-task.js";
import { deleteCertificate } from "../catalogue/tencent-ssl/delete-certificate.js";
import { describeCertificate } from "../catalogue/tencent-ssl/describe-certificate.js";
import { describeCertificateBindResourceTaskResult } from "../catalogue/tencent-ssl/describe-certificate-bind-resource-task-result.js";
import { describeCertificateDetailWithoutKey } from "../catalogue/tencent-ssl/describe-certificate-detail.js";
import { describeCertificateOperateLogs } from "../catalogue/tencent-ssl/describe-certificate-operate-logs.js";
import { describeCertificates } from "../catalogue/tencent-ssl/describe-certificates.js";
import { caution, loss } from "../catalogue/warnings.js";
import { isSeen, type JobTarget } from "../jobs/job.js";
import { PreviousRuns } from "../jobs/previous-runs.js";
import type { JsonObject } from "../lib/json.js";
import { groupedBy, partition, present } from "../lib/lists.js";
import { andMore, formatId, inQuotes, joined, type SafeText, safe, titled, verbatim } from "../lib/safe-text.js";
import {
  defineTool,
  type JobPlan,
  jobsService,
  type PlannedTarget,
  type ReportedJob,
  type ToolContext,
} from "../pipeline/tool.js";
import { neededSoon, notValidYet, seenInOtherAccounts } from "./delete-unused/needed.js";
import { idWithName, unusedAmong } from "./delete-unused/unused.js";
import { onFailure, waitSeconds } from "./deployment/arguments.js";
import { linesOf, summaryOf } from "./deployment/report.js";
import { jobKey, noCertificate } from "./deployment/targets.js";
import { watchDeployment } from "./deployment/watch.js";
import { type ListedCertificate, listCertificates } from "./inventory/certificates.js";
import { domainReads } from "./inventory/domains.js";
import { select } from "./inventory/filter.js";
import { readInventory } from "./inventory/inventory.js";
import { storeReads } from "./inventory/stores.js";
import { fitnessLookup } from "./inventory/takeover.js";
import { callingOf, hasIdOrName, usedByFinder, useStatus } from "./inventory/used-by.js";

/** More than a person reads in one question. */
const MAX_DELETIONS = 20;

const named = (all: readonly ListedCertificate[]) => andMore(all, MAX_DELETIONS, idWithName);

const params = struct({
  certificate_ids: list(identifier("Id"), "Only of these", { min: 1, max: MAX_DELETIONS }).optional(),
  expired: flag("Only expired ones").optional(),
  on_failure: onFailure(),
  wait_seconds: waitSeconds(),
});
type Params = z.output<typeof params>;

/** Plans the job with reads only; what may be in use is left out, and named. */
async function prepare(given: Params, context: ToolContext): Promise<JobPlan> {
  const { certificates: listed, unseen } = await listCertificates(context);
  const [{ candidates, gone, notProposed }, elsewhere] = await Promise.all([
    candidatesFor(given, listed),
    otherClouds(context),
  ]);
  const { certificates: unused, kept, domains, mayBeUsed } = await unusedAmong(candidates, context);
  const inUse = { domains: [...domains, ...elsewhere.domains], certificates: mayBeUsed };
  const isInQuestion = (each: ListedCertificate) => unused.includes(each) || gone.some((id) => hasIdOrName(each, id));
  const stored = [...listed, ...elsewhere.certificates];
  const [now, lookUp] = [context.now(), fitnessLookup(context)];
  const replacing = await neededSoon(inUse, { stored, isInQuestion, lookUp }, now);
  const others = await seenInOtherAccounts(context, { stored: listed, isInQuestion, lookUp }, gone, now);
  const needed = new Map([...notValidYet(unused, now), ...others.needed, ...replacing]);
  // One that the caller names may go, with the warning.
  const certificates = given.certificate_ids === undefined ? unused.filter(({ id }) => !needed.has(id)) : unused;
  const chosen = certificates.slice(0, MAX_DELETIONS);
  const left = certificates.length - chosen.length;
  // One job at a time: each call goes on with what an earlier one left.
  const certificate = noCertificate(now);
  const key = jobKey("deletion", certificate, []);
  const earlier = new PreviousRuns(await context.journal.read(), key, now);
  const newTargets = chosen.map(planDeletion);
  const ids = new Set(newTargets.map(({ target }) => target.id));
  const earlierTargets = (earlier.job?.targets ?? [])
    .filter(({ id }) => !ids.has(id))
    .map((each) => (unseen.length === 0 ? settled(each, listed) : each));
  const targetPlans = [...earlierTargets.map((target) => ({ target })), ...newTargets];
  const neededOf = (all: readonly ListedCertificate[]) => all.flatMap(({ id }) => needed.get(id) ?? []);
  const risks = neededOf(chosen);
  const doubts = [...unseen.map(verbatim), ...elsewhere.doubts, ...others.doubts];
  const keptReasons = [
    ...neededOf(unused.filter((each) => !certificates.includes(each))),
    ...kept,
    ...others.remarks,
    ...notProposed,
    ...notDeletedHere(
      gone.filter((id) => !others.named.some((each) => hasIdOrName(each, id))),
      listed,
      given,
      elsewhere,
      needed,
    ),
    ...(left > 0 ? [safe`${left} more are unused; call again for them.`] : []),
  ];
  const remarks = [...risks, ...keptReasons, ...doubts];
  return {
    question: safe`Delete ${countedCertificates(safe`unused certificate`, chosen.map(nameOf), (count) => safe`${count} unused certificates`)} for good?`,
    warnings: [...risks.map(loss), ...stillValid(chosen), ...doubts.map(caution)],
    notes: keptReasons.map((why) => [safe`Kept, not deleted`, why] as const),
    targetPlans,
    earlier,
    about: { kind: "deletion", key, certificate },
    continueOnFailure: given.on_failure === "continue",
    watchMs: (given.wait_seconds ?? 30) * 1_000,
    ...(remarks.length > 0 && { remarks: { kept: remarks.map(String) } }),
  };
}

/** What the other clouds have. Nothing there is deleted, and what a store here has may be about to be needed there. */
async function otherClouds(context: ToolContext) {
  const { certificates, domains, isSeenWhole, unseen, doubts } = await readInventory(context, {
    fresh: false,
    wanted: ({ cloud }) => cloud !== tencentSsl.cloud,
  });
  const usedBy = usedByFinder(domains?.domains, isSeenWhole);
  return {
    certificates,
    domains: domains?.domains ?? [],
    isInUse: (each: ListedCertificate) => useStatus(usedBy(each)) === "in use",
    doubts:
      unseen.length + doubts.length === 0
        ? []
        : [safe`Not everything in the other clouds could be read, so a certificate may be about to be needed there.`],
  };
}

/** Why certificates are not deleted here: they are in another cloud's store, or in none. */
function notDeletedHere(
  notListed: readonly string[],
  here: readonly ListedCertificate[],
  given: Params,
  { certificates: others, isInUse }: Pick<Awaited<ReturnType<typeof otherClouds>>, "certificates" | "isInUse">,
  needed: ReadonlyMap<string, SafeText>,
): readonly SafeText[] {
  const found = others.filter((each) => notListed.some((id) => hasIdOrName(each, id)));
  const elsewhere = (id: string) => found.some((each) => hasIdOrName(each, id));
  const [called, unknown] = partition(
    notListed.filter((id) => !elsewhere(id)),
    (text) => here.some((each) => callingOf(each, text) !== undefined),
  );
  const places = [...groupedBy(found, ({ service }) => service.title)];
  // Of the valid ones, any may be about to be deployed: a renewal is in no domain yet.
  const matching =
    given.certificate_ids === undefined ? others.filter((each) => each.group === "expired" && !isInUse(each)) : [];
  return [
    ...places.map(
      ([store, all]) =>
        safe`Only certificates of Tencent Cloud SSL are deleted here, and these are in ${titled(store)}, whose console deletes them: ${joined(all.map(idWithName))}.`,
    ),
    ...found.flatMap(({ id }) => needed.get(id) ?? []),
    ...called.map((text) => giveId(text, here)),
    ...(unknown.length > 0 ? [safe`Not listed, or no longer: ${joined(unknown.map(formatId))}.`] : []),
    ...[...groupedBy(matching, ({ service }) => service.title)].map(
      ([store, all]) =>
        safe`Only certificates of Tencent Cloud SSL are deleted here. In ${titled(store)}, whose console deletes them, these have expired, and no domain that is listed has them; other products there may use them: ${named(all)}.`,
    ),
  ];
}

/** Several certificates may have a remark or a name, and one of them would be deleted by mistake: only ids are taken. */
function giveId(text: string, here: readonly ListedCertificate[]): SafeText {
  const called = groupedBy(here, (each) => callingOf(each, text));
  const [byRemark, byDomain, byId = []] = [called.get("name"), called.get("domain"), called.get("id")];
  if (byRemark !== undefined) return safe`${inQuotes(text)} is the remark of ${named(byRemark)}: give the id.`;
  if (byDomain !== undefined) return safe`${inQuotes(text)} is a domain of ${named(byDomain)}: give the id.`;
  return safe`${formatId(text)} is not listed, but there is: ${named(byId)}. Ids are case-sensitive.`;
}

/** What an uploaded certificate is used for beside the clouds, and who else has its key, no cloud knows. */
function stillValid(chosen: readonly ListedCertificate[]): readonly Warning[] {
  const valid = chosen.filter(({ group, source }) => group === "issued" && source === "uploaded");
  if (valid.length === 0) return [];
  return [
    loss(
      safe`Uploaded and still valid: ${named(valid)}. A server outside the clouds may use it, and this may be the only copy of its key.`,
    ),
  ];
}

/**
 * The candidates, earliest expiry first: those that the caller names, or all that are expired or issued; the named
 * ones that are not listed; and why listed ones are no candidates.
 */
async function candidatesFor(given: Params, listed: readonly ListedCertificate[]) {
  const { certificate_ids: ids } = given;
  const all = await select(listed, {});
  const known = new Set(listed.map(({ id }) => id));
  const [candidates, others] = partition(
    all.filter(({ id }) => ids === undefined || ids.includes(id)),
    (each) => isDeletable(each, given),
  );
  const closed = ids === undefined && !given.expired ? others.filter(({ group }) => group === "closed") : [];
  const notExpired = ids === undefined ? [] : others;
  return {
    candidates,
    gone: [...new Set(ids)].filter((id) => !known.has(id)),
    notProposed: present([
      closed.length > 0 &&
        safe`Cancelled, failed or revoked, so deleted only if named (certificate_ids): ${named(closed)}.`,
      notExpired.length > 0 && safe`Not expired, and only expired ones were asked for: ${named(notExpired)}.`,
    ]),
  };
}

const isDeletable = ({ group }: ListedCertificate, { certificate_ids: ids, expired = false }: Params) =>
  group === "expired" || (!expired && (ids !== undefined || group === "issued"));

/** A target of an earlier run. What is no longer listed was deleted: by this job if it was sent, else by somebody else. */
function settled(target: JobTarget, listed: readonly ListedCertificate[]): JobTarget {
  if (listed.some(({ id }) => id === target.oldCertificateId) || isSeen(target)) return target;
  const { code: _, ...gone } = target;
  if (target.state === "sending" || target.state === "accepted") return { ...gone, state: "served" };
  return { ...gone, state: "unchanged", says: "no longer listed" };
}

const nameOf = ({ id, domains: [name] }: ListedCertificate) => (name === undefined ? id : `${id} (${name})`);

/** The cloud looks for uses once more, at the moment of the deletion. */
function planDeletion(certificate: ListedCertificate): PlannedTarget {
  const { id } = certificate;
  const label = safe`Certificate ${idWithName(certificate)}`;
  const target: JobTarget = {
    id: `tencent-ssl/certificate/${id}`,
    service: "tencent-ssl",
    name: String(label),
    oldCertificateId: id,
    expected: "unknown",
    state: "pending",
  };
  return {
    target,
    step: {
      name: target.name,
      label,
      operation: deleteCertificate,
      params: { CertificateId: id, IsCheckResource: true },
    },
  };
}

function reportDeletions({ id, kind, targets }: ReportedJob): JsonObject {
  const has = (...states: JobTarget["state"][]) => targets.some(({ state }) => states.includes(state));
  return {
    ...(id !== undefined && { job: id }),
    summary: targets.length === 0 ? "nothing to delete" : summaryOf({ kind, targets }),
    targets: linesOf({ kind, targets }),
    next: has("accepted")
      ? "Accepted is not deleted yet: wait_for (deletion) each; one that stays is used by something."
      : has("sending")
        ? "Outcome unknown: the same call first looks for what was sent, before anything is sent again."
        : has("failed", "not attempted")
          ? "Do what the failed ones say, then call again: only what is left is done."
          : "Nothing is left to do at Tencent Cloud SSL, beyond what kept says.",
  };
}

export const deleteUnusedCertificates = defineTool({
  name: "delete_unused_certificates",
  title: "Delete unused certificates",
  service: jobsService,
  summary:
    "Delete Tencent Cloud SSL certificates that every cloud reports unused, expired first, up to 20: one plan, one approval. kept says which stay and why.",
  effect: "destroy",
  params,
  uses: [
    describeCertificates,
    describeCertificate,
    describeCertificateDetailWithoutKey,
    describeCertificateOperateLogs,
    ...storeReads,
    ...domainReads,
    createCertificateBindResourceSyncTask,
    describeCertificateBindResourceTaskResult,
    deleteCertificate,
  ],
  result: members({
    job: string(),
    summary: string(),
    targets: array(members({})),
    kept: array(z.string()),
    next: string(),
  }),
  prepare,
  interpretReply: async ({ reply }) => {
    const { RequestId: requestId } = readReply(deleteCertificate, reply) ?? {};
    return { ...(requestId && { requestId }) };
  },
  watch: watchDeployment,
  report: reportDeletions,
});
