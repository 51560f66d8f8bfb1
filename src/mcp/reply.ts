import type { CallToolResult } from "@modelcontextprotocol/sdk/types.js";
import { present } from "../lib/lists.js";
import { capped, escapeInvisible, formatId } from "../lib/safe-text.js";
import type { Changed, ToolErrorDetails } from "../lib/tool-error.js";
import { withoutEmpty } from "../reply/empty.js";
import type { Reply } from "../reply/format-reply.js";

/*
 * Successes and errors carry the same facts as text and as structure, because some clients give the model only the
 * structure of a success and only the text of an error.
 */

export function succeeded({ result, notes }: Reply): CallToolResult {
  const structuredContent = { ...result, ...(notes.length > 0 && { notes }) };
  const text = JSON.stringify(withoutEmpty(structuredContent));
  return { structuredContent, content: [{ type: "text", text }] };
}

const outcome: Readonly<Record<Changed, string>> = {
  no: "Nothing was changed.",
  partly: "Part of the change was made, or is being made.",
  "by the other call": "This call changed nothing.",
  unknown: "Outcome unknown: the change may or may not have been made.",
};

/** Longest sentence of a failure, and longest code or request id of a cloud, in characters. */
const longest = { sentence: 2_000, name: 200 };

/** A failure made safe to read: each text on one line of limited length, so a cloud's text cannot start a line. */
export function legible({ awaitsPerson: _, endsApproval: __, ...facts }: ToolErrorDetails): ToolErrorDetails {
  const { happened, next, code, requestId } = facts;
  const sentence = (text: string) => capped(escapeInvisible(text), longest.sentence);
  const name = (text: string) => capped(escapeInvisible(text), longest.name);
  return {
    ...facts,
    happened: sentence(happened),
    next: sentence(next),
    ...(code !== undefined && { code: name(code) }),
    ...(requestId !== undefined && { requestId: name(requestId) }),
  };
}

export function failed(failure: ToolErrorDetails): CallToolResult {
  const facts = legible(failure);
  const { happened, changed, next, code, requestId, httpStatus, approval, ongoing } = facts;
  if (approval !== undefined) return ongoingReply({ approval, happened, next });
  if (ongoing !== undefined) return ongoingReply({ ...ongoing, happened, next });
  const reference = present([
    code !== undefined && `code ${formatId(code)}`,
    requestId !== undefined && `request id ${formatId(requestId)}`,
    httpStatus !== undefined && `HTTP ${httpStatus}`,
  ]);
  const lines = [
    happened,
    outcome[changed],
    `Next: ${next}`,
    ...(reference.length > 0 ? [`(${reference.join(", ")})`] : []),
  ];
  return {
    isError: true,
    structuredContent: { error: { ...facts } },
    content: [{ type: "text", text: lines.join("\n") }],
  };
}

/**
 * A plan for the host to get approved, or a call that continues. Not an error, or clients would drop the structure. Our
 * output schemas require no member and exclude none.
 */
function ongoingReply(structuredContent: Record<string, unknown>): CallToolResult {
  return { structuredContent, content: [{ type: "text", text: JSON.stringify(structuredContent) }] };
}
