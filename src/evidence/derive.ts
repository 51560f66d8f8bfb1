import { hash } from "node:crypto";
import { type AuditEntry, type AuditEntryOf, auditEntry } from "../audit/entry.js";
import { type ChainLink, decodeLine, type Head, whyNotNext } from "../audit/line.js";
import { type OutcomeFacts, resultOf } from "../audit/outcome.js";
import { CLOCK_TOLERANCE } from "../audit/verify.js";
import { noHttps } from "../catalogue/serving.js";
import { encodeSighting, type JobSightings, type Sighting } from "../jobs/sightings.js";
import { formatId, type SafeText, safe, verbatim } from "../lib/safe-text.js";
import { sha256Hex } from "../lib/sha256.js";

/**
 * What the evidence of a job consists of. Everything else in the file follows from these parts: sightings have their
 * digests in lines of the audit log, and certificates have theirs in the sightings.
 */
export interface Evidence extends JobSightings {
  readonly job: string;
  /** Lines of the audit log without their line ends, one after the other. */
  readonly lines: readonly string[];
}

/** An entry of the log about the job, with where and when it stands. */
export interface JobEntry<Entry extends AuditEntry = AuditEntry> {
  readonly seq: number;
  readonly at: string;
  readonly entry: Entry;
}

/** What was approved, in the words in which a person was asked, and how they answered. */
export type ApprovalGiven = ReturnType<typeof approvalGiven>;

/** One request to a cloud. Without an answer, the process ended before it came. */
export interface RequestMade {
  readonly plan: string;
  readonly step?: string | undefined;
  readonly sending_at: string;
  readonly answered_at?: string;
  readonly sent?: OutcomeFacts["sent"];
  readonly accepted?: boolean;
  readonly changed?: OutcomeFacts["changed"];
  /** When a check showed that it was carried out, if no clear answer came. */
  readonly found_at?: string;
  readonly request_id?: string | undefined;
  readonly code?: string | undefined;
  readonly http_status?: number | undefined;
}

/** What the evidence says. */
export type EvidenceSummary = ReturnType<typeof derive>["summary"];

/** Which entries of a log are about a job. */
export function entriesOf(job: string, all: readonly JobEntry[]): readonly JobEntry[] {
  const plans = new Set(all.flatMap(({ entry }) => (entry.event === "job" && entry.job === job ? [entry.planId] : [])));
  const standing = new Set(
    all.flatMap(({ entry }) => (entry.event === "standing approval used" && plans.has(entry.planId) ? [entry.id] : [])),
  );
  // The plan by which the person gave the standing approval belongs to it, too.
  const given = new Set(
    all.flatMap(({ entry }) =>
      entry.event === "standing approval given" && standing.has(entry.id) ? [entry.planId] : [],
    ),
  );
  return all.filter(({ entry }) => {
    if (entry.event === "seen") return entry.job === job;
    if (entry.event === "standing approval revoked") return standing.has(entry.id);
    return plans.has(entry.planId) || given.has(entry.planId);
  });
}

/** Derives what the parts say, only from them, and lists what does not fit together: nothing if all is well. */
export function derive(evidence: Evidence) {
  const { links, entries: all, problems } = readLines(evidence.lines);
  const entries = entriesOf(evidence.job, all);
  const { approvals, problems: approvalProblems } = approvalsIn(entries);
  const named = <Event extends AuditEntry["event"]>(event: Event) => entriesNamed(entries, event);
  const [first, last] = [entries[0], entries.at(-1)];
  const [jobLines] = named("job");
  const summary = {
    kind: jobLines?.entry.kind,
    of: jobLines?.entry.of,
    certificate: jobLines?.entry.certificate,
    approvals,
    requests: requestsIn(entries),
    seen: evidence.sightings.map((sighting) => summaryOfSighting(sighting, evidence.certificates)),
    first_line: first?.seq ?? 0,
    /** The last line that is about the job. */
    last_line: last?.seq ?? 0,
    /** The last line in the file, which may be later. */
    until_line: links.at(-1)?.seq ?? 0,
  };
  const allProblems: readonly SafeText[] = [
    ...problems,
    ...(jobLines === undefined ? [safe`No line is about job ${formatId(evidence.job)}.`] : []),
    ...(first !== undefined && links[0]?.seq !== first.seq
      ? [safe`It begins with lines that are about something else.`]
      : []),
    ...approvalProblems,
    ...orderProblems(entries),
    ...sightingProblems(evidence, named("seen"), named("sending")),
  ];
  return { summary, problems: allProblems, links };
}

