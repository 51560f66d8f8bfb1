import type { z } from "zod";
import type { Changeable, ReadOperation } from "./catalogue/operation.js";
import type { Edge } from "./edge/edge.js";
import type { Journal } from "./jobs/journal.js";
import type { Directories } from "./secrets/references/directories.js";
import type { Vault } from "./secrets/vault/vault.js";

/** What a tool of our own stands on. Nothing here signs, sends or asks a person by itself. */
export interface OwnToolContext {
  readonly vault: Vault;
  readonly directories: Directories;
  /** Carries out a documented read, as a call of its own. */
  read(operation: ReadOperation, params: Readonly<Record<string, unknown>>): Promise<Readonly<Record<string, unknown>>>;
  readonly now: () => Date;
  readonly edge: Edge;
  readonly journal: Journal;
  /** Aborts when the caller takes the call back, or the server goes away. */
  readonly signal: AbortSignal;
  /** Tells the client that the call is alive, and how far it is. */
  progress(message: string): void;
  /** Waits; rejects when `signal` aborts. */
  pause(ms: number): Promise<void>;
}

/** The service under which policy and audit log know what happens on this machine. */
export const thisComputer = { id: "this-computer", title: "This computer" } as const;

interface Described<Params extends z.AnyZodObject> {
  readonly name: string;
  readonly title: string;
  readonly service: { readonly id: string; readonly title: string };
  /** For the model: what it does, what to know before calling. */
  readonly summary: string;
  readonly params: Params;
  readonly result: z.AnyZodObject;
  /** Does the work; its arguments have been parsed, their references read, and a change approved. */
  run(params: z.output<Params>, context: OwnToolContext): Promise<Readonly<Record<string, unknown>>>;
}

/** A tool that is not a documented operation. */
export type OwnTool<Params extends z.AnyZodObject = z.AnyZodObject> =
  | (Described<Params> & { readonly effect: "read" })
  | (Described<Params> & Changeable<Params>);

/** Declares a tool of our own. */
export function ownTool<Params extends z.AnyZodObject>(tool: OwnTool<Params>): OwnTool<Params> {
  return tool;
}
