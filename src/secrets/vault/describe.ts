import { nameInWords } from "../../lib/escape-text.js";
import type { VaultCertificateFacts, VaultKeyFacts } from "./facts.js";
import { archivePartsOf } from "./parts.js";
import type { VaultEntry } from "./vault.js";

/** The non-secret facts of an entry, in a few words. */
export function describeEntry(entry: VaultEntry): string {
  const { content, owner, key, certificate, unopened } = entry;
  const words = [
    nameOf(entry),
    ...(key === undefined ? [] : [keyInWords(key)]),
    ...(certificate === undefined ? [] : [certificateInWords(certificate)]),
    ...(content === "archive" && unopened !== undefined ? [`which could not be opened: ${unopened}`] : []),
    ...(owner === undefined ? [] : [`belongs to ${owner}`]),
  ];
  return words.join(", ");
}

function nameOf(entry: VaultEntry): string {
  if (entry.parts === undefined) return entry.content;
  const parts = archivePartsOf(entry);
  return parts.length === 0 ? "archive" : `archive with ${parts.map((part) => `#${part}`).join(", ")}`;
}

function keyInWords({ type, publicKeySha256 }: VaultKeyFacts): string {
  return `${type} key, public half SHA-256 ${publicKeySha256}`;
}

function certificateInWords({ names, notAfter }: VaultCertificateFacts): string {
  const listed = names.length === 0 ? "no name" : names.map(nameInWords).join(", ");
  return `certificate for ${listed}, ends ${notAfter}`;
}
