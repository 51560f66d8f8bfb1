import { randomBytes } from "node:crypto";
import type { Changeable } from "../catalogue/operation.js";
import { isSecret } from "../catalogue/params.js";
import { type SensitiveValue, sensitiveValues } from "../catalogue/sensitive.js";
import { capped, visible } from "../visible.js";
import { describeDocument, describeSecret } from "./material.js";
import type { Plan } from "./plan.js";
import type { Present } from "./present.js";

/** Masks what must not be shown, wherever it stands: an alias may hold a key by mistake. */
export interface Sealing {
  text(text: string): string;
}

/** Longest value of one argument that is shown, in characters. */
const SHOWN = 200;

/** Longest text of a plan, in characters; a certificate's hundred names take less. */
const READ = 4_000;

/** A call that changes something, as the gate gets it: parsed, and not sent. */
export interface PlannedCall {
  readonly operation: Changeable;
  readonly params: Readonly<Record<string, unknown>>;
  /** The credential id that it will be signed with. */
  readonly account: string;
  readonly seal: Sealing;
  /** What was found wrong with the arguments, short of stopping the call; a sentence each. */
  readonly warnings?: readonly string[];
  /** Where arguments came from that were given by reference: dotted path and source. */
  readonly sources?: ReadonlyMap<string, string>;
  /** What stands in for arguments that are known only after the approval: dotted path and words. */
  readonly pending?: ReadonlyMap<string, string>;
}

/** Puts a change and what it meets into words for a person. */
export function planOf(call: PlannedCall, present: Present): Plan {
  const { operation, params, account, seal, warnings = [], sources, pending = new Map() } = call;
  const hidden = new Map<string, string>(
    sensitiveValues(operation.params, params).map((sensitive) => [
      sensitive.path,
      pending.get(sensitive.path) ?? inWords(sensitive),
    ]),
  );
  const text = (value: string) => capped(visible(seal.text(value)), READ);
  const from = (path: string, value: string) => {
    const source = sources?.get(path);
    return source === undefined || source === "inline" ? value : `${value}, from ${source}`;
  };
  return {
    id: randomBytes(4).toString("hex"),
    where: operation.service.title,
    account: shortened(account),
    operation: operation.name,
    title: operation.title,
    question: text(operation.ask(params)),
    effect: operation.effect,
    // What makes the arguments risky and what is wrong with them may be the same sentence.
    warnings: [...new Set([...(operation.warn?.(params) ?? []), ...warnings].map(text))],
    rows: present.rows.map((row) => ({
      object: text(row.object),
      aspect: row.aspect,
      now: text(row.now),
      then: text(row.then),
    })),
    facts: present.facts.map(([name, value]) => [text(name), text(value)]),
    details: leaves(params).map(([path, value]) => [path, text(from(path, hidden.get(path) ?? capped(value, SHOWN)))]),
    typed: operation.typed?.(params),
  };
}

/** A credential's id, recognisable and no longer than needed; of a job's accounts each one. Words stay as they are. */
export function shortened(ids: string): string {
  const short = (id: string) => (id.length <= 12 || id.includes(" ") ? id : `${id.slice(0, 4)}…${id.slice(-4)}`);
  return ids.split(", ").map(short).join(", ");
}

function inWords({ content, value }: SensitiveValue): string {
  return isSecret(content) ? describeSecret(value) : describeDocument(value);
}

/** Every value in `value` with its dotted path. */
function leaves(value: unknown, path = ""): [string, string][] {
  if (typeof value !== "object" || value === null) return [[path, String(value)]];
  return Object.entries(value).flatMap(([name, member]) => leaves(member, path === "" ? name : `${path}.${name}`));
}
