import { messageOf, unlessThrown } from "../../lib/failure.js";
import { pathOfUri, tildeDirectory } from "../../lib/paths.js";
import { unusable } from "../../lib/tool-error.js";

/**
 * How a parameter refers to its value:
 *
 *     file:PATH    env:NAME    vault:ID    vault:ID#PART
 *
 * PART is key, leaf, chain or fullchain, for a downloaded archive. If the key is encrypted, the reference of its
 * password follows: `file:site.key;password=env:CLOUDKEY_PASS`.
 */
export type PlainReference =
  | {
      readonly kind: "file";
      readonly path: string;
      /** The same path decoded as a URI, if it can be one. */
      readonly decoded?: string;
    }
  | { readonly kind: "env"; readonly name: string }
  | { readonly kind: "vault"; readonly id: string; readonly part?: PartName | undefined };

export type Reference = PlainReference & { readonly password?: PlainReference | undefined };

/** The parts of a downloaded archive. */
export const partNames = ["key", "leaf", "chain", "fullchain"] as const;
export type PartName = (typeof partNames)[number];

/** Also with spaces, and under openssl's name for it. */
const password = /;\s*pass(?:word|phrase)\s*=\s*/gi;
const MAX_PATH_LENGTH = 4096;
/** In any letter case, as in a URI; the wide colon is that of Chinese keyboards. */
const scheme = /^(file|env|vault)[:：]/i;
/** As in JSON, Markdown, shells and prose. */
const quotations = [/^(["'`])(.*)\1$/s, /^([<“‘「«])(.*)[>”’」»]$/s];
const environmentName = /^[A-Za-z_][A-Za-z0-9_]{0,254}$/;
const vaultId = /^[A-Za-z0-9_-]{1,64}$/;

/** Whether a text is a reference, as this program writes them, rather than what one stands for. */
export function isSecretReference(text: string): boolean {
  return scheme.test(text) && !/[\r\n]/.test(text);
}

/**
 * Parses `text` as a reference; undefined if it is a value instead.
 * @throws {ToolError} if it starts like a reference but is malformed
 */
export function parseReference(text: string): Reference | undefined {
  const trimmed = unquoted(text.trim());
  if (!scheme.test(trimmed)) return undefined;
  const cut = [...trimmed.matchAll(password)].at(-1);
  if (cut === undefined) return plain(trimmed);
  const after = cut.index + cut[0].length;
  return { ...plain(trimmed.slice(0, cut.index).trimEnd()), password: passwordIn(trimmed.slice(after)) };
}

const unquoted = (text: string) => quotations.reduce((inside, marks) => inside.replace(marks, "$2"), text);

function passwordIn(text: string): PlainReference {
  if (scheme.test(text.trim())) return plain(text.trim());
  throw unusable(
    "the password after ;password= is not a reference.",
    "Pass it as file:PATH, env:NAME or vault:ID. If that was the password itself, it stands in the conversation now: tell the person to choose another.",
  );
}

function plain(text: string): PlainReference {
  const colon = text.search(/[:：]/);
  const rest = text.slice(colon + 1).trim();
  switch (text.slice(0, colon).toLowerCase()) {
    case "file":
      return file(rest);
    case "env":
      return { kind: "env", name: checkedName(rest) };
    default:
      return vaultReference(rest);
  }
}

/** Two slashes start a URI. One slash may start a path or a URI, as some programs write it: both are tried. */
function file(rest: string): PlainReference {
  if (/[,;\s]\s*file:/i.test(rest)) {
    throw unusable("several files are named where one is expected.", "Put leaf and chain into one file, leaf first.");
  }
  const onWindows = process.platform === "win32" && /^\/[a-z](:|%3a)/i.test(rest);
  if (onWindows || rest.startsWith("//")) return { kind: "file", path: checkedPath(inUri(rest)) };
  const path = checkedPath(unquoted(rest).replace(/^~(?=[/\\])/, ownHome));
  return /%[0-9a-f]{2}/i.test(path) ? { kind: "file", path, decoded: decodedOr(path) } : { kind: "file", path };
}

function ownHome(): string {
  try {
    return tildeDirectory();
  } catch (error) {
    throw unusable(`${messageOf(error)}.`, "Pass file:PATH with the whole path.");
  }
}

function inUri(rest: string): string {
  try {
    return pathOfUri(`file:${rest}`);
  } catch (error) {
    throw unusable(
      `the file: URI cannot be read: ${messageOf(error)}.`,
      "Correct it, or pass file:PATH with the plain path.",
    );
  }
}

function decodedOr(path: string): string {
  // As in a URI, a separator stands for itself only.
  if (!path.startsWith("/") && /%(2f|5c)/i.test(path)) return path;
  const decoded = () => (path.startsWith("/") ? pathOfUri(`file:${path}`) : decodeURIComponent(path));
  return unlessThrown(() => checkedPath(decoded())) ?? path;
}

function checkedPath(path: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: exactly these are to be found
  if (path !== "" && path.length <= MAX_PATH_LENGTH && !/[\u0000-\u001f\u007f]/.test(path)) return path;
  throw unusable(
    "what follows file: is not a path.",
    `Pass file:PATH, at most ${MAX_PATH_LENGTH} characters without line breaks.`,
  );
}

function checkedName(name: string): string {
  if (environmentName.test(name)) return name;
  throw unusable("what follows env: is not the name of a variable.", "Pass env:NAME, with letters, digits and _.");
}

function vaultReference(text: string): PlainReference {
  const [id = "", part, ...more] = text.split("#");
  if (!vaultId.test(id) || more.length > 0) {
    throw unusable("what follows vault: is not an id.", "Pass the whole vault: reference as list_vault shows it.");
  }
  return part === undefined ? { kind: "vault", id } : { kind: "vault", id, part: checkedPart(part) };
}

function checkedPart(part: string): PartName {
  const known = partNames.find((name) => name === part);
  if (known !== undefined) return known;
  throw unusable("the part after # is not known.", `Known are ${partNames.map((name) => `#${name}`).join(", ")}.`);
}
