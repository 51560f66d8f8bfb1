import type { Operation } from "../../catalogue/operation.js";
import type { Service } from "../../catalogue/services.js";
import type { NonceMemory } from "../auth/alibaba.js";
import type { Handler } from "../handler.js";
import type { RawRequest, Reply } from "../http.js";
import type { Refusal } from "../refusal.js";
import type { Throttle } from "../throttle.js";

/** One service of the sandbox, as its listener sees it. */
export interface Counter {
  readonly service: Service;
  readonly handlers: readonly Handler[];
  readonly nonces: NonceMemory;
  /** Present where the documented rates are enforced. */
  readonly throttle?: Throttle | undefined;
  now(): Date;
}

/** A request whose sender is known and whose operation exists. */
export interface Call {
  readonly handler: Handler;
  /** Under the documented names, as they came. */
  readonly params: Readonly<Record<string, unknown>>;
}

/** How one vendor's requests are read and answered. */
export interface Protocol {
  readonly maxBodyBytes: number;
  /** @throws {Refusal} in the vendor's codes */
  receive(request: RawRequest, counter: Counter): Call;
  /** @throws {Refusal} where the vendor checks parameters before the operation does */
  check(operation: Operation, params: Call["params"]): void;
  succeed(result: Readonly<Record<string, unknown>>, requestId: string): Reply;
  refuse(refusal: Refusal, requestId: string, refused: { readonly service: Service; readonly host: string }): Reply;
  /** What the vendor says of a body above the limit. */
  tooLarge(): Refusal;
  /** What the vendor says of more calls than it allows (docs/cloud-behaviour.md 1.4). */
  throttled(): Refusal;
  /** What the vendor says when it fails by itself. */
  fault(): Refusal;
}