function entriesNamed<Event extends AuditEntry["event"]>(
  entries: readonly JobEntry[],
  event: Event,
): readonly JobEntry<AuditEntryOf<Event>>[] {
  const isNamed = (each: JobEntry): each is JobEntry<AuditEntryOf<Event>> => each.entry.event === event;
  return entries.filter(isNamed);
}

/** The entries in the lines, whose hashes and order are checked. Entries of a later version are only hashed. */
function readLines(lines: readonly string[]) {
  const links: ChainLink[] = [];
  const entries: JobEntry[] = [];
  const problems: SafeText[] = [];
  let head: Head | undefined;
  for (const [index, text] of lines.entries()) {
    const line = decodeLine(Buffer.from(text));
    const why = line.ok ? head && whyNotNext(line.link, head) : line.why;
    if (!line.ok || why !== undefined) {
      problems.push(safe`Line ${index + 1} of those in the file breaks the chain: ${verbatim(why ?? "")}.`);
      break;
    }
    links.push(line.link);
    head = line.link;
    const parsed = auditEntry.safeParse(line.entry);
    if (parsed.success) entries.push({ seq: line.link.seq, at: line.link.at, entry: parsed.data });
  }
  return { links, entries, problems };
}

/** Each plan of the job with the decision that let it through. */
function approvalsIn(entries: readonly JobEntry[]) {
  const approvals: ApprovalGiven[] = [];
  const problems: SafeText[] = [];
  const jobs = entriesNamed(entries, "job");
  const standing = entriesNamed(entries, "standing approval given");
  // What a person approved in advance comes before what it let through.
  for (const planId of new Set([...standing, ...jobs].map(({ entry }) => entry.planId))) {
    const about = entries.filter(({ entry }) => "planId" in entry && entry.planId === planId);
    const [plan] = entriesNamed(about, "plan");
    const decision = entriesNamed(about, "decision").find(({ entry }) => entry.verdict === "approved");
    const carriedOut = about.find(({ entry }) => ["job", "sending", "standing approval given"].includes(entry.event));
    if (plan === undefined || decision === undefined) {
      problems.push(safe`Plan ${formatId(planId)} was carried out, and its approval is not in the file.`);
      continue;
    }
    if (!(plan.seq < decision.seq && decision.seq < (carriedOut?.seq ?? 0))) {
      problems.push(safe`Plan ${formatId(planId)} was carried out before it was approved.`);
    }
    if (!isBackedBy(decision, entries)) {
      problems.push(safe`Plan ${formatId(planId)} was let through by a standing approval that is not in the file.`);
    }
    approvals.push(approvalGiven(plan, decision));
  }
  return { approvals, problems };
}

function approvalGiven(plan: JobEntry<AuditEntryOf<"plan">>, decision: JobEntry<AuditEntryOf<"decision">>) {
  const { operation, service, account, effect, question, warnings, changes, translated, asker } = plan.entry;
  const { channel, verdict, tookMs, reason, by } = decision.entry;
  return {
    plan: plan.entry.planId,
    planned_at: plan.at,
    operation,
    service,
    account,
    effect,
    question,
    warnings,
    changes,
    translated,
    arguments_sha256: plan.entry.arguments,
    decided_at: decision.at,
    verdict,
    channel,
    took_ms: tookMs,
    reason,
    /** Who asked and who decided, where people log in. */
    asked_by: asker,
    /** The digests are of the words that each was shown. */
    decided_by: by?.map(({ shown, ...person }) => ({ ...person, shown_sha256: shown })),
  };
}

/** Whether a standing approval that decided a plan was given and used before; true for what a person decided. */
function isBackedBy({ seq, entry }: JobEntry<AuditEntryOf<"decision">>, entries: readonly JobEntry[]): boolean {
  const id = /^standing approval (\S+)$/.exec(entry.channel)?.[1];
  if (id === undefined) return true;
  const about = entries.filter((each) => "id" in each.entry && each.entry.id === id);
  const given = entriesNamed(about, "standing approval given").some((each) => each.seq < seq);
  return given && entriesNamed(about, "standing approval used").some((each) => each.entry.planId === entry.planId);
}

