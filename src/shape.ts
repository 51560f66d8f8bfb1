import type { z } from "zod";
import type { Operation } from "./catalogue/operation.js";
import { isObject } from "./json.js";

/** What a tool gives back when a cloud said that the call succeeded. */
export interface Reply {
  /** The documented members, and any others that the cloud sent. */
  readonly result: Readonly<Record<string, unknown>>;
  /** What a reader must know besides, a sentence each. */
  readonly notes: readonly string[];
}

/**
 * Fits a cloud's answer to the operation's documented result. A member of another type than documented is moved into a
 * note instead of failing the call, because clients check the reply against the output schema and a call that succeeded
 * must not turn into an error here.
 */
export function shape(operation: Operation, answer: unknown, requestId: string | undefined): Reply {
  const result = { ...(isObject(answer) ? answer : {}), ...(requestId !== undefined && { RequestId: requestId }) };
  const surprises = moveOutMisfits(operation.result, result);
  const notes = surprises.map(({ path, value }) => `${path} has an undocumented type; its value is ${value}.`);
  if (operation.effect === "traffic") {
    notes.unshift("Accepted by the API, which is not yet proof that the edge serves it: the rollout follows.");
  }
  return { result, notes };
}

interface Misfit {
  readonly path: string;
  readonly value: string;
}

function moveOutMisfits(schema: z.AnyZodObject, result: Record<string, unknown>): Misfit[] {
  const issues = schema.safeParse(result).error?.issues ?? [];
  return issues.flatMap(({ path }) => {
    const [name, ...parents] = [...path].reverse();
    const parent = parents.reduceRight<unknown>((value, step) => memberOf(value, step), result);
    if (name === undefined || !isContainer(parent)) return [];
    const value = JSON.stringify(parent[name]);
    parent[name] = null;
    return [{ path: path.join("."), value }];
  });
}

function memberOf(value: unknown, name: string | number): unknown {
  return isContainer(value) ? value[name] : undefined;
}

function isContainer(value: unknown): value is Record<string | number, unknown> {
  return typeof value === "object" && value !== null;
}
