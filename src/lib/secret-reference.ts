import { readFileSync } from "node:fs";
import { systemCodeOf } from "./failure.js";

/** Where the operator says that a secret is: `env:NAME`, or `file:/PATH` of a mounted secret. */
export const secretReference = /^(env:[A-Za-z_][A-Za-z0-9_]*|file:\/.+)$/;

/**
 * The text behind a reference, without white space around it. Files are read each time, so that a rotated secret counts
 * at once.
 * @throws {Error} naming the reference, never its content
 */
export function readSecretReference(reference: string, env: Readonly<Record<string, string | undefined>>): string {
  const [scheme, ...rest] = reference.split(":");
  const name = rest.join(":");
  const content = scheme === "env" ? env[name] : fileContent(name);
  if (content === undefined || content.trim() === "") throw new Error(`${reference} is not set, or empty`);
  return content.trim();
}

function fileContent(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch (error) {
    throw new Error(`file:${path} cannot be read (${systemCodeOf(error) ?? "unknown"})`);
  }
}
