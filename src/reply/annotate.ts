import type { CodeMeanings } from "../catalogue/reply-fact-types.js";
import { expiryMember, isoOf, timeMembers } from "../catalogue/tencent-ssl/time.js";
import { daysUntil } from "../lib/days.js";
import { isObject, type JsonObject, setMember } from "../lib/json.js";
import { escapeInvisibleLines } from "../lib/safe-text.js";
import { type Addition, derivedMember } from "./derived-members.js";
import { visibleName } from "./external-text.js";

/**
 * The same members, with the meaning next to each code and ISO 8601 next to each time, and with invisible characters
 * escaped as {@link sanitizeExternalText} does.
 */
export function annotate(result: JsonObject, meanings: Readonly<Record<string, CodeMeanings>>, now: Date): JsonObject {
  const known = new Map(Object.entries(meanings));
  const coded = new Set(Object.keys(meanings).map((path) => path.slice(path.lastIndexOf(".") + 1)));
  const annotateValue = (value: unknown, name: string, prefix: string): unknown => {
    if (typeof value === "string") return escapeInvisibleLines(value);
    if (Array.isArray(value)) return value.map((item) => annotateValue(item, name, prefix));
    return isObject(value) ? membersOf(value, `${prefix}${name}.`) : value;
  };
  const membersOf = (members: JsonObject, prefix: string): JsonObject => {
    const annotated: Record<string, unknown> = {};
    for (const name in members) {
      const member = members[name];
      setMember(annotated, visibleName(name), annotateValue(member, name, prefix));
      const isTime = timeMembers.has(name);
      if (!isTime && !coded.has(name)) continue;
      const added = isTime ? times(name, member, now) : meaningOf(known.get(`${prefix}${name}`), member);
      for (const [addition, value] of added) {
        const addedName = derivedMember(name, addition);
        if (!Object.hasOwn(members, addedName)) annotated[addedName] = value;
      }
    }
    return annotated;
  };
  return membersOf(result, "");
}

type Added = readonly [Addition, unknown];

function meaningOf(meanings: CodeMeanings | undefined, code: unknown): Added[] {
  const isCode = typeof code === "string" || typeof code === "number";
  // Clouds write one code in several letter cases: Issued and issued (docs/cloud-behaviour.md 4.2).
  const meaning = isCode ? (meanings?.get(String(code)) ?? meanings?.get(String(code).toLowerCase())) : undefined;
  return meaning === undefined ? [] : [["text", meaning]];
}

function times(name: string, time: unknown, now: Date): Added[] {
  const iso = Array.isArray(time) ? listOfIso(time) : isoOf(time);
  if (iso === undefined) return [];
  if (name !== expiryMember || typeof iso !== "string") return [["iso", iso]];
  return [
    ["iso", iso],
    ["days_left", daysUntil(new Date(iso), now)],
  ];
}

/** Undefined unless every item is such a time: the two lists must match. */
function listOfIso(times: readonly unknown[]): readonly string[] | undefined {
  const all = times.flatMap((time) => isoOf(time) ?? []);
  return all.length === times.length && all.length > 0 ? all : undefined;
}
