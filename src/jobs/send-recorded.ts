import { noHttps, type Serving, type StoreRequest } from "../catalogue/serving.js";
import { sentChainIn } from "../certificates/sent-chain.js";
import { asInDns } from "../lib/domain-name.js";
import { ToolError, unlessFailed, unsent } from "../lib/tool-error.js";
import { inspect } from "../preflight/inspect.js";
import type { JobCertificate, JobTarget } from "./job.js";
import type { Journal } from "./journal.js";
import { nextOrder } from "./requests.js";

/**
 * Sends one operation by itself. The resources whose served certificate changes are written to the journal first: a
 * later job must not take what they serve now for what they will serve. So is what the call asks for, which must not be
 * asked for again as long as no list shows it.
 * @throws {ToolError} before anything is sent, if the journal cannot be written
 */
export async function sendRecorded<Result>(
  name: string,
  serving: readonly (Serving | StoreRequest)[],
  journal: Journal,
  now: () => Date,
  send: () => Promise<Result>,
): Promise<Result> {
  const [first] = serving;
  if (first === undefined) return send();
  const sentAt = now().toISOString();
  const opening = async () => {
    await journal.forgetOperations();
    const { requests } = await journal.read();
    const targets = serving.map((each) => ({ ...targetOf(each, sentAt), order: nextOrder(each.id, requests) }));
    return journal.open({ kind: "operation", key: name, certificate: certificateOf(first, now()), targets });
  };
  const opened = await opening().catch(() => {
    throw unsent(
      "configuration",
      "The journal of what was sent could not be written, so nothing was sent.",
      "Ask the operator to make its directory writable, or to name another one (--jobs). doctor shows which it is.",
    );
  });
  const result = await send().catch(async (error: unknown) => {
    // What had no effect is not on its way. All other outcomes are uncertain, so the record stays.
    if (error instanceof ToolError && error.details.changed === "no")
      await unlessJournalFails(journal.remove(opened.id));
    throw error;
  });
  const acceptedAt = now().toISOString();
  const targets = opened.targets.map((each) => ({ ...each, state: "accepted" as const, acceptedAt }));
  await unlessJournalFails(journal.save({ ...opened, targets }));
  return result;
}

/**
 * Records the cloud's answer. If that fails, the answer is still returned, and later jobs take the request for one on
 * its way.
 */
const unlessJournalFails = (recording: Promise<unknown>) => unlessFailed(recording, () => undefined);

function targetOf(
  { id, service, name, domain, forceRedirect, certificate, besideIds = [] }: Serving | StoreRequest,
  sentAt: string,
): JobTarget {
  const expected = certificate === noHttps ? noHttps : leafIn(certificate) === undefined ? "unknown" : undefined;
  return {
    id,
    service,
    name: String(name),
    domain: asInDns(domain),
    ...(forceRedirect !== undefined && { forceRedirect }),
    ...(expected !== undefined && { expected }),
    ...(besideIds.length > 0 && { beside: besideIds.map((certificateId) => ({ certificateId })) }),
    state: "sending",
    sentAt,
  };
}

/** All resources of one call get the same certificate. */
function certificateOf({ certificate, certificateId }: Serving | StoreRequest, now: Date): JobCertificate {
  const leaf = leafIn(certificate, now);
  const chain = certificate === undefined ? undefined : sentChainIn(certificate, now);
  return {
    sha256: leaf?.sha256 ?? "unknown",
    ...(leaf && { sha1: leaf.sha1 }),
    ...(chain && { chain }),
    names: [...(leaf?.names ?? [])],
    notAfter: leaf?.notAfter ?? now.toISOString(),
    ...(certificateId !== undefined && { certificateId }),
    source: {},
  };
}

function leafIn(certificatePem: string | undefined, now = new Date(0)) {
  return certificatePem === undefined || certificatePem === noHttps
    ? undefined
    : inspect({ certificatePem }, now).certificate;
}
