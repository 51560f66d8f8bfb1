import { limits } from "../catalogue/limits.js";
import { isObject } from "../lib/json.js";

/**
 * A JSON Schema without what it says twice, as every conversation pays for the list of tools: a description that only
 * repeats the parameter's name or the values of its enum, the description of a list's items (the list's own says what
 * they are), the limit that holds for every list. A list's own limit stays, also in its description.
 */
export function terse(schema: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(schema).flatMap(([key, value]) => {
      if (key === "maxItems" && isGeneralLimit(schema)) return [];
      if (!isObject(value)) return [[key, value]];
      if (key === "items") return [[key, terse(without("description", value))]];
      return [[key, key === "properties" ? eachNamed(value) : terse(value)]];
    }),
  );
}

function eachNamed(properties: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(properties).map(([name, member]) => {
      if (!isObject(member)) return [name, member];
      return [name, terse(isRepeated(name, member) ? without("description", member) : member)];
    }),
  );
}

function isRepeated(name: string, { description, enum: values }: Readonly<Record<string, unknown>>): boolean {
  if (typeof description !== "string") return false;
  if (lettersOf(name).includes(lettersOf(description))) return true;
  return Array.isArray(values) && description === values.join(" or ");
}

const lettersOf = (words: string): string => words.toLowerCase().replace(/[ _]/g, "");

/** `list` puts a limit of its own into the description, and the general one not. */
function isGeneralLimit({ maxItems, description }: Readonly<Record<string, unknown>>): boolean {
  return maxItems === limits.argument.items && !`${description}`.includes(`${limits.argument.items} items`);
}

function without(key: string, { [key]: _, ...rest }: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return rest;
}
