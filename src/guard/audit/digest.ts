import { createHash } from "node:crypto";
import type { z } from "zod";
import { sensitiveValues } from "../../catalogue/sensitive.js";

/**
 * One digest for the arguments of a call: the same arguments give the same digest, whatever the order of their members.
 * Secrets and documents go in as digests of their own.
 */
export function argumentsDigest(schema: z.ZodTypeAny, params: unknown): string {
  const hidden = new Map(sensitiveValues(schema, params).map(({ path, value }) => [path, `sha256:${sha256(value)}`]));
  return sha256(JSON.stringify(canonical(params, hidden)) ?? "");
}

function canonical(value: unknown, hidden: ReadonlyMap<string, string>, path = ""): unknown {
  const digest = hidden.get(path);
  if (digest !== undefined) return digest;
  const inside = (name: string | number) => (path === "" ? `${name}` : `${path}.${name}`);
  if (Array.isArray(value)) return value.map((item, index) => canonical(item, hidden, inside(index)));
  if (typeof value !== "object" || value === null) return value;
  const members = Object.entries(value).sort(([one], [other]) => (one < other ? -1 : 1));
  return Object.fromEntries(members.map(([name, member]) => [name, canonical(member, hidden, inside(name))]));
}

function sha256(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}
