import type { z } from "zod";
import type { SafeText } from "../lib/escape-text.js";
import type { CurrentState } from "./current-state.js";
import type { Service, Site } from "./services.js";
import type { Serving } from "./serving.js";
import type { BoundResource } from "./tencent-ssl/bound-resources.js";

/**
 * What a call does; the gate, the annotations and the policy follow from it. `key-export` alters nothing in the account,
 * but takes a private key out of it and into this process.
 */
export type Effect = "read" | "key-export" | "create" | "change" | "traffic" | "destroy" | "purchase";

/** Of operations that a person has to approve. */
export type ChangeEffect = Exclude<Effect, "read">;

/** Whether a call may leave the account other than it was. */
export function altersAccount({ effect }: { readonly effect: Effect }): boolean {
  return effect !== "read" && effect !== "key-export";
}

/** What may be done when it is not known whether a sent request took effect (docs/cloud-behaviour.md 1.5). */
export type RetryClass = "read" | "idempotent" | "not-found-is-success" | "verify-first" | "never";

/** Typed as a method, like `ask` and `warn`, so that operations of different parameters fit into one list. */
type RetryRule<Params extends z.AnyZodObject> = { decide(params: z.output<Params>): RetryClass }["decide"];

/** Where parameters go when the API is REST; those not named here form the JSON body. */
export interface RestRoute {
  readonly method: "PUT";
  /** Path with `{name}` for each path parameter. */
  readonly path: string;
  readonly query: readonly string[];
}

/** What it serves now is only visible to one who names a certificate that would fit it. */
export interface EdgeoneHost {
  readonly kind: "edgeone-host";
  readonly zone: string;
  readonly host: string;
  readonly fitting?: string;
  /** Ids that it is given. */
  readonly given?: readonly string[];
  /** What it was found to have besides those that are listed: ids, and what its edge serves; absent: nobody has looked. */
  readonly besides?: { readonly ids: readonly string[]; readonly served: readonly SafeText[] };
}

/** An object that a change touches, and by which documented read its present state can be seen. */
export type Subject =
  | { readonly kind: "certificate"; readonly id: string }
  | { readonly kind: "csr"; readonly id: number }
  /** A record of a one-click update. */
  | { readonly kind: "deployment"; readonly id: number }
  /** One resource inside such a record; no documented read finds it by this id. */
  | { readonly kind: "deployment-item"; readonly id: number }
  | EdgeoneHost
  /** What a domain serves is not told by any operation, but seen at the edge. */
  | { readonly kind: "served-domain"; readonly name: SafeText; readonly domain: string }
  /** A certificate that is to be stored at Tencent Cloud SSL, where it may lie already. */
  | { readonly kind: "upload"; readonly name: SafeText; readonly certificate: string }
  /** Something that no operation offered here shows. */
  | { readonly kind: "unseen"; readonly name: SafeText }
  /** Something that does not exist before the call. */
  | { readonly kind: "new"; readonly name: SafeText };

/** What can be said of a subject; which of them a kind of subject has is up to its read. */
export type Aspect =
  | "existence"
  | "status"
  | "remark"
  | "project"
  | "bound resources"
  | "server certificate"
  | "client CAs"
  | "origin settings"
  | "HTTPS"
  | "chain"
  | "redirect"
  | "subject"
  | "key and CSR"
  | "private key"
  | "deployment";

/** One line of now → then: "now" is read from the cloud, "then" follows from the arguments. */
export interface PlannedChange {
  readonly subject: Subject;
  readonly aspect: Aspect;
  /** A few words, without secrets. */
  readonly then: SafeText;
  /** What comes, in PEM or by ids at Tencent Cloud SSL: `then` is shown with names and end of the certificate, where it is one. */
  readonly brings?: { readonly pem: string } | { readonly ids: readonly string[] };
  /** Of bound resources: what becomes of each of them. */
  readonly each?: EachResource;
  /** Of a deployment: what becomes of each resource that it replaced the certificate of, or failed to. */
  readonly items?: "put back" | "tried again";
}

/** What becomes of the resources that use a certificate, of some products and regions or of all. */
export interface EachResource {
  readonly then: SafeText;
  readonly isMeant?: (resource: Pick<BoundResource, "type" | "region">) => boolean;
  /** Stands for the line that counts them, where nothing uses the certificate. */
  readonly none?: SafeText;
}

