import type { z } from "zod";
import { readReply } from "../../catalogue/documented-reply.js";
import type { ReadOperation, ReadReturning } from "../../catalogue/operation.js";
import type { LastSet, Rollout } from "../../catalogue/rollout.js";
import { certificateNotFound } from "../../catalogue/tencent-ssl/params.js";
import type { JsonObject } from "../../lib/json.js";
import { memoize } from "../../lib/memoize.js";
import { formatId, type SafeText, safe, verbatim } from "../../lib/safe-text.js";
import { unlessAborted } from "../../lib/time-source.js";
import { PolicyViolation, ToolError } from "../../lib/tool-error.js";
import type { TlsCheck } from "../../tls-check/tls-check.js";
import { plainReading, type Reading } from "./reading.js";
import { couldNotBeRead, doesNotExist } from "./texts.js";

/**
 * Carries out one documented read, through the same signing code as every call.
 * @throws {ToolError} unless the cloud said that it succeeded
 */
export type Read = (operation: ReadOperation, params: Record<string, unknown>) => Promise<JsonObject>;

/** Domains that serve visitors, as their clouds list them, and what could not be listed, one sentence each. */
interface DomainListing {
  readonly domains: readonly {
    readonly domain: string;
    /** Undefined if that could not be read. */
    readonly https: boolean | undefined;
    readonly certificates: readonly { readonly id?: string | undefined }[];
  }[];
  readonly unseen: readonly string[];
}

export interface CurrentStateOptions {
  readonly signal: AbortSignal;
  /** How long to wait for the cloud to look up what uses a certificate. */
  readonly bindingsWithinMs: number;
  readonly pause: (ms: number) => Promise<void>;
  /** Have the cloud look up again what uses a certificate; else a look-up of the last half hour will do. */
  readonly fresh?: boolean;
  /** Whether anything was sent from here since `time` (milliseconds) that changes what a domain serves. */
  readonly changedSince: (time: number) => Promise<boolean>;
  /** Checks what a domain serves. */
  readonly tlsCheck: TlsCheck;
  /** What this program's deployments may still bring, by domain; `none` for no HTTPS. */
  readonly arriving?: Rollout["arriving"] | undefined;
  /** What this program's requests set last, by resource; what the cloud tells may be older. */
  readonly lastSet?: ReadonlyMap<string, LastSet> | undefined;
  /** Lists the domains of every service that this server is set up for. */
  readonly listDomains: (read: Read, signal: AbortSignal) => Promise<DomainListing>;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
}

/** What a read returned, or why it returned nothing, in words. */
export type ReadResult<Value> =
  | { readonly found: true; readonly value: Value }
  /** `missingCode`: the error code that says the object does not exist; `code`: any code of the cloud. */
  | { readonly found: false; readonly missingCode?: string; readonly code?: string; readonly why: SafeText };

/** The documented codes that say an object does not exist. */
const codesOfMissing: ReadonlySet<string> = new Set([
  certificateNotFound,
  "FailedOperation.CertificateDeployNotExist",
  "InvalidParameter.InvalidCSRId",
]);

/** Reads the current state. A failed read is an answer too; only a cancelled call ends everything. */
export class StateReader {
  readonly options: CurrentStateOptions;
  readonly #read: Read;
  readonly #askOnce = memoize(
    (operation: ReadOperation, params: Record<string, unknown>) => this.#answer(operation, params),
    (operation, params) => `${operation.name} ${JSON.stringify(params)}`,
  );

  constructor(read: Read, options: CurrentStateOptions) {
    this.#read = read;
    this.options = options;
  }

  /** Sends the same read only once, however many subjects need it. */
  async ask<Result extends z.AnyZodObject>(operation: ReadReturning<Result>, params: Record<string, unknown>) {
    return parsedReply(await this.#askOnce(operation, params), operation);
  }

  /** Sends the read again, for something in progress. */
  async poll<Result extends z.AnyZodObject>(operation: ReadReturning<Result>, params: Record<string, unknown>) {
    return parsedReply(await this.#answer(operation, params), operation);
  }

  /** The domains of every service. */
  listDomains(): Promise<DomainListing> {
    return this.options.listDomains(this.#read, this.options.signal);
  }

  /** Does not throw if the call is cancelled: the next read says what happened. */
  pause(ms: number): Promise<void> {
    const { signal, pause } = this.options;
    return unlessAborted(pause(ms), signal);
  }

  async #answer(operation: ReadOperation, params: Record<string, unknown>): Promise<ReadResult<JsonObject>> {
    try {
      return { found: true, value: await this.#read(operation, params) };
    } catch (error) {
      if (this.options.signal.aborted || !(error instanceof ToolError)) throw error;
      const { code } = error.details;
      const missing = code !== undefined && codesOfMissing.has(code) ? { missingCode: code } : {};
      return { found: false, ...missing, ...(code !== undefined && { code }), why: reasonIn(error) };
    }
  }
}

type NotFound = Extract<ReadResult<unknown>, { readonly found: false }>;

export function describeMissing({ missingCode, why }: NotFound): SafeText {
  return missingCode === undefined ? couldNotBeRead(why) : doesNotExist;
}

/** The reading of a subject of which nothing else is known. */
export function withoutReply(object: SafeText, answer: NotFound): Reading {
  return { ...plainReading(object, describeMissing(answer)), ...notFoundReading(answer) };
}

/** Marks a subject as missing or unread. */
export function notFoundReading({ missingCode, why }: NotFound): Pick<Reading, "missingCode" | "unread"> {
  return missingCode === undefined ? { unread: why } : { missingCode };
}

function parsedReply<Result extends z.AnyZodObject>(
  answer: ReadResult<JsonObject>,
  operation: ReadReturning<Result>,
): ReadResult<z.output<Result>> {
  if (!answer.found) return answer;
  const value = readReply(operation, answer.value);
  return value === undefined ? { found: false, why: safe`a reply with an unexpected form` } : { found: true, value };
}

function reasonIn(error: ToolError): SafeText {
  if (error instanceof PolicyViolation) return safe`this server's policy excludes ${formatId(error.operation)}`;
  const { code, httpStatus, kind } = error.details;
  if (code !== undefined) return formatId(code);
  if (httpStatus !== undefined) return safe`HTTP ${httpStatus}`;
  return kind === "cloud" ? safe`no answer` : verbatim(kind);
}
