import { operations } from "../index.js";
import type { Cloud, Service } from "../services.js";
import type { Diagnosis, ErrorFact, ErrorKind } from "./fact.js";
import { codesOf, entryOf } from "./index.js";
import { errorKinds } from "./kinds.js";

/** Everything known about an error code. */
export interface Explanation extends Required<Diagnosis> {
  /** More than one if they share the code and its explanation. */
  readonly services: readonly Service[];
  readonly code: string;
  /** Whether the code itself is in the tables; otherwise its first part or its form was used. */
  readonly known: boolean;
  readonly meaning: string;
  readonly next: string;
  /** Operations whose documents list the code; empty for a code of a whole service. */
  readonly documentedFor: readonly string[];
}

/** What is known about `code` at `service`; undefined if not even its form says anything. */
export function explanationOf(service: Service, code: string): Explanation | undefined {
  const entry = entryOf(service, code);
  if (entry === undefined) return undefined;
  const { kind, means, next = errorKinds[kind].next } = entry.fact;
  return {
    services: [service],
    code,
    known: entry.code === code,
    meaning: `${describeReading(code, entry.code)}${means}`,
    ...diagnosisOf(service, entry.fact),
    next,
    documentedFor: operations
      .filter((operation) => operation.service === service && operation.errors.includes(code))
      .map(({ name }) => name),
  };
}

/** The explanations from each of `services` that knows `code`; equal ones are merged. */
export function explanationsOf(services: readonly Service[], code: string): Explanation[] {
  const exact = services.filter((service) => codesOf(service).includes(code));
  const merged = new Map<string, Explanation>();
  for (const service of exact.length > 0 ? exact : services) {
    const explanation = explanationOf(service, code);
    if (explanation === undefined) continue;
    const key = JSON.stringify([explanation.meaning, explanation.causes, explanation.checks, explanation.next]);
    const equal = merged.get(key);
    const documentedFor = [...(equal?.documentedFor ?? []), ...explanation.documentedFor];
    merged.set(key, { ...(equal ?? explanation), services: [...(equal?.services ?? []), service], documentedFor });
  }
  return [...merged.values()];
}

function describeReading(code: string, found: string | undefined): string {
  if (found === code) return "";
  return `Not in the documents that this server knows; read by its ${found === undefined ? "form" : `first part, ${found}`}: `;
}

/** The console page to check for a kind of error. */
export const consoleCheck: Readonly<Record<Cloud, Readonly<Partial<Record<ErrorKind, string>>>>> = {
  tencent: {
    permission: "CAM console: the policies of the key's user, its groups and its permission boundary.",
    credential: "CAM console, API Keys: the key is listed, enabled, and of the site that is configured.",
    quota: "Tencent Cloud console, SSL Certificates: what the account holds and what is used.",
  },
  alibaba: {
    permission: "RAM console: the policies of the AccessKey's user, direct and through groups.",
    credential: "RAM console, AccessKey list of the user: the key is there and enabled.",
  },
  huawei: {
    permission: "IAM console: the user's groups and policies, and the project or region for which they hold.",
    credential: "Console, My Credentials, Access Keys: the AK is listed and enabled.",
    quota: "Live console, Domains: how many there are and which are still in use.",
  },
};

/** Causes, checks and whether a repeat helps: those of the code if it has its own, else those of its kind. */
export function diagnosisOf({ cloud }: Service, fact: ErrorFact): Required<Diagnosis> {
  const ofKind = errorKinds[fact.kind];
  const page = consoleCheck[cloud][fact.kind];
  const checks = page === undefined ? ofKind.checks : [page, ...ofKind.checks];
  return {
    causes: fact.causes ?? ofKind.causes,
    checks: fact.checks ?? checks,
    retry: fact.retry ?? describeRetryKind(fact),
  };
}

/** Whether repeating the failed call helps, in one or two sentences. */
function describeRetryKind({ kind, mayHaveChanged }: ErrorFact): string {
  if (!mayHaveChanged) return errorKinds[kind].retry;
  if (kind === "temporary") return "A read: yes, after a pause. A change: read first, because it may have been made.";
  return `${errorKinds[kind].retry} After a change read first, because it may have been made.`;
}

/** The same for an unknown code. */
export const retryUnknown = "Not known. Before a change is repeated, read first, because it may have been made.";
