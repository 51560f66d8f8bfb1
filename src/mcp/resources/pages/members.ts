import { z } from "zod";
import { type Content, contentOf, innermost, isSecret, shapeOf } from "../../../catalogue/params.js";
import type { CodeMeanings } from "../../../catalogue/reply-fact-types.js";

/** Longer lists of codes, such as products, would drown the rest of the page. */
const MAX_MEANINGS = 16;

/** How to pass a parameter, by content. */
const howToPass: Readonly<Record<Content, string>> = {
  "private key": "As a reference: file:, env: or vault:.",
  password: "As a reference: file:, env: or vault:.",
  archive: "As a reference: file: or vault:.",
  certificate: "As PEM or as a reference.",
  csr: "As PEM or as a reference.",
  letter: "As a reference: file:.",
};

/** The parameters of an operation as a nested list: name, type, whether required, description with limits. */
export function parameterLines(schema: z.AnyZodObject): string[] {
  return memberLines(schema, (member) => {
    const content = contentOf(member);
    return {
      kind: `${typeOf(member)}, ${member.isOptional() ? "optional" : "required"}`,
      said: sentences([member.description, eachOf(member), valuesOf(member), content && howToPass[content]]),
    };
  });
}

/** The members of a reply as a nested list: name, type, meaning of codes. */
export function resultLines(schema: z.AnyZodObject, meanings: Readonly<Record<string, CodeMeanings>>): string[] {
  return memberLines(schema, (member, path) => {
    const kept = isSecret(contentOf(member)) ? "kept by this server; the reply holds a vault: reference" : "";
    return { kind: typeOf(member), said: [kept, listMeanings(meanings[path])].filter(Boolean).join("; ") };
  });
}

/** @param describe what is told of a member, by its path: "InstanceList.Host" */
function memberLines(
  schema: z.AnyZodObject,
  describe: (member: z.ZodTypeAny, path: string) => { readonly kind: string; readonly said: string },
  above: readonly string[] = [],
): string[] {
  return shapeOf(schema).flatMap(([name, member]) => {
    const path = [...above, name];
    const { kind, said } = describe(member, path.join("."));
    const inner = structureIn(member);
    return [
      `${"  ".repeat(above.length)}- \`${name}\` (${kind})${said && `: ${said}`}`,
      ...(inner === undefined ? [] : memberLines(inner, describe, path)),
    ];
  });
}

function listMeanings(meanings: CodeMeanings | undefined): string {
  if (meanings === undefined || meanings.size > MAX_MEANINGS) return "";
  return [...meanings].map(([code, words]) => `${code} ${words}`).join("; ");
}

/** The type in the vendors' words. */
function typeOf(schema: z.ZodTypeAny): string {
  const inner = innermost(schema);
  if (inner instanceof z.ZodArray) return `Array of ${typeOf(inner.element)}`;
  if (inner instanceof z.ZodObject) return "Object";
  if (inner instanceof z.ZodNumber) return inner.isInt ? "Integer" : "Number";
  return inner instanceof z.ZodBoolean ? "Boolean" : "String";
}

/** The description of the items of a list of plain values. */
function eachOf(schema: z.ZodTypeAny): string | undefined {
  const inner = innermost(schema);
  if (!(inner instanceof z.ZodArray) || structureIn(inner) !== undefined) return undefined;
  const { description } = itemOf(inner);
  // A single word, such as "Region", only repeats the list's name.
  return description?.includes(" ") ? `Each: ${description}` : undefined;
}

/** The values of a choice, or of the items of a list of choices, that the description does not name. */
function valuesOf(schema: z.ZodTypeAny): string | undefined {
  const inner = innermost(schema);
  if (inner instanceof z.ZodArray) return valuesOf(itemOf(inner));
  if (!(inner instanceof z.ZodEnum)) return undefined;
  const values = z.array(z.string()).parse(inner.options);
  const told = values.every((value) => schema.description?.includes(value));
  return told ? undefined : `One of ${values.join(", ")}`;
}

/** The structure of a member or of its list items. */
function structureIn(schema: z.ZodTypeAny): z.AnyZodObject | undefined {
  const inner = innermost(schema);
  if (inner instanceof z.ZodArray) return structureIn(itemOf(inner));
  return inner instanceof z.ZodObject ? inner : undefined;
}

const itemOf = ({ element }: { readonly element: z.ZodTypeAny }): z.ZodTypeAny => element;

function sentences(parts: readonly (string | undefined)[]): string {
  return parts
    .filter((part) => part !== undefined && part !== "")
    .map((part) => (part?.endsWith(".") ? part : `${part}.`))
    .join(" ");
}
