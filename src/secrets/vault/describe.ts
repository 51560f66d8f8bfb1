import type { Content } from "../../catalogue/params.js";
import { formatDay, formatId, formatName, joined, type SafeText, safe, verbatim } from "../../lib/safe-text.js";
import { archivePartsOf } from "./archive.js";
import type { VaultCertificateFacts } from "./key-facts.js";
import type { VaultEntry } from "./vault.js";

/** What a file holds that an entry is saved to: the entry itself, or a part of it. */
export type FileContent = Content | "certificate and intermediates" | "intermediate certificates";

const fileContentTexts: Readonly<Record<FileContent, SafeText>> = {
  archive: safe`archive that cannot be opened here`,
  certificate: safe`certificate`,
  "certificate and intermediates": safe`certificate and intermediates`,
  csr: safe`certificate signing request`,
  "intermediate certificates": safe`intermediate certificates`,
  letter: safe`confirmation letter`,
  password: safe`password`,
  "private key": safe`private key`,
};

const MAX_NAMES = 5;

/** The same of all files together, and of which certificate: the question has no room for each. */
export function describeSaved(entry: VaultEntry, whats: readonly FileContent[]): SafeText {
  const others = whats.filter((what) => what !== "private key");
  const what =
    others.length === 0 || others.length === whats.length
      ? joined(whats.map((each) => fileContentTexts[each]))
      : safe`private key and certificates`;
  const [name] = entry.certificate?.names ?? [];
  const whose = name === undefined ? what : safe`${what}, for ${formatName(name)}`;
  return entry.owner === undefined ? whose : safe`${whose} (${formatId(entry.owner)})`;
}

/** What would be written of an entry, in words that a person recognizes; a reference would tell them nothing. */
export function describeContent({ key, certificate, owner }: VaultEntry, what: FileContent): SafeText {
  const isKey = what === "private key" && key !== undefined;
  const named = isKey
    ? safe`private key, ${verbatim(key.type)}, public half SHA-256 ${verbatim(key.publicKeySha256.slice(0, 32))}`
    : fileContentTexts[what];
  const whose = certificate === undefined ? named : safe`${named}, of the certificate for ${namesOf(certificate)}`;
  return owner === undefined ? whose : safe`${whose} (${formatId(owner)})`;
}

function namesOf({ names, notAfter }: VaultCertificateFacts): SafeText {
  const shown = names.length === 0 ? safe`no name` : joined(names.slice(0, MAX_NAMES).map(formatName));
  const more = names.length - MAX_NAMES;
  return safe`${more > 0 ? safe`${shown} and ${more} more names` : shown}, which expires ${formatDay(notAfter)}`;
}

/** The non-secret facts of an entry, in a few words. */
export function describeEntry(entry: VaultEntry): string {
  const { content, owner, key, certificate, unopened } = entry;
  const words = [
    nameOf(entry),
    ...(key === undefined ? [] : [`${key.type} key, public half SHA-256 ${key.publicKeySha256}`]),
    ...(certificate === undefined ? [] : [describeCertificateFacts(certificate)]),
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

function describeCertificateFacts({ names, notAfter }: VaultCertificateFacts): string {
  const listed = names.length === 0 ? "no name" : names.map(formatName).join(", ");
  return `certificate for ${listed}, expires ${notAfter}`;
}
