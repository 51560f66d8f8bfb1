import type { z } from "zod";
import type { JsonObject } from "../lib/json.js";
import type { SafeText } from "../lib/safe-text.js";
import type { ArgumentCheck, StoredUse } from "./certificate-arguments.js";
import type { CurrentState } from "./current-state-types.js";
import type { Denial } from "./failed-in-reply.js";
import type { Severity } from "./finding.js";
import type { ReplyFacts } from "./reply-fact-types.js";
import type { AlibabaEdge, Service, Site } from "./services.js";
import type { Serving, StoreRequest } from "./serving.js";
import type { BoundResource } from "./tencent-ssl/bound-resources.js";

/**
 * What a call does that a person has to approve. `key-export` changes nothing in the account, but brings a private key
 * into this process.
 */
export const changeEffects = ["key-export", "create", "change", "traffic", "destroy", "purchase"] as const;
export type ChangeEffect = (typeof changeEffects)[number];

/** Whether doing it a second time by mistake does harm: there would be one too many. */
export function isRepeatHarmful(effect: ChangeEffect): boolean {
  return effect === "create" || effect === "purchase";
}

/** Whether it cannot be undone. */
export function isIrreversible(effect: ChangeEffect): boolean {
  return effect === "destroy" || effect === "purchase";
}

/** What a call does; it determines the gate, the annotations and the policy. */
export type Effect = "read" | ChangeEffect;

/** What policies and rules apply to: an operation or one of our own tools. */
export interface PolicySubject {
  readonly name: string;
  readonly service: { readonly id: string };
  readonly effect: Effect;
}

/** Whether a call may change the account. */
export function altersAccount({ effect }: { readonly effect: Effect }): boolean {
  return effect !== "read" && effect !== "key-export";
}

/** What may be done if it is unknown whether a sent request took effect (docs/cloud-behaviour.md 1.5). */
export type RetryClass = "read" | "idempotent" | "not-found-is-success" | "verify-first" | "never";

/** Typed as a method, which lets operations with different parameters share one list. */
type RetryRule<Params extends z.AnyZodObject> = { decide(params: z.output<Params>): RetryClass }["decide"];

/** Where parameters go in a REST API; those not named here form the JSON body, which only a PUT has. */
export interface RestRoute {
  readonly method: "GET" | "PUT" | "DELETE";
  /** Path with `{name}` for each path parameter. */
  readonly path: string;
  readonly query: readonly string[];
}

/** A service with several stores, each at an address of its own: a parameter that is not sent says which. */
export interface Stores {
  readonly parameter: string;
  /** By the value of the parameter; the first one if it is absent. */
  readonly services: Readonly<Record<string, Service>>;
}

/** The service that a call with these arguments goes to. */
export function serviceFor({ service, stores }: Pick<Operation, "service" | "stores">, params: JsonObject): Service {
  const chosen = stores && params[stores.parameter];
  return (typeof chosen === "string" ? stores?.services[chosen] : undefined) ?? service;
}

/** A read shows what it serves only for a given certificate that would fit it. */
export interface EdgeoneHost {
  readonly kind: "edgeone-host";
  readonly zone: string;
  readonly host: string;
  readonly listingCertificateId?: string;
  /** Ids of the certificates it gets. */
  readonly given?: readonly string[];
  /** What it has beyond the listed certificates: ids, and what its edge serves. Absent if nobody has looked. */
  readonly besides?: { readonly ids: readonly string[]; readonly served: readonly SafeText[] };
}

/** An object that a change affects, with what a documented read needs to show its current state. */
export type Subject =
  | { readonly kind: "certificate"; readonly id: string }
  | { readonly kind: "csr"; readonly id: number }
  /** A record of a one-click update. */
  | { readonly kind: "deployment"; readonly id: number }
  /** One resource in such a record; no documented read finds it by this id. */
  | { readonly kind: "deployment-item"; readonly id: number }
  | EdgeoneHost
  /** A domain whose edge shows its certificate; `at`: the product of Alibaba Cloud with a read that reports it, too. */
  | { readonly kind: "served-domain"; readonly name: SafeText; readonly domain: string; readonly at?: AlibabaEdge }
  /** A certificate to store at Tencent Cloud SSL, where it may already be stored. */
  | { readonly kind: "upload"; readonly name: SafeText; readonly certificate: string }
  /** Something that no operation offered here shows. */
  | { readonly kind: "unseen"; readonly name: SafeText }
  /** A domain of Huawei Live, whose redirect a read shows. */
  | { readonly kind: "live-domain"; readonly name: SafeText; readonly project: string; readonly domain: string }
  /** Something that does not exist before the call. */
  | { readonly kind: "new"; readonly name: SafeText };

