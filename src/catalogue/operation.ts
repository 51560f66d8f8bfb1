import type { z } from "zod";
import type { Service, Site } from "./services.js";

/** What a call does to the account; the gate, the annotations and the policy follow from it. */
export type Effect = "read" | "create" | "change" | "traffic" | "destroy" | "purchase";

/** What may be done when it is not known whether a sent request took effect (FACTS.md 4.4). */
export type RetryClass = "read" | "idempotent" | "gone-is-done" | "look-first" | "never";

/** Typed as a method, like `ask` and `warn`, so that operations of different parameters fit into one list. */
type RetryRule<Params extends z.AnyZodObject> = { decide(params: z.output<Params>): RetryClass }["decide"];

/** Where parameters go when the API is REST; those not named here form the JSON body. */
export interface RestRoute {
  readonly method: "PUT";
  /** Path with `{name}` for each path parameter. */
  readonly path: string;
  readonly query: readonly string[];
}

interface Documented<Params extends z.AnyZodObject> {
  /** The documented action, which is also the tool's name. */
  readonly name: string;
  readonly service: Service;
  readonly title: string;
  /** One or two sentences for the model: what it does, what to know before calling. */
  readonly summary: string;
  readonly params: Params;
  /** Members of a successful reply, without the envelope. */
  readonly result: z.AnyZodObject;
  /** Error codes documented for this operation; those of the service as a whole are known besides. */
  readonly errors: readonly string[];
  /** Tencent Cloud sites that have the operation; both when absent. */
  readonly sites?: readonly Site[];
  readonly route?: RestRoute;
}

interface Reading<Params extends z.AnyZodObject> extends Documented<Params> {
  readonly effect: "read";
  readonly retry: "read" | "idempotent";
}

interface Changing<Params extends z.AnyZodObject> extends Documented<Params> {
  readonly effect: Exclude<Effect, "read">;
  /** A rule where the arguments decide. */
  readonly retry: RetryClass | RetryRule<Params>;
  /** The question put to the person: what will be done to which object, in one sentence, without secrets. */
  ask(params: z.output<Params>): string;
  /** What makes these arguments riskier than the operation by itself, a sentence each. */
  warn?(params: z.output<Params>): readonly string[];
}

export type ReadOperation<Params extends z.AnyZodObject = z.AnyZodObject> = Reading<Params>;
export type ChangeOperation<Params extends z.AnyZodObject = z.AnyZodObject> = Changing<Params>;
export type Operation<Params extends z.AnyZodObject = z.AnyZodObject> = Reading<Params> | Changing<Params>;

/** Declares an operation that changes nothing. */
export function reading<Params extends z.AnyZodObject>(operation: ReadOperation<Params>): ReadOperation<Params> {
  return operation;
}

/** Declares an operation that changes something, and so passes the gate. */
export function changing<Params extends z.AnyZodObject>(operation: ChangeOperation<Params>): ChangeOperation<Params> {
  return operation;
}
