import { basename } from "node:path";
import { effectTexts } from "../catalogue/planned-change.js";
import { forTheRecord, type Reader } from "../lib/language.js";
import { escapeInvisible, formatAsker, formatPerson, joined, type SafeText, safe, verbatim } from "../lib/safe-text.js";
import type { TextOutput } from "../lib/text-output.js";
import { padTo } from "../lib/text-width.js";
import { type AuditEntry, auditEntry, type AuditEntryOf as EntryOf } from "./entry.js";
import { decodeLine } from "./line.js";
import { resultOf, resultTexts } from "./outcome.js";
import type { AuditSource } from "./source.js";

type StandingEntry = EntryOf<"standing approval given" | "standing approval used" | "standing approval revoked">;

/** What the log says about one call; parts that were never recorded are missing. */
interface Call {
  readonly id: string;
  /** Of the first entry. */
  readonly at: string;
  readonly plan?: EntryOf<"plan">;
  readonly decision?: EntryOf<"decision">;
  /** What it has to do with approvals given in advance. */
  readonly standing: readonly StandingEntry[];
  readonly job?: EntryOf<"job">;
  /** By step of a job, in order; a single request has an empty name. */
  readonly requests: ReadonlyMap<string, Request>;
}

/** A step may be sent again until its answer says that it is finished: then the last time counts. */
interface Request {
  readonly sending?: EntryOf<"sending">;
  readonly outcome?: EntryOf<"outcome">;
}

/**
 * Prints the log for a person, one paragraph per call. It does not verify the lines; `verifyAudit` does.
 * @throws {NoAuditLog} if there is no log
 */
export async function showAudit(log: AuditSource, out: TextOutput, reader = forTheRecord): Promise<void> {
  const calls = new Map<string, Call>();
  const unreadable: string[] = [];
  for await (const { file, number, bytes } of log.read()) {
    if (!collect(bytes, calls))
      unreadable.push(safe`Line ${number} of ${verbatim(basename(file))} cannot be read.`.for(reader));
  }
  for (const call of calls.values()) out.write(`${paragraph(call, reader)}\n\n`);
  for (const line of unreadable) out.write(`${line}\n`);
}

/** Adds a line to its call; false if it is not a line of a log. */
function collect(bytes: Buffer, calls: Map<string, Call>): boolean {
  const line = decodeLine(bytes);
  if (!line.ok) return false;
  const parsed = auditEntry.safeParse(line.entry);
  if (!parsed.success) return false;
  const entry = parsed.data;
  // Looks belong to a job, which may have several plans; `cloudcert-mcp evidence` shows them.
  if (entry.event === "seen") return true;
  // A revocation belongs to no call.
  const id = "planId" in entry ? entry.planId : entry.id;
  const key = "planId" in entry ? id : `${id} ${line.link.seq}`;
  const call = calls.get(key) ?? { id, at: line.link.at, standing: [], requests: new Map() };
  calls.set(key, withEntry(call, entry));
  return true;
}

function withEntry(call: Call, entry: Exclude<AuditEntry, { event: "seen" }>): Call {
  if (entry.event === "plan" || entry.event === "decision" || entry.event === "job")
    return { ...call, [entry.event]: entry };
  if ("id" in entry) return { ...call, standing: [...call.standing, entry] };
  const { step = "" } = entry;
  const earlier = entry.event === "sending" ? {} : call.requests.get(step);
  // What was found later adds to the answer, which has the cloud's request id.
  const request = entry.event === "sending" ? entry : { ...earlier?.outcome, ...entry };
  return { ...call, requests: new Map(call.requests).set(step, { ...earlier, [entry.event]: request }) };
}

type Row = readonly [name: SafeText, value: SafeText];

