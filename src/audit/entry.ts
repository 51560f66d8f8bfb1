import { z } from "zod";
import { changeEffects } from "../catalogue/operation.js";

/** Longest text of one member, in characters. Longer text is cut: a long question must not prevent its record. */
const MAX_TEXT_LENGTH = 1000;

/** Maximum number of warnings per plan. With `MAX_TEXT_LENGTH` it keeps every entry below `MAX_LINE_LENGTH`. */
export const MAX_WARNINGS = 50;

/** Maximum number of changes recorded of a job's plan; a form shows 20 objects. */
export const MAX_CHANGES = 60;

/** Rules ask for ten approvers at most, and several rules can apply. */
const MAX_DECIDERS = 100;

/** Longest recorded change, in characters. */
const MAX_CHANGE_LENGTH = 500;

const textOf = (longest: number) =>
  z.string().transform((value) => (value.length <= longest ? value : `${value.slice(0, longest)}…`));
const text = textOf(MAX_TEXT_LENGTH);
const sha256 = z.string().regex(/^[0-9a-f]{64}$/);
const planId = z.string().min(1).max(100);
/** The step of a job; absent if the plan is one request. */
const step = text.optional();

/** What became of a question that was put to a person. Anything that is not a clear yes is a no. */
const decisions = ["approved", "declined", "dismissed", "wrong name"] as const;
export type Decision = (typeof decisions)[number];

/** What one person can answer. */
const answers = ["approved", "declined", "wrong name"] as const satisfies readonly Decision[];

const verdicts = [
  ...decisions,
  /** Nobody answered in time. */
  "expired",
  /** The program itself refused: by policy, or because no person can be asked. */
  "refused",
] as const;

/** A person by name, where several use this server. */
const personMembers = { id: text, name: text };

/** What would be done. Recorded before anyone is asked. */
const plan = z.strictObject({
  event: z.literal("plan"),
  planId,
  operation: text,
  effect: z.enum(changeEffects),
  /** How many objects change. */
  objects: z.number().int().nonnegative(),
  question: text,
  /** The worst first. */
  warnings: z.array(text).max(MAX_WARNINGS),
  /** A job's changes as the plan shows them, "object, aspect: now → after"; absent for single operations. */
  changes: z.array(textOf(MAX_CHANGE_LENGTH)).max(MAX_CHANGES).optional(),
  /** The same in the person's language if that is not English. */
  translated: z.strictObject({ question: text, warnings: z.array(text).max(MAX_WARNINGS) }).optional(),
  /** SHA-256 of the arguments, as shown in the plan. Secrets enter it as digests of their own. */
  arguments: sha256,
  service: text,
  /** The credential id, shortened: "AKID…9xYz". */
  account: text,
  /** Who asked for it, and with which client; absent where that is whoever uses this computer. */
  asker: z.strictObject({ ...personMembers, client: text.optional() }).optional(),
  /** SHA-256 of all words that a person may be shown, by language, if it is known who decides. */
  words: z.strictObject({ en: sha256, "zh-CN": sha256 }).optional(),
});

/** How the question ended. */
const decision = z.strictObject({
  event: z.literal("decision"),
  planId,
  channel: text,
  verdict: z.enum(verdicts),
  /** From question to answer, in milliseconds. */
  tookMs: z.number().nonnegative(),
  reason: text.optional(),
  /** Who decided, in order, and the digest of the words that each was shown; absent where nobody logs in. */
  by: z
    .array(z.strictObject({ ...personMembers, at: z.string().datetime(), answer: z.enum(answers), shown: sha256 }))
    .max(MAX_DECIDERS)
    .optional(),
});

/** Recorded before the request is sent. If present, the request may have been sent; if absent, it was not. */
const sending = z.strictObject({
  event: z.literal("sending"),
  planId,
  step,
  /** The id of the only credential that may sign it, shortened; absent where none signs. */
  signer: text.optional(),
});

/**
 * The result of the request, as far as this program knows. A second one of the same request, which is not ok but
 * changed something, says that a check found the change made after no clear answer had come.
 */
const outcome = z.strictObject({
  event: z.literal("outcome"),
  planId,
  step,
  sent: z.enum(["yes", "no", "unknown"]),
  /** Whether the cloud's answer said so. */
  ok: z.boolean(),
  /** Whether it changed something. */
  changed: z.enum(["yes", "no", "unknown"]),
  requestId: text.optional(),
  code: text.optional(),
  httpStatus: z.number().int().optional(),
});

const standingId = z.string().regex(/^sa-[0-9a-f]{8}$/);

/** A person gave a standing approval: `terms` is the SHA-256 of its terms, which stand in a file of their own. */
const standingApprovalGiven = z.strictObject({
  event: z.literal("standing approval given"),
  id: standingId,
  planId,
  terms: sha256,
});

/** It approves the plan. Recorded before anything is sent; the lines of the log are what its uses are counted from. */
const standingApprovalUsed = z.strictObject({
  event: z.literal("standing approval used"),
  id: standingId,
  planId,
  /** It puts back what an earlier use deployed, and is not counted. */
  put_back: z.literal(true).optional(),
});

const standingApprovalRevoked = z.strictObject({ event: z.literal("standing approval revoked"), id: standingId });

const jobId = z.string().regex(/^[0-9a-f]{8}$/);

/** Which job of the journal an approved plan is carried out as. Recorded before its first request to a target. */
const job = z.strictObject({
  event: z.literal("job"),
  planId,
  job: jobId,
  kind: z.enum(["deployment", "rollback", "deletion"]),
  /** The deployment that a rollback undoes. */
  of: jobId.optional(),
  /** SHA-256 of the leaf that a deployment brings and a rollback removes; "none" if there is none. */
  certificate: text,
});

/** What a target of a job was seen to serve: the sighting itself is in the journal, and its digest here commits to it. */
const sighting = z.strictObject({
  event: z.literal("seen"),
  job: jobId,
  target: text,
  domain: text,
  when: z.enum(["before", "after"]),
  /** SHA-256 of the sighting as JSON, as the journal has it. */
  look: sha256,
});

/** The audit entries of a call that changes something. Strict: members not named here are never written. */
export const auditEntry = z.discriminatedUnion("event", [
  plan,
  decision,
  sending,
  outcome,
  job,
  sighting,
  standingApprovalGiven,
  standingApprovalUsed,
  standingApprovalRevoked,
]);
export type AuditEntry = z.output<typeof auditEntry>;
export type AuditEntryOf<Event extends AuditEntry["event"]> = Extract<AuditEntry, { event: Event }>;
