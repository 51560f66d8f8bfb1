import { createHash } from "node:crypto";
import { z } from "zod";
import { parseObject } from "../../json.js";
import type { AuditEntry } from "./entry.js";

/**
 * One line of the log:
 *
 *     {"seq":7,"at":"2026-11-22T10:36:05.123Z","pid":4242,"prev":"…","event":"sending","planId":"…","hash":"…"}
 *
 * `hash` is the SHA-256, in lower-case hex, of the line's bytes from the first one up to, not including, `,"hash":"`.
 * `prev` is the `hash` of the line before, 64 zeros in the first line. The hash is taken over bytes as they stand in the
 * file, not over parsed JSON, so there is nothing in a line that can be changed without changing its hash.
 */
const linkSchema = z.object({
  /** Number of the line over the whole log, from 1. */
  seq: z.number().int().positive(),
  at: z.string().datetime(),
  pid: z.number().int().positive(),
  prev: z.string(),
  hash: z.string(),
});

/** What ties a line into the chain. */
export type Link = z.output<typeof linkSchema>;

/** The newest line, as far as the next one needs to know it. */
export type Head = Pick<Link, "seq" | "hash">;

/** What the first line follows. */
export const genesis: Head = { seq: 0, hash: "0".repeat(64) };

/** Longest line in bytes. No entry comes near it; a file without line ends must not be read into memory whole. */
export const LONGEST_LINE = 512 * 1024;

export const NEWLINE = 0x0a;

export interface EncodedLine {
  readonly head: Head;
  /** With its line end. */
  readonly bytes: Buffer;
}

/** The line that records `entry` after `head`. */
export function encodeLine(head: Head, stamp: Pick<Link, "at" | "pid">, entry: AuditEntry): EncodedLine {
  const seq = head.seq + 1;
  const open = JSON.stringify({ seq, ...stamp, prev: head.hash, ...entry }).slice(0, -1);
  const hash = sha256(Buffer.from(open));
  return { head: { seq, hash }, bytes: Buffer.from(`${open},"hash":"${hash}"}\n`) };
}

export type DecodedLine =
  | { readonly ok: true; readonly link: Link; readonly entry: Readonly<Record<string, unknown>> }
  | { readonly ok: false; readonly why: string };

const ending = /^,"hash":"([0-9a-f]{64})"\}$/;
const ENDING_LENGTH = ',"hash":""}'.length + 64;

/** Reads a line without its line end, and checks it against its own hash. */
export function decodeLine(bytes: Buffer): DecodedLine {
  const hash = ending.exec(bytes.subarray(-ENDING_LENGTH).toString("latin1"))?.[1];
  if (hash === undefined) return { ok: false, why: "it is not a line of this log" };
  if (sha256(bytes.subarray(0, -ENDING_LENGTH)) !== hash) {
    return { ok: false, why: "it was altered: its hash does not fit it" };
  }
  const members = parseObject(bytes.toString());
  const link = linkSchema.safeParse(members);
  if (!link.success) return { ok: false, why: "it is not a line of this log" };
  const { seq: _seq, at: _at, pid: _pid, prev: _prev, hash: _hash, ...entry } = members ?? {};
  return { ok: true, link: link.data, entry };
}

/**
 * Whether bytes without a line end are the beginning of the line that follows `head`: what a kill or a power cut leaves
 * behind, the latter with zero bytes where text was to be. Anything else at the end of a log is foreign, above all a
 * whole line whose line end was altered.
 */
export function isTornLine(bytes: Buffer, head: Head): boolean {
  const text = bytes.toString("latin1");
  if (/,"hash":"[0-9a-f]{64}"\}./s.test(text)) return false;
  const written = text.replace(/\0+$/, "");
  const start = `{"seq":${head.seq + 1},"at":"`;
  return written.startsWith(start) || start.startsWith(written);
}

function sha256(bytes: Buffer): string {
  return createHash("sha256").update(bytes).digest("hex");
}
