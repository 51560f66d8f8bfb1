import type { IncomingMessage } from "node:http";

/** A request as received: nothing is decoded, because signatures cover the bytes that were sent. */
export interface RawRequest {
  readonly method: string;
  /** Without the query. */
  readonly path: string;
  /** Without its `?`. */
  readonly query: string;
  /** Under lower-case names. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
}

export interface SandboxReply {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** Undefined if the body is too large; it is still read to its end, because the sender must get the answer. */
export async function readRequest(message: IncomingMessage, maxBodyBytes: number): Promise<RawRequest | undefined> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of message) {
    const bytes = Buffer.from(chunk);
    size += bytes.length;
    if (size <= maxBodyBytes) chunks.push(bytes);
  }
  if (size > maxBodyBytes) return undefined;
  const [path = "", ...query] = (message.url ?? "").split("?");
  return {
    method: message.method ?? "",
    path,
    query: query.join("?"),
    headers: headersOf(message),
    body: Buffer.concat(chunks),
  };
}

export function jsonReply(status: number, body: unknown, headers: Readonly<Record<string, string>> = {}): SandboxReply {
  return { status, headers: { "content-type": "application/json", ...headers }, body: JSON.stringify(body) };
}

/** Names and values of a query or form, decoded. */
export function pairsOf(encoded: string | Buffer): [string, string][] {
  return [...new URLSearchParams(encoded.toString())];
}

export function isForm({ headers }: RawRequest): boolean {
  return mediaType(headers) === "application/x-www-form-urlencoded";
}

export function isJson({ headers }: RawRequest): boolean {
  return mediaType(headers) === "application/json";
}

function mediaType(headers: RawRequest["headers"]): string | undefined {
  return headers["content-type"]?.split(";")[0]?.trim().toLowerCase();
}

function headersOf({ headers }: IncomingMessage): Record<string, string> {
  return Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [name, Array.isArray(value) ? value.join(", ") : (value ?? "")]),
  );
}
