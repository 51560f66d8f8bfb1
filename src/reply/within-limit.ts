import type { Paging } from "../catalogue/reply-fact-types.js";
import type { JsonObject } from "../lib/json.js";
import { type Redact, redactedStart } from "../lib/redacted-start.js";
import { escapeInvisible } from "../lib/safe-text.js";
import { replyLimit } from "./budget.js";
import { sanitizeExternalText } from "./external-text.js";
import { pagingNotes } from "./paging.js";
import type { Counts } from "./select-members.js";
import { costOf, costOfText, fitsBudget, minPerCharacter } from "./size.js";
import { type Truncation, truncateToBudget } from "./truncate.js";

interface UncutReply {
  readonly result: JsonObject;
  readonly notes: readonly string[];
  readonly paging?: Paging | undefined;
  /** The arguments of the call. */
  readonly params?: JsonObject;
  /** If `result` holds only the part that can be shown: the original counts, and the whole result. */
  readonly counts?: Counts;
  readonly whole?: JsonObject;
  /** Is applied to a text before it is cut. */
  readonly redact: Redact;
}

/** Limit of all notes together, and of each one. */
const notesLimit = 4_000;
const noteLimit = 320;
const notesOnTheCall = 7;
const notesOnTheRest = 5;

/** A reply of redacted texts with everything visible, and cut to the limit. */
export function withinLimit({ result, notes }: Pick<UncutReply, "result" | "notes">) {
  return cutToLimit({ result: sanitizeExternalText(result), notes, redact: (text) => text });
}

/** The reply cut to the limit, with notes on what is missing. Nothing invisible may be left in its result. */
export function cutToLimit({ result, notes, paging, params = {}, counts, whole = result, redact }: UncutReply) {
  const replyWith = (shown: JsonObject, cuts: readonly Truncation[]) => {
    const missing = paging === undefined ? [] : pagingNotes(paging, { whole, shown, params });
    return {
      result: shown,
      notes: [
        ...limitNotes(notes, notesOnTheCall, redact),
        ...limitNotes([...missing, ...cutNotes(cuts, paging)], notesOnTheRest, redact),
      ],
    };
  };
  const isWithin = (reply: ReturnType<typeof replyWith>) =>
    fitsBudget({ ...reply.result, notes: reply.notes }, replyLimit);
  const uncut = replyWith(result, []);
  if ((counts?.size ?? 0) === 0 && isWithin(uncut)) return uncut;
  const cutWith = (reserve: number) => {
    const { value, cuts } = truncateToBudget(result, replyLimit - reserve, redact, counts);
    return replyWith(value, cuts);
  };
  // The notes depend on what is cut, and what is cut depends on the room they leave.
  const attempt = cutWith(costOf(notes) + 300);
  return isWithin(attempt) ? attempt : cutWith(notesLimit);
}

/** Notes on cuts, unless a note on paging says how to get the rest. */
function cutNotes(cuts: readonly Truncation[], paging: Paging | undefined): string[] {
  return cuts
    .filter((cut) => !isPaged(cut, paging))
    .map(({ path, shown, of, unit }) => {
      const place = path.filter((step) => typeof step === "string").join(".") || "The reply";
      return `${place}: first ${shown} of ${of} ${unit}; the rest does not fit into a reply.`;
    });
}

function isPaged({ path, unit }: Truncation, paging: Paging | undefined): boolean {
  if (unit !== "items" || paging === undefined) return false;
  const name = path.at(-1);
  return paging.by === "page" ? path.length === 1 && name === paging.list : path.length === 3 && name === paging.rows;
}

function limitNotes(notes: readonly string[], atMost: number, redact: Redact): string[] {
  const more = notes.length - atMost;
  const kept = notes.slice(0, atMost).map((note) => clipNote(escapeInvisible(note), redact));
  return more > 0 ? [...kept, `${more} more notes do not fit.`] : kept;
}

function clipNote(note: string, redact: Redact): string {
  if (costOfText(note) <= noteLimit) return note;
  const characters = [...redactedStart(note, Math.ceil(noteLimit / minPerCharacter), redact)];
  let length = characters.length;
  while (costOfText(characters.slice(0, length).join("")) > noteLimit - 3) length = Math.floor(length * 0.8);
  return `${characters.slice(0, length).join("")}…`;
}
