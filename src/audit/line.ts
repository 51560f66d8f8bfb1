import { z } from "zod";
import { type JsonObject, parseObject } from "../lib/json.js";
import { sha256Hex } from "../lib/sha256.js";
import type { AuditEntry } from "./entry.js";

/**
 * One line of the log:
 *
 *     {"seq":7,"at":"2026-11-22T10:36:05.123Z","pid":4242,"prev":"…","event":"sending","planId":"…","hash":"…"}
 *
 * `hash` is the SHA-256, in lower-case hex, of the line's bytes up to but not including `,"hash":"`. `prev` is the
 * `hash` of the line before, 64 zeros in the first line. The hash covers the bytes in the file, not parsed JSON, so
 * nothing in a line can be changed without changing its hash.
 */
const linkSchema = z.object({
  /** Line number in the whole log, from 1. */
  seq: z.number().int().positive(),
  at: z.string().datetime(),
  pid: z.number().int().positive(),
  prev: z.string(),
  hash: z.string(),
});

/** What links a line into the chain. */
export type ChainLink = z.output<typeof linkSchema>;

/** What the next line needs of the newest one. */
export type Head = Pick<ChainLink, "seq" | "hash">;

/** The predecessor of the first line. */
export const genesis: Head = { seq: 0, hash: "0".repeat(64) };

/** Longest line in bytes. No entry comes near it; a file without line ends must not be read into memory as a whole. */
export const MAX_LINE_LENGTH = 512 * 1024;

export const NEWLINE = 0x0a;

export interface EncodedLine {
  readonly head: Head;
  /** Including the line end. */
  readonly bytes: Buffer;
}

/** The line that records `entry` after `head`. */
export function encodeLine(head: Head, stamp: Pick<ChainLink, "at" | "pid">, entry: AuditEntry): EncodedLine {
  const seq = head.seq + 1;
  const open = JSON.stringify({ seq, ...stamp, prev: head.hash, ...entry }).slice(0, -1);
  const hash = sha256Hex(open);
  return { head: { seq, hash }, bytes: Buffer.from(`${open},"hash":"${hash}"}\n`) };
}

type DecodedLine =
  | { readonly ok: true; readonly link: ChainLink; readonly entry: JsonObject }
  | { readonly ok: false; readonly why: string };

const ending = /^,"hash":"([0-9a-f]{64})"\}$/;
const ENDING_LENGTH = ',"hash":""}'.length + 64;

/** Reads a line without its line end and checks its hash. */
export function decodeLine(bytes: Buffer): DecodedLine {
  const hash = ending.exec(bytes.subarray(-ENDING_LENGTH).toString("latin1"))?.[1];
  if (hash === undefined) return { ok: false, why: "it is not a line of this log" };
  if (sha256Hex(bytes.subarray(0, -ENDING_LENGTH)) !== hash) {
    return { ok: false, why: "it was altered: its hash does not match" };
  }
  const members = parseObject(bytes.toString());
  const link = linkSchema.safeParse(members);
  if (!link.success) return { ok: false, why: "it is not a line of this log" };
  const { seq: _seq, at: _at, pid: _pid, prev: _prev, hash: _hash, ...entry } = members ?? {};
  return { ok: true, link: link.data, entry };
}

/** What follows the last line end of a log. */
type Tail =
  /** The complete next line; only its line end is missing. */
  | { readonly kind: "line"; readonly link: ChainLink }
  /** The start of the next line, with zero bytes where a power cut left them. */
  | { readonly kind: "beginning" }
  | { readonly kind: "foreign"; readonly why: string };

/**
 * Classifies bytes without a line end. A line written to its last byte stays in the log: whether its line end was never
 * written or was removed later, what it records may have happened.
 */
export function classifyTail(bytes: Buffer, head: Head): Tail {
  const line = decodeLine(bytes);
  if (line.ok) {
    const why = whyNotNext(line.link, head);
    return why === undefined ? { kind: "line", link: line.link } : { kind: "foreign", why };
  }
  if (ending.test(bytes.subarray(-ENDING_LENGTH).toString("latin1"))) return { kind: "foreign", why: line.why };
  return isLineStart(bytes.toString("latin1"), head)
    ? { kind: "beginning" }
    : { kind: "foreign", why: "foreign text follows the last line" };
}

const dateLike = "2026-11-22T10:36:05.123Z";

/** Whether the text is the start of the line after `head`: the members before the entry's own have a fixed form. */
function isLineStart(written: string, head: Head): boolean {
  // A line with an altered end was not cut off.
  if (/,"hash":"[0-9a-f]{64}"\}./s.test(written)) return false;
  const text = written.replace(/\0+$/, "");
  const [, at = "", pid = ""] = /^\{"seq":\d+,"at":"([^"]*)(?:","pid":(\d*))?/.exec(text) ?? [];
  const date = at + dateLike.slice(at.length);
  if (at.length > dateLike.length || !linkSchema.shape.at.safeParse(date).success) return false;
  const start = `{"seq":${head.seq + 1},"at":"${date}","pid":${pid || 1},"prev":"${head.hash}","event":"`;
  return text.startsWith(start) || start.startsWith(text);
}

/** Why the line is not the one after `head`; undefined if it is. */
export function whyNotNext({ seq, prev }: ChainLink, head: Head): string | undefined {
  const expected = head.seq + 1;
  if (seq < expected) return `it is line ${seq} of the log, repeated or moved: line ${expected} belongs here`;
  if (seq === expected + 1) return `line ${expected} of the log is missing before it`;
  if (seq > expected) return `lines ${expected} to ${seq - 1} of the log are missing before it`;
  if (prev !== head.hash) return "it does not follow the line before: one of the two was replaced";
  return undefined;
}

/** The newest line of the log, as it is kept elsewhere: "1042:9f86d0…", its number and its hash. */
export function formatHead({ seq, hash }: Head): string {
  return `${seq}:${hash}`;
}

/** Undefined for anything else. */
export function parseHead(text: string): Head | undefined {
  const [, seq, hash] = /^([1-9]\d{0,14}):([0-9a-f]{64})$/.exec(text.trim()) ?? [];
  return seq === undefined || hash === undefined ? undefined : { seq: Number(seq), hash };
}