function paragraph({ id, at, plan, decision, standing, job, requests }: Call, reader: Reader): string {
  const when = `${at.slice(0, 10)} ${at.slice(11, 19)} UTC`;
  const [first] = standing;
  if (first?.event === "standing approval revoked") {
    return escapeInvisible(`${when}  ${describeStanding(first).for(reader)}`);
  }
  const title =
    plan === undefined
      ? safe`Call without a recorded plan`
      : safe`${verbatim(plan.operation)} on ${verbatim(plan.service)}, ${verbatim(plan.account)}`;
  const rows: Row[] = [];
  if (plan !== undefined) {
    const { question, warnings } = (reader.language === "en" ? undefined : plan.translated) ?? plan;
    rows.push([safe`Question`, verbatim(question)], [safe`Effect`, effectTexts[plan.effect]]);
    rows.push([safe`Objects`, safe`${plan.objects}`]);
    rows.push(...warnings.map((warning) => [safe`Warning`, verbatim(warning)] as const));
    if (plan.asker !== undefined) rows.push([safe`Asked by`, formatAsker(plan.asker)]);
    rows.push([safe`Arguments`, safe`sha256 ${verbatim(plan.arguments)}`]);
  }
  rows.push([safe`Decision`, describeDecision(decision)]);
  for (const each of decision?.by ?? [])
    rows.push([safe`Decided by`, safe`${formatPerson(each)}: ${verdicts[each.answer]}, ${verbatim(each.at)}`]);
  rows.push(...standing.map((entry) => [safe`Standing`, describeStanding(entry)] as const));
  rows.push(...requestRows(requests));
  rows.push([safe`Plan`, verbatim(id)]);
  if (job !== undefined) rows.push([safe`Job`, verbatim(job.job)]);
  const lines = rows.map(([name, value]) => `  ${padTo(name.for(reader), 10)} ${value.for(reader)}`);
  return [`${when}  ${title.for(reader)}`, ...lines].map(escapeInvisible).join("\n");
}

function describeStanding({ event, id }: StandingEntry): SafeText {
  switch (event) {
    case "standing approval given":
      return safe`Standing approval ${verbatim(id)} was given`;
    case "standing approval used":
      return safe`Standing approval ${verbatim(id)} was used`;
    case "standing approval revoked":
      return safe`Standing approval ${verbatim(id)} was revoked`;
  }
}

function requestRows(requests: Call["requests"]): Row[] {
  if (requests.size === 0) return [[safe`Request`, describeRequestEntry({})]];
  return [...requests].flatMap(([step, request]): Row[] => {
    const outcome = request.outcome && describeOutcomeEntry(request.outcome);
    if (step !== "") {
      const sent = safe`${verbatim(step)}: ${describeRequestEntry(request)}`;
      return [[safe`Step`, outcome === undefined ? sent : safe`${sent}, ${outcome}`]];
    }
    const sent: Row = [safe`Request`, describeRequestEntry(request)];
    return outcome === undefined ? [sent] : [sent, [safe`Outcome`, outcome]];
  });
}

const verdicts: Readonly<Record<EntryOf<"decision">["verdict"], SafeText>> = {
  approved: safe`approved`,
  declined: safe`declined`,
  dismissed: safe`dismissed`,
  "wrong name": safe`wrong name`,
  expired: safe`expired`,
  refused: safe`refused`,
};

function describeDecision(decision: EntryOf<"decision"> | undefined): SafeText {
  if (decision === undefined) return safe`none was recorded`;
  const { verdict, channel, tookMs, reason } = decision;
  const took = verbatim((tookMs / 1000).toFixed(1));
  const decided = safe`${verdicts[verdict]} (${verbatim(channel)}, after ${took} s)`;
  return reason === undefined ? decided : safe`${decided}: ${verbatim(reason)}`;
}

const sentTexts: Readonly<Record<EntryOf<"outcome">["sent"], SafeText>> = {
  yes: safe`was sent`,
  no: safe`was not sent`,
  unknown: safe`may have been sent`,
};

function describeRequestEntry({ sending, outcome }: Request): SafeText {
  if (outcome !== undefined) {
    const signer = outcome.sent === "no" ? undefined : sending?.signer;
    const sent = sentTexts[outcome.sent];
    return signer === undefined ? sent : safe`${sent}, signed with ${verbatim(signer)}`;
  }
  if (sending === undefined) return safe`was not sent`;
  return safe`may have been sent: the process ended before the answer, or still waits for it`;
}

/** What came of a request; undefined if there is nothing to say but that it was not sent. */
function describeOutcomeEntry(outcome: EntryOf<"outcome">): SafeText | undefined {
  const { requestId, code, httpStatus } = outcome;
  const facts = [
    ...(code === undefined ? [] : [verbatim(code)]),
    ...(httpStatus === undefined ? [] : [safe`HTTP ${httpStatus}`]),
    ...(requestId === undefined ? [] : [safe`request id ${verbatim(requestId)}`]),
  ];
  const result = resultOf(outcome);
  const text = result === "not sent" ? undefined : resultTexts[result];
  if (facts.length === 0) return text;
  return text === undefined ? joined(facts) : safe`${text} (${joined(facts)})`;
}
