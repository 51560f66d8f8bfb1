import { readFileSync } from "node:fs";
import { parse } from "yaml";
import type { z } from "zod";
import { messageOf, systemCodeOf } from "./failure.js";

/** A file of an operator that people read and correct; longer ones are not read. */
const LONGEST = 1024 * 1024;

/** The file cannot be used. Its message is for the operator, and repeats no value of the file. */
export class FileFault extends Error {}

/**
 * Reads a YAML 1.2 file with the core schema: no tags of other types, no repeated keys, no aliases.
 * @throws {FileFault} saying where the file is wrong
 */
export function readYaml<Schema extends z.ZodTypeAny>(path: string, schema: Schema): z.output<Schema> {
  const text = textOf(path);
  let content: unknown;
  try {
    content = parse(text, { strict: true, uniqueKeys: true, maxAliasCount: 0, schema: "core", prettyErrors: false });
  } catch (error) {
    throw new FileFault(`${path} is no YAML${placeOf(error, text)}: ${messageOf(error)}`);
  }
  const parsed = schema.safeParse(content);
  if (parsed.success) return parsed.data;
  const faults = parsed.error.issues.slice(0, 5).map(({ path: at, message }) => `${at.join(".") || "top"}: ${message}`);
  throw new FileFault(`${path} is wrong: ${faults.join("; ")}`);
}

function textOf(path: string): string {
  try {
    const bytes = readFileSync(path);
    if (bytes.length > LONGEST) throw new FileFault(`${path} is larger than ${LONGEST} bytes`);
    return bytes.toString("utf8");
  } catch (error) {
    if (error instanceof FileFault) throw error;
    throw new FileFault(`${path} cannot be read (${systemCodeOf(error) ?? "unknown"})`);
  }
}

/** The line that the parser names by its position. */
function placeOf(error: unknown, text: string): string {
  const pos = typeof error === "object" && error !== null && "pos" in error ? error.pos : undefined;
  const [at] = Array.isArray(pos) ? pos : [];
  return typeof at === "number" ? ` in line ${text.slice(0, at).split("\n").length}` : "";
}
