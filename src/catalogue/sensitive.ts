import { z } from "zod";
import { type Content, contentOf, innermost, isSecret } from "./params.js";

/** A member to handle with care, and its content. */
export interface SensitiveValue {
  /** Dotted path, as in `tls_certificate.certificate_key`. */
  readonly path: string;
  readonly content: Content;
  readonly value: string;
}

/** The sensitive values in `value`, found by its schema. */
export function sensitiveValues(schema: z.ZodTypeAny, value: unknown, path = ""): SensitiveValue[] {
  const content = contentOf(schema);
  if (content !== undefined) return typeof value === "string" ? [{ path, content, value }] : [];
  const inner = innermost(schema);
  if (inner instanceof z.ZodArray && Array.isArray(value)) {
    return value.flatMap((item, index) => sensitiveValues(inner.element, item, `${path}.${index}`));
  }
  if (inner instanceof z.ZodObject && typeof value === "object" && value !== null) {
    const members: Readonly<Record<string, unknown>> = { ...value };
    return shapeOf(inner).flatMap(([name, member]) =>
      sensitiveValues(member, members[name], path === "" ? name : `${path}.${name}`),
    );
  }
  return [];
}

/** The content of the sensitive members of `schema`, by name. */
export function sensitiveContents(schema: z.ZodTypeAny): ReadonlyMap<string, Content> {
  const found = new Map<string, Content>();
  const look = (kind: z.ZodTypeAny) => {
    const inner = innermost(kind);
    if (inner instanceof z.ZodArray) look(inner.element);
    if (!(inner instanceof z.ZodObject)) return;
    for (const [name, member] of shapeOf(inner)) {
      const content = contentOf(member);
      if (content === undefined) look(member);
      else found.set(name, content);
    }
  };
  look(schema);
  return found;
}

/** Names of the members that are secret anywhere in `schema`. */
export function secretNames(schema: z.ZodTypeAny): string[] {
  const inner = innermost(schema);
  if (inner instanceof z.ZodArray) return secretNames(inner.element);
  if (!(inner instanceof z.ZodObject)) return [];
  return shapeOf(inner).flatMap(([name, member]) => (isSecret(contentOf(member)) ? [name] : secretNames(member)));
}

function shapeOf(schema: z.AnyZodObject): [string, z.ZodTypeAny][] {
  return Object.entries(schema.shape);
}
