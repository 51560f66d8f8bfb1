import { readFileSync } from "node:fs";
import { decodeText } from "./decode-text.js";
import type { EnvironmentVariables } from "./environment.js";
import { messageOf, systemCodeOf, unlessThrown } from "./failure.js";
import { pathOfUri } from "./paths.js";

/* Secrets of the operator, which are written elsewhere than in the settings: `env:NAME` or `file:/PATH`. */

export const referenceLike = /^(env:[A-Za-z_][A-Za-z0-9_]*|file:\/.+)$/;

export const isReference = (text: string) => referenceLike.test(text);

/** Where it is written: in a variable, or in a file. */
export function partsOfReference(reference: string): { readonly variable?: string; readonly file?: string } {
  const [scheme, ...rest] = reference.split(":");
  const name = rest.join(":");
  if (scheme === "env") return { variable: name };
  const file = unlessThrown(() => pathIn(name));
  return file === undefined ? {} : { file };
}

/**
 * What is written there, trimmed.
 * @throws {Error} naming the reference, never its content
 */
export function readReference(reference: string, env: EnvironmentVariables): string {
  const [scheme, ...rest] = reference.split(":");
  const name = rest.join(":");
  const content = scheme === "env" ? env[name] : fileContent(name);
  if (content === undefined || content.trim() === "") throw new Error(`${reference} is not set, or empty`);
  return content.trim();
}

/**
 * Reads again what may have been changed. While that fails, what was read last counts, and the log gets a line for each
 * new reason.
 * @param flag of the setting that names it
 */
export function rereading<Value>(
  flag: string,
  first: Value,
  read: () => Value,
): (log: (line: string) => void) => Value {
  let last = first;
  let problem = "";
  return (log) => {
    try {
      last = read();
      problem = "";
    } catch (error) {
      const reason = messageOf(error);
      if (reason !== problem) log(`${flag}: ${reason}. What was read before still counts`);
      problem = reason;
    }
    return last;
  };
}

function fileContent(path: string): string {
  try {
    return decodeText(readFileSync(pathIn(path)));
  } catch (error) {
    throw new Error(`file:${path} cannot be read (${systemCodeOf(error) ?? "unknown"})`);
  }
}

/** @throws {Error} for a URI of another machine */
function pathIn(written: string): string {
  return written.startsWith("//") ? pathOfUri(`file:${written}`) : written;
}
