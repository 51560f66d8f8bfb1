import { type Document, type ErrorCode, isNode, LineCounter, parseDocument, visit } from "yaml";
import type { z } from "zod";
import { unlessThrown } from "./failure.js";

/** Where a value stands in a file: names of members and positions in lists. */
export type FilePath = readonly (string | number)[];

/*
 * Every sentence is our own: those of the libraries quote what is written, and an operator may have written a secret
 * where a reference to it belongs.
 */

const noTag = "a tag (!…) means nothing here; write a text that begins with ! in quotation marks";
const noAlias = "an alias (*…) stands for nothing here; write a text that begins with * in quotation marks";
const tooManyAliases = "its aliases (*…) stand for more than can be read";

const syntaxFaults: Readonly<Partial<Record<ErrorCode, string>>> = {
  BAD_ALIAS: noAlias,
  ALIAS_PROPS: noAlias,
  BAD_DIRECTIVE: "a directive (%…) means nothing here",
  BAD_INDENT: "the lines are not indented as YAML requires",
  BAD_SCALAR_START: "a text that begins with this character belongs in quotation marks",
  DUPLICATE_KEY: "a member of the same name is there already; names must be unique",
  MISSING_CHAR: "a bracket, a quotation mark or a comma is missing",
  MULTIPLE_DOCS: "a second document begins here (---); the file must be a single one",
  TAB_AS_INDENT: "a tab does not indent; use spaces",
  TAG_RESOLVE_FAILED: noTag,
};

/** A word, or several with something between them, as names are made of; keys and passwords mix letters and digits. */
const nameLike =
  /^(?:[a-z]{1,16}|[A-Z][a-z]{0,15}|[A-Z]{1,8})\d{0,4}(?:[-_. @/:#](?:[a-z]{1,16}|[A-Z][a-z]{0,15}|[A-Z]{1,8}|\d)\d{0,4})*$/;

/** The name of a member, unless it may be a secret that was written in its place. */
const shownName = (name: string | number) => (typeof name === "number" || nameLike.test(name) ? String(name) : "…");

/** What is wrong with a value that the schema has no words of its own for. */
const ownWords: z.ZodErrorMap = (issue) => ({ message: wordsFor(issue) });

function wordsFor(issue: z.ZodIssueOptionalMessage): string {
  switch (issue.code) {
    case "invalid_type":
      return issue.received === "undefined" ? "is missing" : `must be ${issue.expected}, not ${issue.received}`;
    case "unrecognized_keys":
      return `has a member that is not known here: ${issue.keys.map(shownName).join(", ")}`;
    case "invalid_enum_value":
      return `must be one of ${issue.options.join(", ")}`;
    case "invalid_literal":
      return `must be ${JSON.stringify(issue.expected)}`;
    case "too_small":
      return `is too short or too small: at least ${issue.minimum}`;
    case "too_big":
      return `is too long or too large: at most ${issue.maximum}`;
    case "invalid_union":
    case "invalid_union_discriminator":
      return "has none of the forms that it may have";
    default:
      return "is not what it should be";
  }
}

/** What a file says, and where. */
export interface YamlFile<Value> {
  readonly value: Value;
  /** The error for what is wrong at `path`, with the nearest line that the file has for it. */
  fault(path: FilePath, what: string): Error;
}

/**
 * Reads a YAML 1.2 file by its schema. JSON is YAML, too.
 * @param file how the operator named it
 * @throws {Error} for the first thing that is wrong, with the file and, where possible, the line
 */
export function readYaml<Schema extends z.ZodTypeAny>(
  text: string,
  file: string,
  schema: Schema,
): YamlFile<z.output<Schema>> {
  const lines = new LineCounter();
  const document = parseDocument(text, {
    lineCounter: lines,
    version: "1.2",
    uniqueKeys: true,
    prettyErrors: false,
    // Its warnings quote what is written, too.
    logLevel: "error",
  });
  const at = (offset: number | undefined) =>
    offset === undefined ? file : `${file}, line ${lines.linePos(offset).line}`;
  // A warning is a tag or a directive that this program does not know: it would be read as something else.
  const [syntax] = [...document.errors, ...document.warnings];
  if (syntax !== undefined) {
    throw new Error(`${at(syntax.pos[0])}: ${syntaxFaults[syntax.code] ?? "the file is no YAML from here on"}`);
  }
  const unresolved = unresolvedAlias(document);
  if (unresolved !== undefined) throw new Error(`${at(unresolved)}: ${noAlias}`);
  const offsetOf = (path: FilePath): number | undefined => {
    const node = path.length === 0 ? document.contents : document.getIn(path, true);
    if (isNode(node) && node.range) return node.range[0];
    return path.length === 0 ? undefined : offsetOf(path.slice(0, -1));
  };
  const fault = (path: FilePath, what: string) =>
    new Error(`${at(offsetOf(path))}: ${path.length === 0 ? "" : `${path.map(shownName).join(".")}: `}${what}`);
  const content = unlessThrown(() => ({ value: document.toJS({ maxAliasCount: 100 }) }));
  if (content === undefined) throw new Error(`${file}: ${tooManyAliases}`);
  const parsed = schema.safeParse(content.value, { errorMap: ownWords });
  if (parsed.success) return { value: parsed.data, fault };
  const [issue] = parsed.error.issues;
  throw fault(issue?.path ?? [], issue?.message ?? "it is not what it should be");
}

/** Where an alias stands that no anchor before it has the name of. */
function unresolvedAlias(document: Document): number | undefined {
  let found: number | undefined;
  visit(document, {
    Alias: (_, alias) => {
      if (alias.resolve(document) !== undefined) return undefined;
      found = alias.range?.[0];
      return visit.BREAK;
    },
  });
  return found;
}
