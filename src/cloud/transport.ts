import type { Dispatcher } from "undici";
import type { Ending } from "./deadline.js";
import { type ConnectionOptions, dispatcherFor } from "./dispatcher.js";
import { ReplyReader } from "./reply-reader.js";

/** One HTTP exchange, as a protocol builds it. */
export interface HttpRequest {
  readonly method: "POST" | "PUT";
  /** Scheme, host and port. */
  readonly origin: string;
  /** Path and query. */
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

export interface HttpReply {
  readonly status: number;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: string;
}

/** Why no whole reply came back, and whether any byte of the request may have left. */
export class TransportFault extends Error {
  readonly sent: boolean;
  /** The reply came, and was larger than is read. */
  readonly oversized: boolean;

  constructor(message: string, sent: boolean, options?: ErrorOptions & { readonly oversized?: boolean }) {
    super(message, options);
    this.sent = sent;
    this.oversized = options?.oversized ?? false;
  }
}

export interface TransportOptions extends Pick<ConnectionOptions, "connectTimeout"> {
  /** Largest reply that is read, in bytes. */
  readonly maxReplyBytes: number;
  /** Longest silence inside a reply, in milliseconds; 15 seconds when absent. */
  readonly bodyTimeout?: number;
  readonly proxy?: ConnectionOptions["proxy"];
}

const BODY_TIMEOUT = 15_000;

/** Sends requests over kept-alive connections. Redirects are not followed. */
export class Transport {
  readonly #dispatcher: Dispatcher;
  readonly #maxReplyBytes: number;

  constructor({ connectTimeout, bodyTimeout = BODY_TIMEOUT, maxReplyBytes, proxy }: TransportOptions) {
    this.#dispatcher = dispatcherFor({ connectTimeout, bodyTimeout, proxy });
    this.#maxReplyBytes = maxReplyBytes;
  }

  /**
   * @param replyTimeout limit on the wait for the head of the reply, in milliseconds; 0: as long as `ending` lets it
   * @throws {TransportFault} when there is no whole reply, also when `ending` aborts
   */
  exchange(request: HttpRequest, ending: Ending, replyTimeout = 0): Promise<HttpReply> {
    return new Promise((resolve, reject) => {
      const reader = new ReplyReader(this.#maxReplyBytes, ending, resolve, reject);
      this.#dispatcher.dispatch(
        {
          origin: request.origin,
          path: request.path,
          method: request.method,
          headers: request.headers,
          body: request.body,
          headersTimeout: replyTimeout,
        },
        reader,
      );
    });
  }

  async close(): Promise<void> {
    await this.#dispatcher.destroy();
  }
}
