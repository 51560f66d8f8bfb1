import type { JsonObject } from "../lib/json.js";
import type { Changed } from "../lib/tool-error.js";

/** What a reply without an error says against its own success: the documented member that must be true or complete. */
export interface Denial {
  /** The rest of a sentence: "DeleteResult is false". */
  readonly says: string;
  readonly changed: Changed;
}

/** That a member of the reply is false. One that is missing says nothing: any member may be. */
export function deniedBy(reply: JsonObject, member: string): Denial | undefined {
  const value = reply[member];
  return value === false || value === "false" ? { says: `${member} is false`, changed: "no" } : undefined;
}

/** That a member is negative, which no document gives a meaning: neither the id of a record nor a state of one is. */
export function negativeIn(reply: JsonObject, ...members: readonly string[]): Denial | undefined {
  const member = members.find((each) => Number(reply[each]) < 0);
  return member === undefined ? undefined : { says: `${member} is ${Number(reply[member])}`, changed: "unknown" };
}

/**
 * That the reply does not list everything that was asked for as done.
 * @param done the member that lists what was done; an empty list is often null (docs/cloud-behaviour.md 3.1)
 * @param failed the member that lists what failed; without one, what is not done has failed
 */
export function notAllDone(
  requested: readonly (string | number)[],
  reply: JsonObject,
  done: string,
  failed?: string,
): Denial | undefined {
  if (reply[done] === undefined && (failed === undefined || reply[failed] === undefined)) return undefined;
  const ids = [...new Set(requested.map(String))];
  const failedIds = failed === undefined ? undefined : listIn(reply, failed);
  const doneIds = ids.filter((id) => listIn(reply, done).has(id) && !failedIds?.has(id));
  if (doneIds.length === ids.length) return undefined;
  const notDone = ids.filter((id) => !doneIds.includes(id));
  const unaccounted = failedIds === undefined ? [] : notDone.filter((id) => !failedIds.has(id));
  const says = [`not done: ${notDone.join(", ")}`, ...(doneIds.length > 0 ? [`done: ${doneIds.join(", ")}`] : [])].join(
    "; ",
  );
  return { says, changed: unaccounted.length > 0 ? "unknown" : doneIds.length > 0 ? "partly" : "no" };
}

function listIn(reply: JsonObject, member: string): ReadonlySet<string> {
  const list = reply[member];
  return new Set(Array.isArray(list) ? list.map(String) : []);
}
