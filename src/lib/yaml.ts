import { isNode, LineCounter, parseDocument } from "yaml";
import type { z } from "zod";

/** A file that the operator wrote is not as it should be. The message names the file and, where possible, the line. */
export class FileFault extends Error {}

/** Where a value stands in a file: names of members and positions in lists. */
export type FilePath = readonly (string | number)[];

/** In place of the library's sentence, which advises its caller and not the operator. */
const SEVERAL_DOCUMENTS = "a second document begins here (---); the file must be a single one";

/** What a file says, and where. */
export interface YamlFile<Value> {
  readonly value: Value;
  /** What is wrong at `path`, with the nearest line that the file has for it. */
  fault(path: FilePath, what: string): FileFault;
}

/**
 * Reads a YAML 1.2 file by its schema. JSON is YAML, too.
 * @param file how the operator named it
 * @throws {FileFault} for the first thing that is wrong
 */
export function readYaml<Schema extends z.ZodTypeAny>(
  text: string,
  file: string,
  schema: Schema,
): YamlFile<z.output<Schema>> {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, version: "1.2", uniqueKeys: true, prettyErrors: false });
  const at = (offset: number | undefined) =>
    offset === undefined ? file : `${file}, line ${lines.linePos(offset).line}`;
  // A warning is a tag or a directive that this program does not know: it would be read as something else.
  const [syntax] = [...document.errors, ...document.warnings];
  if (syntax !== undefined) {
    const what = syntax.code === "MULTIPLE_DOCS" ? SEVERAL_DOCUMENTS : syntax.message;
    throw new FileFault(`${at(syntax.pos[0])}: ${what}`);
  }
  const offsetOf = (path: FilePath): number | undefined => {
    const node = path.length === 0 ? document.contents : document.getIn(path, true);
    if (isNode(node) && node.range) return node.range[0];
    return path.length === 0 ? undefined : offsetOf(path.slice(0, -1));
  };
  const fault = (path: FilePath, what: string) =>
    new FileFault(`${at(offsetOf(path))}: ${path.length === 0 ? "" : `${path.join(".")}: `}${what}`);
  const parsed = schema.safeParse(document.toJS({ maxAliasCount: 100 }));
  if (parsed.success) return { value: parsed.data, fault };
  const [issue] = parsed.error.issues;
  throw fault(issue?.path ?? [], issue?.message ?? "it is not what it should be");
}
