import type { ChangeOperation, Effect } from "../catalogue/operation.js";
import { type SensitiveValue, sensitiveValues } from "../catalogue/sensitive.js";

/** What a person is shown before a change: enough to judge it, and no secret. */
export interface ApprovalRequest {
  /** The cloud and service it happens on. */
  readonly where: string;
  readonly question: string;
  /** What kind of change it is, in words. */
  readonly effect: string;
  readonly warnings: readonly string[];
  /** Every argument that will be sent, by the API's own name. */
  readonly details: readonly (readonly [name: string, value: string])[];
}

const effects: Readonly<Record<Exclude<Effect, "read">, string>> = {
  create: "Adds something; live traffic is not touched.",
  change: "Changes a record or an order; live traffic is not touched.",
  traffic: "Changes what a live domain serves.",
  destroy: "Cannot be undone.",
  purchase: "Spends money or quota.",
};

/** Longest value of one argument that is shown, in characters. */
const SHOWN = 200;

/** Masks what must not be shown, wherever it stands: an alias may hold a key by mistake. */
export interface Sealing {
  text(text: string): string;
}

/** Puts a change into words for a person. */
export function describeChange(
  operation: ChangeOperation,
  params: Readonly<Record<string, unknown>>,
  seal: Sealing,
): ApprovalRequest {
  const hidden = new Map(
    sensitiveValues(operation.params, params).map((sensitive) => [sensitive.path, inWords(sensitive)]),
  );
  return {
    where: operation.service.title,
    question: seal.text(operation.ask(params)),
    effect: effects[operation.effect],
    warnings: (operation.warn?.(params) ?? []).map((warning) => seal.text(warning)),
    details: leaves(params).map(([path, value]) => [path, hidden.get(path) ?? shorten(seal.text(value))]),
  };
}

function inWords({ sensitivity, value }: SensitiveValue): string {
  return sensitivity === "secret" ? "(secret, not shown)" : `(${value.length} characters of text, not shown)`;
}

/** Every value in `value` with its dotted path. */
function leaves(value: unknown, path = ""): [string, string][] {
  if (typeof value !== "object" || value === null) return [[path, String(value)]];
  return Object.entries(value).flatMap(([name, member]) => leaves(member, path === "" ? name : `${path}.${name}`));
}

function shorten(value: string): string {
  return value.length <= SHOWN ? value : `${value.slice(0, SHOWN)}… (${value.length} characters)`;
}