/** What can be reported about a subject; its read determines which aspects it has. */
export type Aspect =
  | "existence"
  | "status"
  | "remark"
  | "project"
  | "bound resources"
  | "served by"
  | "server certificate"
  | "client CAs"
  | "origin settings"
  | "HTTPS"
  | "chain"
  | "redirect"
  | "subject"
  | "key and CSR"
  | "private key"
  | "deployment"
  /** Of an approval in advance. */
  | "bounds";

/** One line of now → after: "now" is read from the cloud, `then` follows from the arguments and is shown as "after". */
export interface PlannedChange {
  readonly subject: Subject;
  readonly aspect: Aspect;
  /** A few words, without secrets. */
  readonly then: SafeText;
  /** The new certificates, by PEM or ids at Tencent Cloud SSL; `then` is shown with names and end of a single one. */
  readonly brings?: { readonly pem: string } | { readonly ids: readonly string[] };
  /** For bound resources: what happens to each of them. */
  readonly each?: EachResource;
  /** For a deployment: what happens to each resource whose certificate it replaced or failed to replace. */
  readonly items?: "put back" | "tried again";
}

/** What happens to the resources that use a certificate, of all or some products and regions. */
export interface EachResource {
  readonly then: SafeText;
  readonly isMeant?: (resource: Pick<BoundResource, "type" | "region">) => boolean;
  /** Names of the certificate that they get, where the change does not say which one it `brings`. */
  readonly names?: readonly string[];
  /** Replaces the line with their count if nothing uses the certificate. */
  readonly none?: SafeText;
}

/** Why the current state makes a call fail or change nothing; nobody is asked then. */
export interface Obstacle {
  /** The rest of a sentence: "certificate abcd1234 is issued, so its order cannot be cancelled". */
  readonly says: SafeText;
  /** What to do instead, as a sentence. */
  readonly next: SafeText;
}

/** What makes a change riskier than it looks, as a sentence. */
export interface Warning {
  readonly severity: Severity;
  readonly says: SafeText;
  /** Dotted path of the parameter concerned; absent for a job, whose arguments nobody wrote. */
  readonly parameter?: string;
}

/** How a documented read shows whether a change was made after its reply was lost. */
export interface Verification {
  readonly read: ReadOperation;
  readonly params: JsonObject;
  /** Whether the result of the read matches the change. */
  matches(found: JsonObject): boolean;
  /** The code that proves the same: from the read, or from the change after it was made. */
  readonly provingCode?: string;
  /** The content of the lost reply. */
  readonly result: JsonObject;
}

interface Documented<Params extends z.AnyZodObject, Result extends z.AnyZodObject> {
  /** The documented action, which is also the tool's name. */
  readonly name: string;
  readonly service: Service;
  readonly title: string;
  /** The vendor's own term, where it has one. */
  readonly titleInChinese?: string;
  /** One or two sentences for the model: what it does, what to know before calling. */
  readonly summary: string;
  readonly params: Params;
  /** One plausible call. Ids are made up; secrets are references. */
  readonly example?: JsonObject;
  /** Members of a successful reply, without the envelope. */
  readonly result: Result;
  readonly replyFacts?: ReplyFacts;
  /** Error codes documented for this operation, without those of the service as a whole. */
  readonly errors: readonly string[];
  /** Tencent Cloud sites that offer the operation; both if absent. */
  readonly sites?: readonly Site[];
  /** Parameters that only the mainland site takes; the other answers UnknownParameter (docs/cloud-behaviour.md 3.9). */
  readonly onlyMainland?: readonly string[];
  readonly route?: RestRoute;
  /** Its name in the cloud's access policies, if different. */
  readonly permission?: string;
  /** Sent with every call, whatever its arguments say: a protection that nobody can leave out. */
  readonly fixedParams?: Readonly<Record<string, string | boolean>>;
  readonly stores?: Stores;
  /** In the order in which the cloud would check. */
  checks?(params: z.output<Params>): readonly ArgumentCheck[];
  /** The certificates that the call will serve to visitors, named by id. */
  storedUses?(params: z.output<Params>): readonly StoredUse[];
}

