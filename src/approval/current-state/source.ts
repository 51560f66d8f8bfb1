import type { z } from "zod";
import type { ReadOperation } from "../../catalogue/operation.js";
import { ownWords, type SafeText, safe, termInWords } from "../../lib/escape-text.js";
import { PolicyViolation, ToolError } from "../../lib/tool-error.js";
import type { TlsCheck } from "../../tls-check/tls-check.js";
import type { Reading } from "./reading.js";
import { couldNotBeRead, missing } from "./words.js";

type Reply = Readonly<Record<string, unknown>>;

/**
 * Carries out one documented read, through the same signed core as every call.
 * @throws {ToolError} unless the cloud said that it succeeded
 */
export type Read = (operation: ReadOperation, params: Record<string, unknown>) => Promise<Reply>;

export interface CurrentStateOptions {
  readonly signal: AbortSignal;
  /** How long to wait for the cloud to look up what uses a certificate. */
  readonly bindingsWithinMs: number;
  readonly pause: (ms: number) => Promise<void>;
  /** Have the cloud look up anew what uses a certificate; else a look-up of the last half hour will do. */
  readonly fresh?: boolean;
  /** Whether anything was sent from here since then (milliseconds) that makes a domain serve something else. */
  readonly changedSince?: (time: number) => Promise<boolean>;
  /** Where what a domain serves is seen; absent where nobody may look. */
  readonly tlsCheck?: TlsCheck;
  /** By domain what deployments of this program may still bring there: SHA-256 of leaves, `none` for no HTTPS. */
  readonly arriving?: ReadonlyMap<string, readonly string[]> | undefined;
  /** Milliseconds since the epoch; the system's clock when absent. */
  readonly now?: () => number;
}

/** What a read gave, or in words why it gave nothing. */
export type ReadResult<Value> =
  | { readonly found: true; readonly value: Value }
  /** `missing`: the code by which the object turned out not to exist. */
  | { readonly found: false; readonly missing?: string; readonly why: SafeText };

/** The documented codes by which an object turns out not to exist. */
const codesOfMissing: ReadonlySet<string> = new Set([
  "FailedOperation.CertificateNotFound",
  "FailedOperation.CertificateDeployNotExist",
  "InvalidParameter.InvalidCSRId",
]);

/** Where the present is read from. A failed read is an answer too; only a call that was taken back ends it all. */
export class StateReader {
  readonly options: CurrentStateOptions;
  readonly #read: Read;
  readonly #asked = new Map<string, Promise<ReadResult<Reply>>>();

  constructor(read: Read, options: CurrentStateOptions) {
    this.#read = read;
    this.options = options;
  }

  /** Sends the same question once, however many subjects need its answer. */
  async ask<Schema extends z.ZodTypeAny>(operation: ReadOperation, params: Record<string, unknown>, schema: Schema) {
    const question = `${operation.name} ${JSON.stringify(params)}`;
    const asked = this.#asked.get(question) ?? this.#answer(operation, params);
    this.#asked.set(question, asked);
    return understood(await asked, schema);
  }

  /** Sends the question again: what it asks after is under way. */
  async poll<Schema extends z.ZodTypeAny>(operation: ReadOperation, params: Record<string, unknown>, schema: Schema) {
    return understood(await this.#answer(operation, params), schema);
  }

  /** A pause cut short by the call's being taken back ends nothing by itself: the next read says what happened. */
  async pause(ms: number): Promise<void> {
    const { signal, pause } = this.options;
    try {
      await pause(ms);
    } catch (error) {
      if (!signal.aborted) throw error;
    }
  }

  async #answer(operation: ReadOperation, params: Record<string, unknown>): Promise<ReadResult<Reply>> {
    try {
      return { found: true, value: await this.#read(operation, params) };
    } catch (error) {
      if (this.options.signal.aborted || !(error instanceof ToolError)) throw error;
      const { code } = error.details;
      const missing = code !== undefined && codesOfMissing.has(code) ? { missing: code } : {};
      return { found: false, ...missing, why: reasonIn(error) };
    }
  }
}

type NotFound = Extract<ReadResult<unknown>, { readonly found: false }>;

export function describeMissing({ missing: code, why }: NotFound): SafeText {
  return code === undefined ? couldNotBeRead(why) : missing;
}

/** How a subject is known not to exist, or not known. */
export function notFoundReading({ missing: code, why }: NotFound): Pick<Reading, "missing" | "unread"> {
  return code === undefined ? { unread: why } : { missing: code };
}

function understood<Schema extends z.ZodTypeAny>(
  answer: ReadResult<Reply>,
  schema: Schema,
): ReadResult<z.output<Schema>> {
  if (!answer.found) return answer;
  const parsed = schema.safeParse(answer.value);
  return parsed.success ? { found: true, value: parsed.data } : { found: false, why: safe`a reply of another form` };
}

function reasonIn(error: ToolError): SafeText {
  if (error instanceof PolicyViolation) return safe`this server's policy excludes ${termInWords(error.operation)}`;
  const { code, httpStatus, kind } = error.details;
  if (code !== undefined) return termInWords(code);
  if (httpStatus !== undefined) return safe`HTTP ${httpStatus}`;
  return kind === "cloud" ? safe`no answer` : ownWords(kind);
}
