import { limits } from "../../catalogue/limits.js";
import type { Operation } from "../../catalogue/operation.js";
import { type Content, isSecret } from "../../catalogue/params.js";
import { type SensitiveValue, sensitiveValues } from "../../catalogue/sensitive.js";
import type { EnvironmentVariables } from "../../lib/environment.js";
import { type JsonObject, mapTexts } from "../../lib/json.js";
import { distinctBy } from "../../lib/lists.js";
import { formatId, inQuotes, type SafeText, safe, verbatim } from "../../lib/safe-text.js";
import { ToolError, unlessFailed, unusable } from "../../lib/tool-error.js";
import type { Vault } from "../vault/vault.js";
import { type CertificateFile, certificateFileOf, holdsNothing } from "./certificate-file.js";
import { Directories } from "./directories.js";
import { environmentSource } from "./environment.js";
import { readAllowed } from "./files.js";
import { isPath, mayHoldKey } from "./inline-value.js";
import type { OwnSecrets } from "./own-secrets.js";
import { keysIn, pickContent } from "./pick-content.js";
import { atParameter } from "./refuse.js";
import { type FetchedReference, fetchReference, type OtherVault, type ReferenceSources } from "./source.js";
import { parseReference, type Reference } from "./syntax.js";

export interface ReferenceOptions {
  /** Directories whose files may be named; none by default. */
  readonly directories: readonly string[];
  /** Prefix of variables that may be named; none may be named without it. */
  readonly envPrefix: string | undefined;
  readonly env: EnvironmentVariables;
  /** What may not be sent, whatever the prefix and the directories: the program's own. */
  readonly ownSecrets?: OwnSecrets;
  readonly vault: Vault;
  readonly allowInlineSecrets: boolean;
  /** Whether callers reach this server over the network: settings name no files and variables for them; false if absent. */
  readonly remoteCallers?: boolean;
}

interface Resolved {
  /** The arguments with the references replaced by their values. */
  readonly params: JsonObject;
  /** Every key that was read, in each of its forms, for masking. Holds no passwords. */
  readonly secrets: readonly string[];
  /** Where each value came from, by dotted path: `file:/…`, `env:…`, `vault:…` or `inline`. */
  readonly sources: ReadonlyMap<string, string>;
  /** For the reply: what the caller should know about how a secret was passed or is stored. */
  readonly notes: readonly SafeText[];
}

interface ResolvedValue {
  readonly path: string;
  readonly text: string;
  readonly source: string;
  readonly secrets: readonly string[];
  readonly notes: readonly SafeText[];
}

/** Resolves the references in the arguments of a call. */
export class References {
  readonly #sources: ReferenceSources;
  readonly #allowInlineSecrets: boolean;

