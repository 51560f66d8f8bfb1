import type { Operation } from "../../catalogue/operation.js";
import type { Service } from "../../catalogue/services.js";
import type { Account } from "../account.js";
import type { NonceMemory } from "../auth/alibaba.js";
import type { Handler } from "../handler.js";
import type { RawRequest, SandboxReply } from "../http.js";
import { CloudError } from "../refusal.js";

/** One service of the sandbox, as its listener sees it. */
export interface ServiceEndpoint {
  readonly service: Service;
  readonly handlers: readonly Handler[];
  readonly account: Account;
  readonly nonces: NonceMemory;
  /** Whether a call is within the documented rates; absent if they are not enforced. */
  readonly admits: ((operation: Operation) => boolean) | undefined;
}

/** A request with a known sender and an existing operation. */
export interface Call {
  readonly handler: Handler;
  /** Under the documented names, as sent. */
  readonly params: Readonly<Record<string, unknown>>;
}

/** How a vendor refuses a request for an operation that it does not know. */
interface UnknownOperation {
  missing(parameter: "Action" | "Version"): CloudError;
  /** The vendor's codes. */
  readonly version: string;
  readonly action: string;
}

/** The handler of the action that a request names. @throws {CloudError} if there is none */
export function handlerOf(
  action: string | undefined,
  version: string | undefined,
  { service, handlers }: ServiceEndpoint,
  unknown: UnknownOperation,
): Handler {
  if (!action) throw unknown.missing("Action");
  if (!version) throw unknown.missing("Version");
  if (version !== service.version) throw new CloudError(unknown.version, `${service.title} has no version ${version}.`);
  const handler = handlers.find(({ operation }) => operation.name === action);
  if (handler === undefined) throw new CloudError(unknown.action, `${service.title} has no action ${action}.`);
  return handler;
}

/** How one vendor's requests are read and answered. */
export interface SandboxProtocol {
  readonly maxBodyBytes: number;
  /** @throws {CloudError} with the vendor's code */
  receive(request: RawRequest, endpoint: ServiceEndpoint): Call;
  /** @throws {CloudError} if the vendor checks parameters before the operation does */
  check(operation: Operation, params: Call["params"]): void;
  succeed(result: Readonly<Record<string, unknown>>, requestId: string, operation: Operation): SandboxReply;
  refuse(
    refusal: CloudError,
    requestId: string,
    refused: { readonly service: Service; readonly host: string },
  ): SandboxReply;
  tooLarge(): CloudError;
  /** The vendor's error for too many calls (docs/cloud-behaviour.md 1.4). */
  throttled(): CloudError;
  fault(): CloudError;
}
