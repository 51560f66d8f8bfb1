import type { CallToolResult } from "@modelcontextprotocol/sdk/types.js";
import { z } from "zod";
import { isObject } from "../lib/json.js";
import { unsent } from "../lib/tool-error.js";
import { withinLimit } from "../reply/within-limit.js";
import { succeeded } from "./reply.js";

const prefix = "accounts:";
const positions = z.record(z.string());

/** Each account's cursor, by name; undefined for the first page. @throws {ToolError} if this server did not issue it */
export function cursorsOf(cursor: unknown): ReadonlyMap<string, string> | undefined {
  if (cursor === undefined || cursor === null || cursor === "") return undefined;
  try {
    if (typeof cursor !== "string" || !cursor.startsWith(prefix)) throw new Error("it belongs to one account");
    const json: unknown = JSON.parse(Buffer.from(cursor.slice(prefix.length), "base64url").toString());
    return new Map(Object.entries(positions.parse(json)));
  } catch {
    const happened = "The cursor is not one of a reply about every account. Nothing was read.";
    throw unsent("input", happened, "Pass next_cursor as it came, or leave it out to begin again.");
  }
}

/** Rows of each list when a caller names no number, as the tools have it. */
const DEFAULT_LIMIT = 50;

/** Each account's share of the rows of one reply. Anything but a number is left for the tool to refuse. */
export function limitFor(limit: unknown, accounts: number): unknown {
  const rows = limit === undefined || limit === null ? DEFAULT_LIMIT : limit;
  return typeof rows === "number" ? Math.max(1, Math.floor(rows / accounts)) : limit;
}

const failure = z.object({ error: z.object({ happened: z.string() }) });

/**
 * Merges the replies: each row gets its account, rows that expire first come first, and counts are added up. An account
 * that could not be read is listed in `incomplete`; if none could, the first failure is the reply.
 */
export function mergedReply(
  replies: readonly { readonly account: string; readonly reply: CallToolResult }[],
): CallToolResult {
  const failures = replies.filter(({ reply }) => reply.isError);
  const answered = replies.filter(({ reply }) => !reply.isError);
  const [failed] = failures;
  if (failed !== undefined && answered.length === 0) return failed.reply;
  const unread = failures.map(({ account, reply }) => {
    const { data } = failure.safeParse(reply.structuredContent);
    return `${account}: ${data?.error.happened ?? "it could not be read."}`;
  });
  const merged = new Map<string, unknown>();
  const next: Record<string, string> = {};
  const notes: string[] = [];
  for (const { account, reply } of answered) {
    const { next_cursor: cursor, notes: own, ...members } = reply.structuredContent ?? {};
    if (typeof cursor === "string") next[account] = cursor;
    if (Array.isArray(own)) notes.push(...own.map((note) => `${account}: ${String(note)}`));
    for (const [name, value] of Object.entries(members)) {
      merged.set(name, joined(merged.get(name), value, account, countMembers.has(name)));
    }
  }
  const { incomplete = [], ...rest } = Object.fromEntries(merged);
  const gaps = [...unread, ...(Array.isArray(incomplete) ? incomplete : [])];
  const result = {
    ...(gaps.length > 0 && { incomplete: gaps }),
    accounts: replies.map(({ account }) => account),
    ...Object.fromEntries(Object.entries(rest).map(([name, value]) => [name, byExpiry(value)])),
    ...(Object.keys(next).length > 0 && {
      next_cursor: prefix + Buffer.from(JSON.stringify(next)).toString("base64url"),
    }),
  };
  return succeeded(withinLimit({ result, notes: [...new Set(notes)] }));
}

/** Numbers that count rows; others, such as the horizon of a plan, are the same for all accounts. */
const countMembers: ReadonlySet<string> = new Set(["counts", "in_use", "matching", "matching_domains"]);

/** Adds one account's value to the merged value of the accounts before it. */
function joined(before: unknown, value: unknown, account: string, sums: boolean): unknown {
  if (Array.isArray(value)) {
    const own = value.map((each: unknown) => (isObject(each) ? { account, ...each } : `${account}: ${String(each)}`));
    return [...(Array.isArray(before) ? before : []), ...own];
  }
  if (typeof value === "number" && sums) return value + (typeof before === "number" ? before : 0);
  if (isObject(value)) {
    const others = isObject(before) ? before : {};
    return {
      ...others,
      ...Object.fromEntries(
        Object.entries(value).map(([name, each]) => [name, joined(others[name], each, account, sums)]),
      ),
    };
  }
  return before ?? value;
}

const expiringRow = z.object({ days_left: z.number() });

/** Rows that end, the earliest first, as each account sorts them. */
function byExpiry(value: unknown): unknown {
  if (!Array.isArray(value)) return value;
  const at = (row: unknown) => expiringRow.safeParse(row).data?.days_left ?? Number.POSITIVE_INFINITY;
  return value.some((row) => expiringRow.safeParse(row).success) ? value.toSorted((a, b) => at(a) - at(b)) : value;
}