/** An answer belongs to the newest request of its step that has none, a later finding to the newest one of all. */
function requestsIn(entries: readonly JobEntry[]): readonly RequestMade[] {
  const requests: RequestMade[] = [];
  for (const { at, entry } of entries) {
    if (entry.event === "sending") {
      requests.push({ plan: entry.planId, step: entry.step, sending_at: at });
    } else if (entry.event === "outcome") {
      const { planId, step, sent, ok, changed, requestId, code, httpStatus } = entry;
      const isFinding = resultOf(entry) === "found";
      const index = requests.findLastIndex(
        (each) => each.plan === planId && each.step === step && (isFinding || each.answered_at === undefined),
      );
      const request = requests[index];
      if (request === undefined) continue;
      if (isFinding) {
        requests[index] = { ...request, changed, found_at: at };
        continue;
      }
      requests[index] = {
        ...request,
        answered_at: at,
        sent,
        accepted: ok,
        changed,
        request_id: requestId,
        code,
        http_status: httpStatus,
      };
    }
  }
  return requests;
}

function summaryOfSighting(sighting: Sighting, certificates: ReadonlyMap<string, Buffer>) {
  const { at, target, domain, when, expected, addresses } = sighting;
  return {
    at,
    target,
    domain,
    when,
    expected,
    addresses: addresses.length,
    /** Of which nothing answered. */
    not_reached: addresses.filter(({ unreached }) => unreached).length,
    /** Which serve what is expected, at least to some clients. */
    as_expected: addresses.filter((each) => isAsExpected(each, expected, certificates)).length,
  };
}

type AddressSeen = Sighting["addresses"][number];

/** Whether an address serves what the target should, at least to some clients; a store may know no more than a SHA-1. */
function isAsExpected(
  { served, unreached, problem }: AddressSeen,
  expected: string,
  certificates: ReadonlyMap<string, Buffer>,
): boolean {
  if (expected === noHttps) return served.length === 0 && !unreached;
  if (problem !== undefined && served.length === 0) return false;
  return served.some(({ chain: [leaf] }) => {
    const der = certificates.get(leaf);
    return leaf === expected || (der !== undefined && expected.length === 40 && hash("sha1", der) === expected);
  });
}

function orderProblems(entries: readonly JobEntry[]): readonly SafeText[] {
  return entries.flatMap(({ seq, at }, index) => {
    const before = entries[index - 1];
    const isBack = before !== undefined && Date.parse(before.at) - Date.parse(at) > CLOCK_TOLERANCE;
    return isBack ? [safe`The time of line ${seq} is before that of the line before: the clock was set back.`] : [];
  });
}

/** The digests of the certificates that a sighting names. */
export function digestsIn({ addresses }: Sighting): readonly string[] {
  return addresses.flatMap(({ served }) => served.flatMap(({ chain }) => chain));
}

/** A sighting counts if a line of the log has its digest, and every such line has its sighting. */
function sightingProblems(
  { sightings, certificates }: Evidence,
  seen: readonly JobEntry<AuditEntryOf<"seen">>[],
  sendings: readonly JobEntry<AuditEntryOf<"sending">>[],
): readonly SafeText[] {
  const digests = sightings.map((sighting) => sha256Hex(encodeSighting(sighting)));
  const lines = seen.map(({ entry }) => entry.look);
  if (digests.join() !== lines.join()) return [safe`What was seen is not what the lines of the log say was seen.`];
  const [firstSending] = sendings;
  return sightings.flatMap((sighting, index) => {
    const line = seen[index];
    if (line === undefined) return [];
    const { job, target, domain, when } = line.entry;
    const isSame =
      sighting.job === job && sighting.target === target && sighting.domain === domain && sighting.when === when;
    const at = Date.parse(sighting.at);
    const isLate = at - Date.parse(line.at) > CLOCK_TOLERANCE;
    const isEarly =
      when === "after" && firstSending !== undefined && Date.parse(firstSending.at) - at > CLOCK_TOLERANCE;
    return [
      ...(isSame ? [] : [safe`Line ${line.seq} is about another sighting.`]),
      ...(isLate || isEarly ? [safe`The time of the check in line ${line.seq} does not fit the other times.`] : []),
      ...(digestsIn(sighting).every((digest) => certificates.has(digest))
        ? []
        : [safe`A certificate that was seen is missing (line ${line.seq}).`]),
    ];
  });
}
