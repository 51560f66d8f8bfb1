import { noHttps, resourceId } from "../../catalogue/serving.js";
import {
  certificateIdsSet,
  isRecent,
  jobLabel,
  newestByTarget,
  recordedLeaf,
  type SentRequest,
  timeOf,
} from "../../jobs/requests.js";
import { dayMs } from "../../lib/days.js";
import type { ToolContext } from "../../pipeline/tool.js";
import type { DomainCertificate, DomainInventory, ListedDomain } from "./listing.js";

/**
 * The lists of clouds lag behind: what a list shows of a domain is left out where a newer request of ours was sent, and
 * the list does not show what that set.
 */
export async function withRecentChanges(
  inventory: DomainInventory,
  { journal, now }: Pick<ToolContext, "journal" | "now">,
): Promise<DomainInventory> {
  const requests = (await journal.read()).requests.filter((request) => isRecent(request, now()));
  const latest = newestByTarget(requests);
  if (latest.size === 0) return inventory;
  const domains = inventory.domains.map((listed) => {
    const request = latest.get(resourceId(listed.service.id, listed.domain, ...Object.values(listed.within ?? {})));
    return request === undefined || isListed(listed, request, requests) ? listed : changedBy(listed, request, requests);
  });
  return { ...inventory, domains };
}

function isListed(listed: ListedDomain, request: SentRequest, requests: readonly SentRequest[]): boolean {
  const { expected, target } = request;
  if (expected === "unknown") return true;
  if (expected === noHttps) return listed.https === false;
  const ids = certificateIdsSet(request);
  if (target.service === "tencent-edgeone" && ids.length > 0) {
    return ids.every((id) => listed.certificates.some((each) => each.id === id));
  }
  // The clouds that take a name list it.
  if (target.copy !== undefined) return listed.certificates.some(({ name }) => name === target.copy);
  const end = recordedLeaf(request.expectation, requests)?.notAfter;
  return listed.certificates.some((each) => endsOn(each, end));
}

/** Compared by the day: some clouds do not state the zone of theirs. */
function endsOn({ ends }: DomainCertificate, other: string | undefined): boolean {
  return ends !== undefined && other !== undefined && Math.abs(Date.parse(ends) - Date.parse(other)) <= dayMs;
}

function changedBy(listed: ListedDomain, request: SentRequest, requests: readonly SentRequest[]): ListedDomain {
  const { job, expected, isAccepted, at } = request;
  const what = expected === noHttps ? "HTTPS off" : "another certificate";
  const how = isAccepted ? "accepted" : "sent, and perhaps accepted,";
  const changed = `${what} was ${how} ${timeOf(at)} (${jobLabel(job)}); the cloud's list does not show it yet`;
  const https = isAccepted ? expected !== noHttps : listed.https;
  const sent =
    expected === noHttps ? [] : sentCertificates(request, recordedLeaf(request.expectation, requests)?.notAfter);
  const old = listed.certificates;
  const accepted = isAccepted ? sent.filter(({ ends }) => ends !== undefined).slice(0, 1) : [];
  const inUse = accepted.length > 0 ? accepted : old;
  return { ...listed, https, certificates: [], changed, old, sent, inUse };
}

/** What was sent, under each id that a caller may know it by. */
function sentCertificates(request: SentRequest, ends: string | undefined): DomainCertificate[] {
  const { kind, certificate } = request.job;
  const stored = kind === "rollback" ? undefined : certificate.storedAs;
  // Alibaba Cloud's ids are written with the store behind them; its lists have the number alone.
  const alone = stored === undefined ? undefined : /^\d+(?=-)/.exec(stored)?.[0];
  const ids = new Set([...certificateIdsSet(request), stored, alone].filter((id) => id !== undefined));
  return ids.size > 0 ? [...ids].map((id) => ({ id, ends })) : [{ ends }];
}
