import { createHmac } from "node:crypto";
import { domainToASCII } from "node:url";
import type { z } from "zod";
import type { Changeable, PolicySubject, Warning } from "../catalogue/operation.js";
import { isSecret, isWatchTime } from "../catalogue/params.js";
import type { Rollout } from "../catalogue/rollout.js";
import { type SensitiveValue, sensitiveValues } from "../catalogue/sensitive.js";
import type { Signers } from "../catalogue/services.js";
import { below, type JsonObject, ownMember } from "../lib/json.js";
import { byKey } from "../lib/lists.js";
import type { SafeText } from "../lib/safe-text.js";
import { sha256Hex } from "../lib/sha256.js";
import type { CallFacts } from "../standing-approvals/facts.js";
import type { Caller } from "./channel.js";

/** A call that changes something, parsed but not sent. */
export interface PlannedCall {
  readonly operation: Changeable;
  /** For a job, the parameters of its steps, by step name. */
  readonly params: JsonObject;
  /** The operations of a job, in order. */
  readonly parts?: readonly PolicySubject[];
  /** A job's own arguments, parsed. */
  readonly jobArguments?: { readonly schema: z.AnyZodObject; readonly params: JsonObject };
  /** Names of the steps of a job, by the members of `params` that hold their parameters. */
  readonly stepLabels?: ReadonlyMap<string, SafeText>;
  /** What is shown in place of arguments that are known only after the approval, by dotted path. */
  readonly pendingValues?: ReadonlyMap<string, SafeText>;
  /** The sources of arguments given by reference, by dotted path. */
  readonly sources?: ReadonlyMap<string, string>;
  /** The ids of the credentials that sign, as a person reads them. */
  readonly account: string;
  /** The operator's name of the account; absent where there is only one. */
  readonly accountName?: string | undefined;
  /** The credentials that may sign, by cloud: what is sent to a cloud that is not named here is refused. */
  readonly signers?: Signers;
  /** Who asks for it, where that is known. */
  readonly asker?: SafeText | undefined;
  /** Whether and where anything real is touched, in words. */
  readonly environment?: SafeText | undefined;
  /** Problems with the arguments that do not stop the call, one sentence each, in our own words. */
  readonly warnings?: readonly SafeText[];
  /** What was asked or sent before about the same. */
  readonly repeatWarnings?: readonly Warning[];
  /** What a job tells beside its changes, by name. */
  readonly notes?: readonly (readonly [name: SafeText, says: SafeText])[];
  /** What this program sent earlier to the same objects. */
  readonly rollout?: Rollout | undefined;
  /** Reads the facts that standing approvals are judged by; absent if none can cover this call. */
  readonly readFacts?: () => Promise<CallFacts>;
  /** Masks secrets in any text: an alias may hold a key by mistake. */
  readonly redactor: { redact(text: string): string };
}

/** A call at the gate. */
export interface GatedCall extends PlannedCall {
  readonly caller: Caller;
  /** The approval token that came with it. */
  readonly approval?: string | undefined;
}

/** A call before the operation that a person is asked about is known. */
export type PreparedCall = Omit<GatedCall, "operation">;

/** What an approval is bound to. Both are SHA-256; secrets enter them keyed with this process's key. */
export interface ApprovalBinding {
  /** Covers everything that determines what happens and everything shown: an approval is valid for nothing else. */
  readonly exact: string;
  /** Covers what a person would consider the same request; there is one question about it at a time. */
  readonly thing: string;
}

