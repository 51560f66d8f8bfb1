import { createHash, createHmac } from "node:crypto";
import { domainToASCII } from "node:url";
import type { z } from "zod";
import { isSecret } from "../catalogue/params.js";
import { type SensitiveValue, sensitiveValues } from "../catalogue/sensitive.js";
import type { PlannedCall } from "./planned-call.js";
import type { PolicySubject } from "./policy.js";

type Members = Readonly<Record<string, unknown>>;

/** A call, as far as it decides what happens. */
export interface BoundCall extends PlannedCall {
  /** The operations that a job is made of, in order. */
  readonly parts?: readonly PolicySubject[];
  /** A job's own arguments, as parsed; its parameters are those of its steps. */
  readonly own?: { readonly schema: z.AnyZodObject; readonly params: Members };
}

/** What an approval is bound to; both are SHA-256, and secrets enter them under a key of this process. */
export interface ApprovalBinding {
  /** Stands for all that decides what happens and all that is shown: an approval is good for nothing else. */
  readonly exact: string;
  /** Stands for what a person would take for the same wish; there is one question about it at a time. */
  readonly thing: string;
}

/** Binds a call: everything that could change what is done, or what a person would have judged by. */
export function bindingOf(call: BoundCall, secretKey: Buffer): ApprovalBinding {
  const { operation, params, account, warnings = [], sources = new Map(), parts = [], own, rollout } = call;
  const digestOf = ({ path, value }: SensitiveValue) =>
    createHmac("sha256", secretKey).update(`${path}\n${value}`).digest("hex");
  const secretsIn = (schema: z.AnyZodObject, values: Members) =>
    new Map(
      sensitiveValues(schema, values).flatMap((sensitive) =>
        isSecret(sensitive.content) ? [[sensitive.path, digestOf(sensitive)] as const] : [],
      ),
    );
  const who = [operation.service.id, operation.name, account];
  const given = own ?? { schema: operation.params, params };
  const givenSecrets = secretsIn(given.schema, given.params);
  return {
    exact: digest([
      ...who,
      operation.effect,
      canonical(params, secretsIn(operation.params, params)),
      // The order of the steps is that of their members.
      Object.keys(own === undefined ? {} : params),
      parts.map((part) => [part.service.id, part.name, part.effect]),
      own === undefined ? null : canonical(given.params, givenSecrets),
      [...sources].sort(([a], [b]) => (a < b ? -1 : 1)),
      [
        operation.approvalQuestion(params),
        operation.confirmationText?.(params) ?? null,
        operation.plannedChanges(params),
      ],
      [...(operation.warnings?.(params) ?? []), ...warnings],
      rollout?.newest ?? null,
    ]),
    thing: digest([...who, alike(given.params, givenSecrets)]),
  };
}

/** The same value always as the same text: members sorted, secrets replaced. */
function canonical(value: unknown, secrets: ReadonlyMap<string, string>, path = ""): unknown {
  const secret = secrets.get(path);
  if (secret !== undefined) return { secret };
  if (Array.isArray(value)) return value.map((item, index) => canonical(item, secrets, below(path, String(index))));
  if (typeof value !== "object" || value === null) return value;
  return { members: sortedMembers(value).map(([name, item]) => [name, canonical(item, secrets, below(path, name))]) };
}

/** The same text for values that differ only as slips do: in order, capitals, blanks, and in what says nothing. */
function alike(value: unknown, secrets: ReadonlyMap<string, string>, path = ""): unknown {
  const secret = secrets.get(path);
  if (secret !== undefined) return { secret };
  if (Array.isArray(value)) {
    const items = value.map((item, index) => JSON.stringify(alike(item, secrets, below(path, String(index)))));
    return [...new Set(items)].sort();
  }
  if (typeof value !== "object" || value === null) return plain(String(value));
  const members = sortedMembers(value).map(([name, item]) => [name, alike(item, secrets, below(path, name))] as const);
  return { members: members.filter(([, item]) => !saysNothing.has(JSON.stringify(item))) };
}

/** As `alike` gives them: no text, no items, no members, and a no, which is what leaving out means. */
const saysNothing: ReadonlySet<string> = new Set(['""', '"null"', '"false"', "[]", '{"members":[]}']);

const LONGEST_DOMAIN = 255;
const likeDomain = /^[^\s/@:]+\.[^\s/@:]+$/;

function plain(text: string): string {
  const folded = text.normalize("NFKC").toLowerCase().replace(/\s+/g, " ").trim();
  if (folded.length > LONGEST_DOMAIN || !likeDomain.test(folded)) return folded;
  const domain = folded.replace(/\.$/, "");
  return domainToASCII(domain) || domain;
}

function sortedMembers(value: object): [string, unknown][] {
  return Object.entries(value)
    .filter(([, member]) => member !== undefined)
    .sort(([a], [b]) => (a < b ? -1 : 1));
}

function below(path: string, name: string): string {
  return path === "" ? name : `${path}.${name}`;
}

function digest(bound: readonly unknown[]): string {
  return createHash("sha256").update(JSON.stringify(bound)).digest("hex");
}
