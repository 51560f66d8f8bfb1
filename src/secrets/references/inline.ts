import type { Content } from "../../catalogue/params.js";
import { ownWords, type SafeText, safe } from "../../lib/escape-text.js";
import type { ToolError } from "../../lib/tool-error.js";
import { pick } from "./pick.js";
import { refused } from "./refuse.js";
import type { Places } from "./source.js";

/** The refusal of a secret given in the arguments. Says how to pass it instead, and nothing about its content. */
export function inlineSecret(content: Content, places: Places): ToolError {
  return refused(
    `a ${content} was given as text. Secrets are accepted by reference only; this one was not used.`,
    `Pass ${waysOf(places)}. Treat the one that was given as exposed: it is in the conversation now.`,
  );
}

/** The note in the reply if the operator allows secrets in arguments. */
export function inlineNote(path: string, content: Content): SafeText {
  const what = content === "password" ? safe`password` : safe`private key`;
  return safe`${ownWords(path)}: the ${what} was given as text and is in the conversation now. Pass it by reference instead.`;
}

/**
 * Public text given in the arguments. Refuses a key pasted along with its chain, and a path that was meant as a
 * reference.
 */
export function inlineText(text: string, content: Content, places: Places): string {
  if (text.includes("PRIVATE KEY-----")) throw inlineSecret("private key", places);
  if (content === "letter") return text;
  if (!text.includes("-----BEGIN ")) {
    throw refused(`it is neither a reference nor a ${content} in PEM.`, `Pass ${waysOf(places)}, or the PEM text.`);
  }
  return pick(Buffer.from(text), content);
}

/** The ways that the operator allows, and how to allow more. */
function waysOf({ directories, environment }: Places): string {
  const files = directories.paths.length === 0 ? [] : [`file:PATH below ${directories.paths.join(" or ")}`];
  const variables = environment.rule === undefined ? [] : [environment.rule];
  const ways = [...files, ...variables, "a vault: reference that an earlier call returned"].join(", or ");
  if (files.length > 0 && variables.length > 0) return ways;
  return `${ways} (the operator can allow files with --files DIR, and variables by choosing a prefix for them)`;
}
