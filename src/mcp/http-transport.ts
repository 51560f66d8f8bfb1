import type { IncomingMessage, ServerResponse } from "node:http";
import { StreamableHTTPServerTransport } from "@modelcontextprotocol/sdk/server/streamableHttp.js";
import type { Transport, TransportSendOptions } from "@modelcontextprotocol/sdk/shared/transport.js";
import {
  type JSONRPCMessage,
  JSONRPCMessageSchema,
  SUPPORTED_PROTOCOL_VERSIONS,
} from "@modelcontextprotocol/sdk/types.js";
import { redactedJson } from "./redacted-json.js";

interface HttpTransportOptions {
  readonly redact: (json: string) => string;
  /** The id of the session; without one the transport serves a single request. */
  readonly sessionId?: string;
  /** Answers with one JSON document instead of a stream of events: for requests that are answered at once. */
  readonly atOnce?: boolean;
}

/** The revisions of MCP that the transport takes in the header of a request. */
export const protocolVersions: readonly string[] = SUPPORTED_PROTOCOL_VERSIONS;

/** The SDK's Streamable HTTP transport; nothing leaves past the redactor. */
export class HttpTransport implements Transport {
  onmessage?: NonNullable<Transport["onmessage"]>;
  onclose?: () => void;
  onerror?: (error: Error) => void;
  readonly #redact: (json: string) => string;
  readonly #inner: StreamableHTTPServerTransport;

  constructor({ redact, sessionId, atOnce = false }: HttpTransportOptions) {
    this.#redact = redact;
    this.#inner = new StreamableHTTPServerTransport({
      enableJsonResponse: atOnce,
      ...(sessionId !== undefined && { sessionIdGenerator: () => sessionId }),
    });
    this.#inner.onmessage = (message, extra) => this.onmessage?.(message, extra);
    this.#inner.onclose = () => this.onclose?.();
    this.#inner.onerror = (error) => this.onerror?.(error);
  }

  get sessionId(): string | undefined {
    return this.#inner.sessionId;
  }

  /** Serves one HTTP request. `message` is its body, if it has one. */
  handle(request: IncomingMessage, response: ServerResponse, message?: JSONRPCMessage): Promise<void> {
    return this.#inner.handleRequest(request, response, message);
  }

  start(): Promise<void> {
    return this.#inner.start();
  }

  async send(message: JSONRPCMessage, { relatedRequestId }: TransportSendOptions = {}): Promise<void> {
    const redacted = redactedJson(message, this.#redact);
    const isUnchanged = redacted === JSON.stringify(message);
    const sent = isUnchanged ? message : JSONRPCMessageSchema.parse(JSON.parse(redacted));
    await this.#inner.send(sent, relatedRequestId === undefined ? {} : { relatedRequestId });
  }

  close(): Promise<void> {
    return this.#inner.close();
  }
}