/** Binds a call to everything that could change what is done or how a person judges it. */
export function bindingOf(call: PlannedCall, secretKey: Buffer): ApprovalBinding {
  const {
    operation,
    params,
    account,
    accountName,
    warnings = [],
    notes = [],
    sources = new Map(),
    parts = [],
    jobArguments,
    rollout,
  } = call;
  const digestOf = ({ path, value }: SensitiveValue) =>
    createHmac("sha256", secretKey).update(`${path}\n${value}`).digest("hex");
  const secretsIn = (schema: z.AnyZodObject, values: JsonObject) =>
    new Map(
      sensitiveValues(schema, values).flatMap((sensitive) =>
        isSecret(sensitive.content) ? [[sensitive.path, digestOf(sensitive)] as const] : [],
      ),
    );
  const who = [operation.service.id, operation.name, account, ...(accountName === undefined ? [] : [accountName])];
  const callArguments = jobArguments ?? { schema: operation.params, params };
  const callSecrets = secretsIn(callArguments.schema, callArguments.params);
  return {
    exact: digest([
      ...who,
      operation.effect,
      canonical(params, secretsIn(operation.params, params)),
      // The member order is the step order.
      Object.keys(jobArguments === undefined ? {} : params),
      parts.map((part) => [part.service.id, part.name, part.effect]),
      jobArguments === undefined ? null : canonical(callArguments.params, callSecrets),
      [...sources].sort(byKey),
      [
        operation.approvalQuestion(params),
        operation.confirmationText?.(params) ?? null,
        operation.plannedChanges(params),
      ],
      [...(operation.warnings?.(params) ?? []), ...warnings, ...notes],
      rollout?.newest ?? null,
    ]),
    thing: digest([...who, normalized(withoutWatchTimes(callArguments.schema, callArguments.params), callSecrets)]),
  };
}

/**
 * A model that waits for a shorter time asks for nothing else: it must not ask again for what was declined, and needs no
 * second approval where the time changes nothing that is sent.
 */
export function withoutWatchTimes({ shape }: z.AnyZodObject, params: JsonObject): JsonObject {
  const members: Readonly<Record<string, z.ZodTypeAny>> = shape;
  const isDuration = (name: string) => {
    const member = ownMember(members, name);
    return member !== undefined && isWatchTime(member);
  };
  return Object.fromEntries(Object.entries(params).filter(([name]) => !isDuration(name)));
}

/** Canonical form: members sorted, secrets replaced. */
function canonical(value: unknown, secrets: ReadonlyMap<string, string>, path = ""): unknown {
  const secret = secrets.get(path);
  if (secret !== undefined) return { secret };
  if (Array.isArray(value)) return value.map((item, index) => canonical(item, secrets, below(path, index)));
  if (typeof value !== "object" || value === null) return value;
  return { members: sortedMembers(value).map(([name, item]) => [name, canonical(item, secrets, below(path, name))]) };
}

/** Loose form: ignores order, case, white space and empty members. */
function normalized(value: unknown, secrets: ReadonlyMap<string, string>, path = ""): unknown {
  const secret = secrets.get(path);
  if (secret !== undefined) return { secret };
  if (Array.isArray(value)) {
    const items = value.map((item, index) => JSON.stringify(normalized(item, secrets, below(path, index))));
    return [...new Set(items)].sort();
  }
  if (typeof value !== "object" || value === null) return normalizedText(String(value));
  const members = sortedMembers(value).map(
    ([name, item]) => [name, normalized(item, secrets, below(path, name))] as const,
  );
  return { members: members.filter(([, item]) => !emptyForms.has(JSON.stringify(item))) };
}

/** Empty values as `normalized` writes them. False counts as empty: it means the same as omitting the member. */
const emptyForms: ReadonlySet<string> = new Set(['""', '"null"', '"false"', "[]", '{"members":[]}']);

const MAX_DOMAIN_LENGTH = 255;
const likeDomain = /^[^\s/@:]+\.[^\s/@:]+$/;

function normalizedText(text: string): string {
  const folded = text.normalize("NFKC").toLowerCase().replace(/\s+/g, " ").trim();
  if (folded.length > MAX_DOMAIN_LENGTH || !likeDomain.test(folded)) return folded;
  const domain = folded.replace(/\.$/, "");
  return domainToASCII(domain) || domain;
}

function sortedMembers(value: object): [string, unknown][] {
  return Object.entries(value)
    .filter(([, member]) => member !== undefined)
    .sort(byKey);
}

function digest(bound: readonly unknown[]): string {
  return sha256Hex(JSON.stringify(bound));
}
