import type { Operation } from "../catalogue/operation.js";
import { isObject, type JsonObject } from "../lib/json.js";
import type { Redact } from "../lib/redacted-start.js";
import { capped, escapeInvisible, formatId } from "../lib/safe-text.js";
import { annotate } from "./annotate.js";
import { isHollow } from "./empty.js";
import { markExternalText } from "./external-text.js";
import { selectMembers } from "./select-members.js";
import { cutToLimit } from "./within-limit.js";

/** The reply of a tool when the cloud reports success. */
export interface Reply {
  /** The documented members, any others that the cloud sent, and those of `derived-members.ts`. */
  readonly result: JsonObject;
  /** What else a reader must know, one sentence each. */
  readonly notes: readonly string[];
}

export type Detail = "summary" | "full";

export interface FormatOptions {
  readonly detail: Detail;
  readonly maskPersonal: boolean;
  readonly now: Date;
  /** The arguments of the call: the start of a page determines the next one. */
  readonly params: JsonObject;
  /** Notes from elsewhere about this call; they come first and count towards the limit. */
  readonly notes: readonly string[];
  /** Is applied to a text before it is cut. */
  readonly redact: Redact;
}

/** Whether the reply has a short form to choose. */
export function takesDetail(operation: Operation): boolean {
  return operation.replyFacts?.summary !== undefined;
}

/** Longest id to show, in characters. */
const MAX_ID_LENGTH = 200;

/** Turns a cloud's answer into a reply that fits a conversation. A value of an undocumented type stays as it was sent. */
export function formatReply(
  operation: Operation,
  answer: unknown,
  requestId: string | undefined,
  { detail, maskPersonal, now, params, notes: callNotes, redact }: FormatOptions,
): Reply {
  const { summary, meanings = {}, paging } = operation.replyFacts ?? {};
  const sent = isObject(answer) ? markExternalText(answer) : {};
  const selected = selectMembers(sent, {
    summary: detail === "summary" ? summary : undefined,
    maskPersonal,
    addedMembers: requestId === undefined ? 0 : 1,
  });
  const { counts } = selected;
  const members = {
    ...selected.members,
    ...(requestId !== undefined && { RequestId: String(formatId(capped(escapeInvisible(requestId), MAX_ID_LENGTH))) }),
  };
  const sideEffect = operation.effect === "read" ? undefined : operation.sideEffect?.(params);
  const notes = [
    ...callNotes,
    ...outcomeNotes(operation, sent),
    ...(sideEffect === undefined ? [] : [sideEffect]),
    ...selected.notes,
  ];
  const result = annotate(members, meanings, now);
  return cutToLimit({ result, notes, paging, params, counts, redact, ...(counts.size > 0 && { whole: sent }) });
}

/** An empty reply is described in words: its text would otherwise be empty. */
function outcomeNotes({ effect }: Operation, sent: JsonObject): string[] {
  const empty = isHollow(sent);
  if (effect === "read") return empty ? ["The cloud's reply is empty: it found nothing."] : [];
  const accepted = empty ? "Accepted by the API, with an empty reply" : "Accepted by the API";
  if (effect === "traffic")
    return [
      `${accepted}; that is not yet proof that the edge serves it: the rollout follows (check_served_certificate shows it).`,
    ];
  return empty ? [`${accepted}.`] : [];
}
