import { z } from "zod";
import type { ChangeEffect } from "../catalogue/operation.js";

/** Longest text of one member, in characters; more is cut, because a long question must not stop the record of it. */
const LONGEST_TEXT = 1000;

/** Most warnings of one plan. Together with `LONGEST_TEXT` it keeps every entry far below `LONGEST_LINE`. */
export const MOST_WARNINGS = 50;

const text = z
  .string()
  .transform((value) => (value.length <= LONGEST_TEXT ? value : `${value.slice(0, LONGEST_TEXT)}…`));
const planId = z.string().min(1).max(100);
/** Which part of a job it is; absent where the plan is one request. */
const step = text.optional();

const effects = [
  "key-export",
  "create",
  "change",
  "traffic",
  "destroy",
  "purchase",
] as const satisfies readonly ChangeEffect[];

/** What became of a question that was put to a person. Anything that is not a clear yes is a no. */
const decisions = ["approved", "declined", "dismissed", "wrong name"] as const;
export type Decision = (typeof decisions)[number];

const verdicts = [
  ...decisions,
  /** Nobody answered in time. */
  "expired",
  /** The program refused by itself: by policy, or because no person can be asked. */
  "refused",
] as const;

/** What would be done. It is recorded before anybody is asked. */
const plan = z
  .object({
    event: z.literal("plan"),
    planId,
    operation: text,
    effect: z.enum(effects),
    /** How many things change; absent in lines of older versions. */
    objects: z.number().int().nonnegative().optional(),
    question: text,
    /** The worst first. */
    warnings: z.array(text).max(MOST_WARNINGS),
    /** The same in the language of the person, where that is another one. */
    translated: z
      .object({ question: text, warnings: z.array(text).max(MOST_WARNINGS) })
      .strict()
      .optional(),
    /** A SHA-256 that stands for the arguments, the one that the plan showed; secrets enter it as digests of their own. */
    arguments: z.string().regex(/^[0-9a-f]{64}$/),
    service: text,
    /** The credential id, shortened: "AKID…9xYz". */
    account: text,
  })
  .strict();

/** What became of the question. */
const decision = z
  .object({
    event: z.literal("decision"),
    planId,
    channel: text,
    verdict: z.enum(verdicts),
    /** From the question to the answer, in milliseconds. */
    tookMs: z.number().nonnegative(),
    reason: text.optional(),
  })
  .strict();

/** Recorded before the request leaves. Present: the request may have left. Absent: it has not. */
const sending = z.object({ event: z.literal("sending"), planId, step }).strict();

/** What became of the request, as far as this program knows. */
const outcome = z
  .object({
    event: z.literal("outcome"),
    planId,
    step,
    sent: z.enum(["yes", "no", "unknown"]),
    ok: z.boolean(),
    requestId: text.optional(),
    code: text.optional(),
    httpStatus: z.number().int().optional(),
  })
  .strict();

/** What is recorded of a call that changes something. Strict: a member that is not named here is never written. */
export const auditEntry = z.discriminatedUnion("event", [plan, decision, sending, outcome]);
export type AuditEntry = z.output<typeof auditEntry>;