interface Declared<Params extends z.AnyZodObject, Result extends z.AnyZodObject> extends Documented<Params, Result> {
  readonly retry?: "read" | "idempotent";
  /** Members dropped from the reply at any depth as soon as it is decoded. */
  readonly droppedMembers?: ReadonlySet<string>;
}

type Schema = z.AnyZodObject;

export interface ReadOperation<Params extends Schema = Schema, Result extends Schema = Schema>
  extends Declared<Params, Result> {
  readonly effect: "read";
  readonly retry: "read" | "idempotent";
}

/** A read of which only the reply matters. */
export type ReadReturning<Result extends Schema> = ReadOperation<Schema, Result>;

/** What a person is shown about a change by an operation or one of our tools; the gate needs nothing else. */
export interface Changeable<Params extends z.AnyZodObject = z.AnyZodObject> {
  readonly name: string;
  readonly title: string;
  /** Absent if src/chinese has it. */
  readonly titleInChinese?: string;
  readonly service: { readonly id: string; readonly title: string };
  readonly params: Params;
  readonly effect: ChangeEffect;
  /** Approved only past the client, on this program's page or in its terminal: never in a client's form or by token. */
  readonly outOfBand?: true;
  /** What may be sent without asking once this is approved: whoever approves it must be one who may approve those. */
  letsThrough?(params: z.output<Params>): readonly ChangeOperation[];
  /**
   * The question for the person: what will be done to which object, in one sentence, without secrets. The verb comes
   * first, and names are shortened and counted (`brief`, `naming`): up to 200 characters are shown in full.
   */
  approvalQuestion(params: z.output<Params>): SafeText;
  /** What will be different afterwards, one line for each change; never empty. */
  plannedChanges(params: z.output<Params>): readonly PlannedChange[];
  /** What a person must type to approve: the id or domain. Required for the effects destroy and purchase. */
  confirmationText?(params: z.output<Params>): SafeText;
  /**
   * What makes these arguments riskier than the operation in general, one sentence each.
   * @param found the current state, if it was read; warnings derived from it are not bound to the approval
   */
  warnings?(params: z.output<Params>, found?: CurrentState): readonly Warning[];
  /** What prevents the change. Unreadable state prevents nothing. */
  obstacles?(params: z.output<Params>, found: CurrentState): readonly Obstacle[];
}

export interface ChangeOperation<Params extends Schema = Schema, Result extends Schema = Schema>
  extends Documented<Params, Result>,
    Changeable<Params> {
  readonly service: Service;
  /** A function if it depends on the arguments. */
  readonly retry: RetryClass | RetryRule<Params>;
  /** The resources that the call makes serve something else. */
  serves?(params: z.output<Params>): readonly Serving[];
  /** What the call asks for, if a second call would ask for another one: recorded like what calls serve. */
  storeRequest?(params: z.output<Params>): StoreRequest;
  /** Ids of the certificates that the call ends: deletes or revokes. */
  endedCertificates?(params: z.output<Params>): readonly string[];
  /** A side effect that the reply does not report, as a sentence. */
  sideEffect?(params: z.output<Params>): string | undefined;
  /** What the reply says against its own success; required where the documents have a member for it. */
  denial?(params: z.output<Params>, reply: JsonObject): Denial | undefined;
  /** The read that lists what the call creates. */
  readonly listedIn?: ReadOperation;
  /** Only if a single read answers for certain; jobs check for themselves. */
  verifyWith?(params: z.output<Params>): Verification | undefined;
}

export type Operation<Params extends Schema = Schema, Result extends Schema = Schema> =
  | ReadOperation<Params, Result>
  | ChangeOperation<Params, Result>;

/** Declares an operation that changes nothing. */
export function defineRead<Params extends Schema, Result extends Schema>(
  operation: Declared<Params, Result>,
): ReadOperation<Params, Result> {
  return { effect: "read", retry: "read", ...operation };
}

/** Declares an operation that changes something or exports a private key, and therefore passes the gate. */
export function defineChange<Params extends Schema, Result extends Schema>(operation: ChangeOperation<Params, Result>) {
  return operation;
}
