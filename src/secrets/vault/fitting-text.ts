import type { Content } from "../../catalogue/params.js";
import { type ToolError, unusable } from "../../lib/tool-error.js";
import type { PartName } from "../references/syntax.js";
import { archivePartsOf } from "./archive.js";
import type { VaultEntry } from "./vault.js";

/**
 * The text of an entry that fits a parameter: the named or matching part of an archive, or all of any other entry. A
 * password never goes where a key is expected, nor a key where a password is.
 */
export function fittingText(entry: VaultEntry, content: Content, part: PartName | undefined): string {
  const { parts, content: held } = entry;
  if (parts !== undefined) return partOf(entry, part ?? usualPart(content));
  if (part !== undefined) throw noPartsError(entry, part);
  if (held === content) return entry.text;
  throw unusable(`it is a ${held}, but a ${content} is expected.`, "Look at list_vault for one that fits.");
}

/** One part of an archive. */
export function partOf(entry: VaultEntry, part: PartName): string {
  const text = entry.parts?.[part];
  if (text !== undefined) return text;
  const held = archivePartsOf(entry).map((name) => `#${name}`);
  const why = entry.unopened === undefined ? "" : ` (${entry.unopened})`;
  throw unusable(
    `the archive holds no ${part}${why}.`,
    held.length === 0 ? "Download it again, or pass the certificate in another way." : `It holds ${held.join(", ")}.`,
  );
}

export function noPartsError({ reference, content }: VaultEntry, part: PartName): ToolError {
  return unusable(`${reference} is a ${content} and has no parts.`, `Name it without #${part}.`);
}

function usualPart(content: Content): PartName {
  if (content === "private key") return "key";
  if (content === "certificate") return "fullchain";
  throw unusable(`it is an archive, which holds no ${content}.`, "Look at list_vault for an entry that fits.");
}
