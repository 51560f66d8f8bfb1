import { z } from "zod";
import { below, type JsonObject } from "../lib/json.js";
import { memoize } from "../lib/memoize.js";
import { type Content, contentOf, innermost, isDomain, isSecret, shapeOf } from "./params.js";

/** A member to handle with care, and its content. */
export interface SensitiveValue {
  /** Dotted path, as in `tls_certificate.certificate_key`. */
  readonly path: string;
  readonly content: Content;
  readonly value: string;
}

/** The sensitive values in `value`, found by its schema. */
export function sensitiveValues(schema: z.ZodTypeAny, value: unknown): SensitiveValue[] {
  if (!holdsSensitive(schema)) return [];
  return textsOf(contentOf, schema, value).map(({ kind: content, ...rest }) => ({ ...rest, content }));
}

/** The domain names in `value`, found by its schema. */
export function domainValues(schema: z.ZodTypeAny, value: unknown): string[] {
  return textsOf((member) => isDomain(member) || undefined, schema, value).map(({ value: name }) => name);
}

/** Whether arguments of this schema may hold domain names. */
export function holdsDomains(schema: z.ZodTypeAny): boolean {
  return holds(isDomain, schema);
}

/** Whether arguments of this schema may hold anything sensitive. Every call asks, more than once. */
const holdsSensitive = memoize((schema: z.ZodTypeAny) => holds((member) => contentOf(member) !== undefined, schema));

function holds(predicate: (schema: z.ZodTypeAny) => boolean, schema: z.ZodTypeAny): boolean {
  for (const [, member] of membersOf(schema)) if (predicate(member)) return true;
  return false;
}

/** The schema itself, and with their names its members at any depth. */
function* membersOf(schema: z.ZodTypeAny, name = ""): Generator<readonly [name: string, member: z.ZodTypeAny]> {
  yield [name, schema];
  const inner = innermost(schema);
  if (inner instanceof z.ZodArray) yield* membersOf(inner.element);
  if (inner instanceof z.ZodObject) for (const [each, member] of shapeOf(inner)) yield* membersOf(member, each);
}

/** The texts in `value` whose schema is of a kind, with their dotted paths. */
function textsOf<Kind>(
  kindOf: (schema: z.ZodTypeAny) => Kind | undefined,
  schema: z.ZodTypeAny,
  value: unknown,
  path = "",
): { readonly path: string; readonly kind: Kind; readonly value: string }[] {
  const kind = kindOf(schema);
  if (kind !== undefined) return typeof value === "string" ? [{ path, kind, value }] : [];
  const inner = innermost(schema);
  if (inner instanceof z.ZodArray && Array.isArray(value)) {
    return value.flatMap((item, index) => textsOf(kindOf, inner.element, item, below(path, index)));
  }
  if (inner instanceof z.ZodObject && typeof value === "object" && value !== null) {
    const members: JsonObject = { ...value };
    return shapeOf(inner).flatMap(([name, member]) => textsOf(kindOf, member, members[name], below(path, name)));
  }
  return [];
}

/** The content of the sensitive members of `schema`, by name. */
export function sensitiveContents(schema: z.ZodTypeAny): ReadonlyMap<string, Content> {
  return new Map(
    [...membersOf(schema)].flatMap(([name, member]) => {
      const content = contentOf(member);
      return name === "" || content === undefined ? [] : [[name, content] as const];
    }),
  );
}

/** Names of the members that are secret anywhere in `schema`. */
export function secretNames(schema: z.ZodTypeAny): string[] {
  return [...sensitiveContents(schema)].flatMap(([name, content]) => (isSecret(content) ? [name] : []));
}
