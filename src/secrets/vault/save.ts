import { lstat } from "node:fs/promises";
import { join } from "node:path";
import { unusable } from "../../lib/tool-error.js";
import type { Directories } from "../references/directories.js";
import { noEntry, type OtherVault } from "../references/source.js";
import { type PartName, parseReference } from "../references/syntax.js";
import { archivePartsOf } from "./archive.js";
import { describeContent, describeSaved, type FileContent } from "./describe.js";
import { noPartsError, partOf } from "./fitting-text.js";
import type { Vault, VaultEntry } from "./vault.js";
import { checkWritable, existsAlready, type NewFile, writeNewFiles } from "./write.js";

interface SaveOptions {
  /** Directories where files may be written. */
  readonly directories: Directories;
  /** The real path of the directory that a person was shown, if one was: nothing is written anywhere else. */
  readonly shown?: string;
  /** Vaults of the same caller in other accounts; none if absent. */
  readonly others?: readonly OtherVault[] | undefined;
}

/**
 * Writes an entry, one part of it, or every part of an archive into a directory that the operator named. The files
 * are readable by the owner only, existing files are never overwritten, and either all files are written or none.
 * @returns each file's path, and its content in a few words
 */
export async function saveEntry(
  vault: Vault,
  reference: string,
  directory: string,
  baseName: string,
  { directories, shown, others }: SaveOptions,
) {
  const { files, place } = await filesFor(vault, reference, directory, baseName, { directories, others });
  if (shown !== undefined && place !== shown) {
    throw unusable(`${shown} was replaced after the person was shown it.`, "Call again once nothing changes there.");
  }
  await writeNewFiles(directories, place, files);
  return files.map(({ name: file, what }) => ({ path: join(place, file), what }));
}

/**
 * Finds out, without writing anything, what saving would do: the files, what is in them, and the real path of their
 * directory.
 * @throws {ToolError} if it would fail: the entry is gone, the directory cannot be written to, or a file already exists
 */
export async function planSave(...args: Parameters<typeof saveEntry>) {
  const { files, place, entry } = await filesFor(...args);
  await checkWritable(place);
  for (const { name } of files) {
    const path = join(place, name);
    const isThere = await lstat(path).then(
      () => true,
      () => false,
    );
    if (isThere) throw existsAlready(path);
  }
  return {
    place,
    what: describeSaved(
      entry,
      files.map((file) => file.what),
    ),
    files: files.map(({ name, says }) => ({ path: join(place, name), says })),
  };
}

async function filesFor(
  vault: Vault,
  reference: string,
  directory: string,
  baseName: string,
  { directories, others }: SaveOptions,
) {
  if (/#(?:pfx|p12|pkcs12|jks)$/i.test(reference.trim())) {
    throw unusable(
      "no PFX or JKS file is made here.",
      `Save the reference without #. ${pfxFromFiles("FULLCHAIN", "KEY", "NAME")}`,
    );
  }
  const named = parseReference(reference);
  if (named?.kind !== "vault" || named.password !== undefined) {
    throw unusable("only a vault: reference can be saved.", "Look at list_vault for those that are held.");
  }
  const entryReference = `vault:${named.id}`;
  const entry = await vault.fetch(entryReference);
  if (entry === undefined) throw await noEntry(entryReference, { vault, others });
  const name = fileName(baseName);
  const files = contentsOf(entry, named.part).map(({ suffix, ...rest }) => ({
    ...rest,
    name: `${name}${suffix}`,
    says: describeContent(entry, rest.what),
  }));
  return { files, entry, place: await directories.find(directory) };
}

/** For Windows and Java, from the files that are written here; only a person types the password. */
function pfxFromFiles(fullchain: string, key: string, name: string): string {
  return `PFX (Windows, Java): a person runs openssl pkcs12 -export -in ${fullchain} -inkey ${key} -out ${name}.pfx, which asks for a new password.`;
}

/** What is done with the files next, for whoever runs the web server; undefined without both chain and key. */
export function nextWithFiles(
  saved: readonly { readonly path: string; readonly what: FileContent }[],
): string | undefined {
  const pathOf = (what: FileContent) => saved.find((file) => file.what === what)?.path;
  const [fullchain, key] = [pathOf("certificate and intermediates"), pathOf("private key")];
  if (fullchain === undefined || key === undefined) return undefined;
  return `nginx: ssl_certificate ${fullchain}; ssl_certificate_key ${key}; then test and reload. Apache: SSLCertificateFile and SSLCertificateKeyFile. ${pfxFromFiles(fullchain, key, key.replace(/\.key$/, ""))}`;
}

type FileToSave = Omit<NewFile, "name"> & { readonly suffix: string; readonly what: FileContent };

const partFiles: Readonly<Record<PartName, { readonly suffix: string; readonly what: FileContent }>> = {
  key: { suffix: ".key", what: "private key" },
  leaf: { suffix: ".crt", what: "certificate" },
  chain: { suffix: ".chain.crt", what: "intermediate certificates" },
  fullchain: { suffix: ".fullchain.crt", what: "certificate and intermediates" },
};

function contentsOf(entry: VaultEntry, part: PartName | undefined): readonly FileToSave[] {
  if (part !== undefined && entry.parts === undefined) throw noPartsError(entry, part);
  const parts = part === undefined ? archivePartsOf(entry) : [part];
  if (parts.length > 0) return parts.map((each) => ({ ...partFiles[each], data: partOf(entry, each) }));
  return [wholeEntry(entry)];
}

const suffixes: Partial<Record<FileContent, string>> = { archive: ".zip", "private key": ".key", certificate: ".crt" };

/** Includes an archive that could not be opened: a person may know how to use it. */
function wholeEntry({ content, text }: VaultEntry): FileToSave {
  const data = content === "archive" ? Buffer.from(text, "base64") : text;
  return { suffix: suffixes[content] ?? `.${content}`, what: content, data };
}

/**
 * A plain file name that is valid on every system; `*.example.com` becomes `_.example.com`.
 * @throws {ToolError} of kind input if nothing is left of it
 */
export function fileName(name: string): string {
  const safe = name
    // An ending of its own is added to each file.
    .replace(/\.(?:pfx|p12|jks|pem|crt|cer|der|key)$/i, "")
    .replace(/[^A-Za-z0-9._-]+/g, "_")
    .replace(/^[.-]+/, "")
    .slice(0, 100);
  if (!/[A-Za-z0-9]/.test(safe))
    throw unusable("this is not a valid name for the files.", "Use a name such as site.example.com.");
  return /^(con|prn|aux|nul|com\d|lpt\d)(\.|$)/i.test(safe) ? `_${safe}` : safe;
}