  constructor(options: ReferenceOptions) {
    const { directories, envPrefix, env, ownSecrets, vault, allowInlineSecrets, remoteCallers = false } = options;
    this.#sources = {
      directories: new Directories(directories, remoteCallers),
      environment: environmentSource(envPrefix, env, { own: ownSecrets?.variables, remoteCallers }),
      vault,
      ownSecrets,
      remoteCallers,
    };
    this.#allowInlineSecrets = allowInlineSecrets;
  }

  /** Directories where files may be read and saved. */
  get directories(): Directories {
    return this.#sources.directories;
  }

  /**
   * What a file below the directories holds of a certificate and its key, as references to it would pass it on; undefined
   * for one of the program's own, which no reference passes on.
   * @throws {ToolError} if it cannot be read
   */
  async certificateFile(path: string): Promise<CertificateFile | undefined> {
    const { ownSecrets, directories } = this.#sources;
    const { path: real, bytes, identity } = await readAllowed(directories, path, limits.reference.bytes);
    const file = await certificateFileOf(bytes);
    if (ownSecrets === undefined || holdsNothing(file)) return file;
    const checks = ownSecrets.refuseFile(real, identity).then(() => ownSecrets.refuseContent(`file:${real}`, bytes));
    return unlessFailed(
      checks.then(() => file),
      () => undefined,
    );
  }

  /**
   * @param others vaults of the same caller in other accounts: nothing is taken from them
   * @throws {ToolError} of kind input that names the parameter and says what is wrong with it
   */
  async resolve(
    operation: Pick<Operation, "params">,
    params: JsonObject,
    others: readonly OtherVault[] = [],
  ): Promise<Resolved> {
    // A model sends an empty text to leave an argument out.
    const sensitive = sensitiveValues(operation.params, params).filter(({ value }) => value !== "");
    if (sensitive.length === 0) return { params, secrets: [], sources: new Map(), notes: [] };
    const cloudOpens = sensitive.some(({ content }) => content === "password");
    const resolved: ResolvedValue[] = [];
    for (const value of sensitive) resolved.push(await this.#valueOf(value, cloudOpens, others));

    const texts = new Map(resolved.map(({ path, text }) => [path, text]));
    const replaced = mapTexts(params, (text, path) => texts.get(path) ?? text);
    checkLengths(operation, replaced, texts);
    return {
      params: replaced,
      secrets: [...new Set(resolved.flatMap(({ secrets }) => secrets))],
      sources: new Map(resolved.map(({ path, source }) => [path, source])),
      notes: distinctBy(
        resolved.flatMap(({ notes }) => notes),
        String,
      ),
    };
  }

  async #valueOf(value: SensitiveValue, cloudOpens: boolean, others: readonly OtherVault[]): Promise<ResolvedValue> {
    try {
      const reference = parseReference(value.value);
      return reference === undefined
        ? await this.#fromText(value, cloudOpens)
        : await this.#fromReference(value, reference, cloudOpens, others);
    } catch (error) {
      throw error instanceof ToolError ? atParameter(value.path, error) : error;
    }
  }

  async #fromText({ path, content, value }: SensitiveValue, cloudOpens: boolean): Promise<ResolvedValue> {
    if (!isSecret(content)) {
      const text = await inlineText(value, content, this.#sources);
      return { path, text, source: "inline", secrets: [], notes: [] };
    }
    if (content === "private key" && !mayHoldKey(value) && (!this.#allowInlineSecrets || isPath(value)))
      throw notAReference(value, this.#sources);
    if (!this.#allowInlineSecrets) throw inlineSecret(content, this.#sources);
    const text = await pickContent(Buffer.from(value), content, { cloudOpens });
    const secrets = content === "private key" ? [value, text] : [];
    return { path, text, source: "inline", secrets, notes: [inlineNote(path, content)] };
  }

  async #fromReference(
    { path, content }: SensitiveValue,
    reference: Reference,
    cloudOpens: boolean,
    others: readonly OtherVault[],
  ): Promise<ResolvedValue> {
    const sources = { ...this.#sources, others };
    const found = await fetchReference(reference, content, sources);
    const opener = await passwordOf(reference, content, sources);
    const text = await pickContent(found.bytes, content, { cloudOpens, password: opener?.text });
    // What was decoded or decrypted may be a secret that the file did not show.
    await this.#sources.ownSecrets?.refuseContent(found.source, Buffer.from(text));
    const own = content === "private key" ? [text] : [];
    return {
      path,
      text,
      source: found.source,
      secrets: [...keysIn(found.bytes), ...own],
      notes: [...exposureNotes(found, content), ...(opener?.notes ?? [])],
    };
  }
}

async function passwordOf({ password }: Reference, content: Content, sources: ReferenceSources) {
  if (password === undefined) return undefined;
  if (content !== "private key") throw unusable("only a private key has a password.", "Leave ;password= out.");
  const found = await fetchReference(password, "password", sources);
  return { text: await pickContent(found.bytes, "password"), notes: exposureNotes(found, "password") };
}

function exposureNotes({ readableByOthers, source }: FetchedReference, content: Content): SafeText[] {
  if (!readableByOthers || !isSecret(content)) return [];
  return [safe`Other users of its machine can read ${formatId(source)}: restrict it, as with chmod 600.`];
}

/** The arguments were checked while they held references; the resolved values have limits of their own. */
function checkLengths(
  { params }: Pick<Operation, "params">,
  replaced: JsonObject,
  texts: ReadonlyMap<string, string>,
): void {
  const issues = params.safeParse(replaced).error?.issues ?? [];
  for (const issue of issues) {
    const path = issue.path.join(".");
    if (!texts.has(path) || issue.code !== "too_big") continue;
    throw atParameter(
      path,
      unusable(
        `it is too long: at most ${issue.maximum} characters are taken.`,
        "Name what fits, such as a shorter chain.",
      ),
    );
  }
}

/** The refusal of a secret given in the arguments. Says how to pass it instead, and nothing about its content. */
function inlineSecret(content: Content, sources: ReferenceSources): ToolError {
  return unusable(
    `a ${content} was given as text. Secrets are accepted by reference only; this one was not used.`,
    `Pass ${acceptedReferences(sources)}. Treat the one that was given as exposed: it is in the conversation now.`,
  );
}

/** The refusal of a path or a placeholder in place of a private key. Nothing was exposed: there is no key to replace. */
function notAReference(text: string, sources: ReferenceSources): ToolError {
  const next = `${suggestedFileReference(text, sources)}Pass ${acceptedReferences(sources)}.`;
  if (isWebAddress(text)) return unusable(notFetched, `Pass ${acceptedReferences(sources)}.`);
  if (isPath(text)) return unusable("it looks like the path of a file, without file: before it.", next);
  return unusable("it is not a reference to a private key, and holds no key that could be used.", next);
}

/** How to write a path as the reference that was meant, where files can be named. */
function suggestedFileReference(path: string, { remoteCallers }: ReferenceSources): string {
  return isPath(path) && !remoteCallers ? `Write ${inQuotes(`file:${path.trim().replace(/^@/, "")}`)}. ` : "";
}

/** The note in the reply if the operator allows secrets in arguments. */
function inlineNote(path: string, content: Content): SafeText {
  const what = content === "password" ? safe`password` : safe`private key`;
  return safe`${verbatim(path)}: the ${what} was given as text and is in the conversation now. Pass it by reference instead.`;
}

/**
 * Public text given in the arguments. Refuses a key pasted along with its chain, and a path that was meant as a
 * reference.
 */
async function inlineText(text: string, content: Content, sources: ReferenceSources): Promise<string> {
  if (text.includes("PRIVATE KEY-----")) throw inlineSecret("private key", sources);
  if (content === "letter") return text;
  if (keysIn(Buffer.from(text)).length > 0) throw inlineSecret("private key", sources);
  if (!text.includes("-----BEGIN ")) {
    if (isWebAddress(text)) throw unusable(notFetched, `Pass ${acceptedReferences(sources)}, or the PEM text.`);
    if (isPath(text) && !mayHoldKey(text)) {
      throw unusable(
        `it looks like the path of a file, without file: before it, and is no ${content} in PEM.`,
        `${suggestedFileReference(text, sources)}Pass ${acceptedReferences(sources)}, or the PEM text.`,
      );
    }
    const id =
      content === "certificate" && idLike.test(text) ? " If it is an id, pass it as certificate_id instead." : "";
    throw unusable(
      `it is neither a reference nor a ${content} in PEM.`,
      `Pass ${acceptedReferences(sources)}, or the PEM text.${id}`,
    );
  }
  return pickContent(Buffer.from(text), content);
}

const isWebAddress = (text: string) => /^\s*["'<]?https?:\/\//i.test(text);

const notFetched = "it is a web address, and nothing is fetched from there: save the file on the server's machine.";

/** Ids of certificates at the three clouds, with some room. */
const idLike = /^\s*["']?[\w-]{7,40}["']?\s*$/;

/** The ways that the operator allows, and how to allow more. */
function acceptedReferences({ directories, environment, remoteCallers }: ReferenceSources): string {
  const files = directories.paths.length === 0 ? [] : [`file:PATH below ${directories.paths.join(" or ")}`];
  const variables = environment.rule === undefined ? [] : [environment.rule];
  const ways = [...files, ...variables, "a vault: reference that an earlier call returned"].join(", or ");
  if (remoteCallers) return `${ways}, or that a person got for an upload on the team's page`;
  if (files.length > 0 && variables.length > 0) return ways;
  return `${ways} (the operator can allow files with --files DIR, and variables by choosing a prefix for them)`;
}