/** Why a call cannot succeed, or would change nothing, by what is there now: nobody is asked then. */
export interface Obstacle {
  /** The rest of a sentence: "certificate abcd1234 is issued, so its order cannot be cancelled". */
  readonly says: SafeText;
  /** What to do instead, in a sentence. */
  readonly next: SafeText;
}

/** How bad it is if the person overlooks it: visitors lose HTTPS, something cannot be had back, or less. */
export type Severity = "outage" | "loss" | "caution";

/** What makes a change riskier than it looks, in a sentence. */
export interface Warning {
  readonly severity: Severity;
  readonly says: SafeText;
  /** The parameter that it is about, dotted; a job, whose arguments nobody has written, does without. */
  readonly parameter?: string;
}

/** How a documented read tells afterwards whether a change was made, for when its reply was lost. */
export interface Verification {
  readonly read: ReadOperation;
  readonly params: Readonly<Record<string, unknown>>;
  /** Whether what was read is what the change leads to. */
  shows(found: Readonly<Record<string, unknown>>): boolean;
  /** The code that tells the same: of the read, or of the change once it was made. */
  readonly gone?: string;
  /** What the lost reply said. */
  readonly result: Readonly<Record<string, unknown>>;
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
  /** Its name in the cloud's access policies, where that is not its own. */
  readonly permission?: string;
}

interface Reading<Params extends z.AnyZodObject> extends Documented<Params> {
  readonly effect: "read";
  readonly retry: "read" | "idempotent";
  /** Members of the reply that are dropped, wherever they stand, right where it is decoded. */
  readonly drops?: ReadonlySet<string>;
}

/** What a person is told of something that changes; the gate needs no more, be it an operation or a tool of our own. */
export interface Changeable<Params extends z.AnyZodObject = z.AnyZodObject> {
  readonly name: string;
  readonly title: string;
  readonly service: { readonly id: string; readonly title: string };
  readonly params: Params;
  readonly effect: ChangeEffect;
  /**
   * The question put to the person: what will be done to which object, in one sentence, without secrets. The verb comes
   * first, and names are shortened and counted (`brief`, `naming`): it is shown whole up to 200 characters.
   */
  approvalQuestion(params: z.output<Params>): SafeText;
  /** What will be different afterwards, a line for each thing that changes; never empty. */
  plannedChanges(params: z.output<Params>): readonly PlannedChange[];
  /** What a person must type to approve it: the id or domain. Required where the effect is destroy or purchase. */
  confirmationText?(params: z.output<Params>): SafeText;
  /**
   * What makes these arguments riskier than the operation by itself, a sentence each.
   * @param found what is there now, where it has been read; what follows from that binds no approval
   */
  warnings?(params: z.output<Params>, found?: CurrentState): readonly Warning[];
  /** What stands in its way. What could not be read stands in nobody's way. */
  obstacles?(params: z.output<Params>, found: CurrentState): readonly Obstacle[];
}

interface Changing<Params extends z.AnyZodObject> extends Documented<Params>, Changeable<Params> {
  readonly service: Service;
  readonly params: Params;
  readonly name: string;
  readonly title: string;
  /** A rule where the arguments decide. */
  readonly retry: RetryClass | RetryRule<Params>;
  /** The resources that come to serve something else. */
  serves?(params: z.output<Params>): readonly Serving[];
  /** What the call leaves behind besides what it is for, and its reply does not tell; a sentence. */
  leaves?(params: z.output<Params>): string | undefined;
  /** Only where one read tells for certain; jobs look for themselves. */
  verifyWith?(params: z.output<Params>): Verification | undefined;
}

export type ReadOperation<Params extends z.AnyZodObject = z.AnyZodObject> = Reading<Params>;
export type ChangeOperation<Params extends z.AnyZodObject = z.AnyZodObject> = Changing<Params>;
export type Operation<Params extends z.AnyZodObject = z.AnyZodObject> = Reading<Params> | Changing<Params>;

/** Declares an operation that changes nothing. */
export function defineRead<Params extends z.AnyZodObject>(operation: ReadOperation<Params>): ReadOperation<Params> {
  return operation;
}

/** Declares an operation that changes something, or takes a private key out, and so passes the gate. */
export function defineChange<Params extends z.AnyZodObject>(
  operation: ChangeOperation<Params>,
): ChangeOperation<Params> {
  return operation;
}
