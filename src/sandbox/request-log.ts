import { z } from "zod";
import type { Effect } from "../catalogue/operation.js";
import { contentOf, innermost, isSecret } from "../catalogue/params.js";
import type { ServiceId } from "../catalogue/services.js";
import { sha256Hex } from "../lib/sha256.js";

/** A request that reached an operation. */
export interface LoggedRequest {
  readonly at: Date;
  readonly service: ServiceId;
  readonly operation: string;
  readonly effect: Effect;
  /** As sent; anything that is or may be secret is replaced by `sha256:` and its digest. */
  readonly params: unknown;
  /** `done`, or the code in the answer. */
  readonly outcome: string;
  readonly requestId: string;
}

/** `value` without its secrets: what the schema marks as secret, unknown members, and key blocks anywhere. */
export function withoutSecrets(schema: z.ZodTypeAny, value: unknown): unknown {
  if (value === undefined || value === null) return value;
  if (isSecret(contentOf(schema))) return digest(value);
  const inner = innermost(schema);
  if (inner instanceof z.ZodArray && Array.isArray(value)) {
    return value.map((item) => withoutSecrets(inner.element, item));
  }
  if (inner instanceof z.ZodObject && typeof value === "object") {
    const shape = new Map<string, z.ZodTypeAny>(Object.entries(inner.shape));
    return Object.fromEntries(
      Object.entries(value).map(([name, member]) => {
        const known = shape.get(name);
        return [name, known === undefined ? digest(member) : withoutSecrets(known, member)];
      }),
    );
  }
  return typeof value === "object" || String(value).includes("PRIVATE KEY") ? digest(value) : value;
}

function digest(value: unknown): string {
  return `sha256:${sha256Hex(typeof value === "string" ? value : JSON.stringify(value))}`;
}
