import type { Head } from "./line.js";

/** The newest line of the log, as it is kept elsewhere: "1042:9f86d0…", its number and its hash. */
export function headInWords({ seq, hash }: Head): string {
  return `${seq}:${hash}`;
}

/** Undefined for anything else. */
export function parseHead(text: string): Head | undefined {
  const [, seq, hash] = /^([1-9]\d{0,14}):([0-9a-f]{64})$/.exec(text.trim()) ?? [];
  return seq === undefined || hash === undefined ? undefined : { seq: Number(seq), hash };
}
