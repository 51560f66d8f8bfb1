import type { Dispatcher } from "undici";
import { type ConnectionOptions, dispatcherFor } from "./dispatcher.js";
import type { HttpReply, HttpRequest } from "./http.js";
import { ReplyReader } from "./reply-reader.js";

export interface TransportOptions extends Pick<ConnectionOptions, "connectTimeout"> {
  /** Largest reply to read, in bytes. */
  readonly maxReplyBytes: number;
  /** Longest pause inside a reply, in milliseconds; default 15 seconds. */
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
   * @param replyTimeout how long to wait for the head of the reply, in milliseconds; 0: as long as `signal` allows
   * @throws {TransportFault} if there is no complete reply, also when `signal` aborts
   */
  exchange(request: HttpRequest, signal: AbortSignal, replyTimeout = 0): Promise<HttpReply> {
    return new Promise((resolve, reject) => {
      const reader = new ReplyReader(this.#maxReplyBytes, signal, resolve, reject);
      this.#dispatcher.dispatch({ ...request, headersTimeout: replyTimeout }, reader);
    });
  }

  async close(): Promise<void> {
    await this.#dispatcher.destroy();
  }
}
