import { operations } from "../index.js";
import type { Service } from "../services.js";
import { diagnosisOf } from "./diagnosis.js";
import { codesOf, entryOf, explainError } from "./index.js";

/** Everything known about an error code. */
export interface Explanation {
  /** More than one if they share the code and its explanation. */
  readonly services: readonly Service[];
  readonly code: string;
  /** Whether the code itself is in the tables; otherwise its first part or its form was used. */
  readonly known: boolean;
  readonly meaning: string;
  /** Likely causes, most frequent first. */
  readonly causes: readonly string[];
  readonly checks: readonly string[];
  /** Whether repeating the call helps. */
  readonly retry: string;
  readonly next: string;
  /** Operations whose documents list the code; empty for a code of a whole service. */
  readonly documentedFor: readonly string[];
}

/** What is known about `code` at `service`; undefined if not even its form says anything. */
export function explanationOf(service: Service, code: string): Explanation | undefined {
  const entry = entryOf(service, code);
  const explained = explainError(service, code);
  if (entry === undefined || explained === undefined) return undefined;
  const { causes, checks, retry } = diagnosisOf(service, entry.fact);
  return {
    services: [service],
    code,
    known: entry.code === code,
    meaning: `${readAs(code, entry.code)}${explained.means}`,
    causes,
    checks,
    retry,
    next: explained.next,
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
    const one = explanationOf(service, code);
    if (one === undefined) continue;
    const said = JSON.stringify([one.meaning, one.causes, one.checks, one.next]);
    const twin = merged.get(said);
    merged.set(said, twin === undefined ? one : together(twin, one));
  }
  return [...merged.values()];
}

function together(first: Explanation, second: Explanation): Explanation {
  return {
    ...first,
    services: [...first.services, ...second.services],
    documentedFor: [...first.documentedFor, ...second.documentedFor],
  };
}

function readAs(code: string, found: string | undefined): string {
  if (found === code) return "";
  return `Not in the documents that this server knows; read by its ${found === undefined ? "form" : `first part, ${found}`}: `;
}
