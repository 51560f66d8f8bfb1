import { basename } from "node:path";
import { visible } from "../../visible.js";
import { effectInWords } from "../plan.js";
import { type AuditEntry, auditEntry } from "./entry.js";
import { decodeLine } from "./line.js";
import { readLog } from "./read-log.js";

export interface Output {
  write(text: string): unknown;
}

type EntryOf<Event extends AuditEntry["event"]> = Extract<AuditEntry, { event: Event }>;

/** What the log says of one call; a part is missing when it was never recorded. */
interface Call {
  readonly id: string;
  /** Of the first entry. */
  readonly at: string;
  readonly plan?: EntryOf<"plan">;
  readonly decision?: EntryOf<"decision">;
  /** By the part of a job that they are, in order; the empty name is the only one of a single request. */
  readonly requests: ReadonlyMap<string, Request>;
}

/** One part may be sent again until its answer says that it is finished: then the last time counts. */
interface Request {
  readonly sending?: EntryOf<"sending">;
  readonly outcome?: EntryOf<"outcome">;
}

/**
 * Prints the log for a person, a paragraph for each call. It takes the lines as they are; whether they can be trusted is
 * what `verifyAudit` says.
 * @throws {NoAuditLog} when there is no log
 */
export async function showAudit(path: string, out: Output): Promise<void> {
  const calls = new Map<string, Call>();
  const unreadable: string[] = [];
  for await (const { file, number, bytes } of readLog(path)) {
    if (!collect(bytes, calls)) unreadable.push(`Line ${number} of ${basename(file)} cannot be read.`);
  }
  for (const call of calls.values()) out.write(`${paragraph(call)}\n\n`);
  for (const line of unreadable) out.write(`${line}\n`);
}

/** Adds a line to the call that it belongs to; false when it is no line of a log. */
function collect(bytes: Buffer, calls: Map<string, Call>): boolean {
  const line = decodeLine(bytes);
  if (!line.ok) return false;
  const parsed = auditEntry.safeParse(line.entry);
  if (!parsed.success) return false;
  const entry = parsed.data;
  const call = calls.get(entry.planId) ?? { id: entry.planId, at: line.link.at, requests: new Map() };
  calls.set(entry.planId, withEntry(call, entry));
  return true;
}

function withEntry(call: Call, entry: AuditEntry): Call {
  if (entry.event === "plan" || entry.event === "decision") return { ...call, [entry.event]: entry };
  const { step = "" } = entry;
  const before = entry.event === "sending" ? {} : call.requests.get(step);
  return { ...call, requests: new Map(call.requests).set(step, { ...before, [entry.event]: entry }) };
}

type Row = readonly [name: string, value: string];

function paragraph({ id, at, plan, decision, requests }: Call): string {
  const title =
    plan === undefined ? "Call without a recorded plan" : `${plan.operation} on ${plan.service}, ${plan.account}`;
  const rows: Row[] = [];
  if (plan !== undefined) {
    rows.push(["Question", plan.question], ["Effect", effectInWords[plan.effect]]);
    if (plan.objects !== undefined) rows.push(["Objects", String(plan.objects)]);
    rows.push(...plan.warnings.map((warning) => ["Warning", warning] as const));
    rows.push(["Arguments", `sha256 ${plan.arguments}`]);
  }
  rows.push(["Decision", decisionInWords(decision)]);
  rows.push(...requestRows(requests));
  rows.push(["Plan", id]);
  const when = `${at.slice(0, 10)} ${at.slice(11, 19)} UTC`;
  return [`${when}  ${title}`, ...rows.map(([name, value]) => `  ${name.padEnd(10)} ${value}`)].map(visible).join("\n");
}

function requestRows(requests: Call["requests"]): Row[] {
  if (requests.size === 0) return [["Request", requestInWords({})]];
  return [...requests].flatMap(([step, request]): Row[] => {
    const { outcome } = request;
    if (step !== "") {
      const result = outcome === undefined ? "" : `, ${outcomeInWords(outcome)}`;
      return [["Step", `${step}: ${requestInWords(request)}${result}`]];
    }
    const sent: Row = ["Request", requestInWords(request)];
    return outcome === undefined ? [sent] : [sent, ["Outcome", outcomeInWords(outcome)]];
  });
}

function decisionInWords(decision: EntryOf<"decision"> | undefined): string {
  if (decision === undefined) return "none was recorded";
  const { verdict, channel, tookMs, reason } = decision;
  return `${verdict} (${channel}, after ${(tookMs / 1000).toFixed(1)} s)${reason === undefined ? "" : `: ${reason}`}`;
}

const sentInWords = { yes: "was sent", no: "was not sent", unknown: "may have been sent" } as const;

function requestInWords({ sending, outcome }: Request): string {
  if (outcome !== undefined) return sentInWords[outcome.sent];
  if (sending === undefined) return "was not sent";
  return "may have been sent: the process ended before the answer, or still waits for it";
}

function outcomeInWords({ ok, requestId, code, httpStatus }: EntryOf<"outcome">): string {
  const facts = [
    code,
    httpStatus === undefined ? undefined : `HTTP ${httpStatus}`,
    requestId === undefined ? undefined : `request id ${requestId}`,
  ].filter((fact) => fact !== undefined);
  return `${ok ? "accepted" : "failed"}${facts.length === 0 ? "" : ` (${facts.join(", ")})`}`;
}
