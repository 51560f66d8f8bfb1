import type { Dispatcher } from "undici";
import { systemCodeOf } from "../lib/failure.js";
import { type ConnectionOptions, dispatcherFor } from "./dispatcher.js";
import { type HttpReply, type HttpRequest, TransportFault } from "./http.js";

/** Sends requests over kept-alive connections. Redirects are not followed. */
export class Transport {
  readonly #dispatcher: Dispatcher;
  readonly #maxReplyBytes: number;

  /** @param options with the largest reply to read, in bytes */
  constructor({ maxReplyBytes, ...connections }: ConnectionOptions & { readonly maxReplyBytes: number }) {
    this.#dispatcher = dispatcherFor(connections);
    this.#maxReplyBytes = maxReplyBytes;
  }

  /**
   * @param replyTimeout how long to wait for the head of the reply, in milliseconds; 0: as long as `signal` allows
   * @throws {TransportFault} if there is no complete reply, also when `signal` aborts
   */
  exchange(request: HttpRequest, signal: AbortSignal, replyTimeout = 0): Promise<HttpReply> {
    return new Promise((resolve, reject) => {
      const reader = replyReader(this.#maxReplyBytes, signal, resolve, reject);
      this.#dispatcher.dispatch({ ...request, headersTimeout: replyTimeout }, reader);
    });
  }

  async close(): Promise<void> {
    await this.#dispatcher.destroy();
  }
}

/** Collects one reply. undici's `request()` does not say whether a failed request was ever sent; this does. */
function replyReader(
  maxBytes: number,
  signal: AbortSignal,
  resolve: (reply: HttpReply) => void,
  reject: (fault: TransportFault) => void,
): Dispatcher.DispatchHandler {
  const chunks: Buffer[] = [];
  let controller: Dispatcher.DispatchController | undefined;
  let sent = false;
  let bytes = 0;
  let status = 0;
  let headers: HttpReply["headers"] = {};
  const fail = (cause: Error, oversized = false) => {
    signal.removeEventListener("abort", onAbort);
    reject(new TransportFault(describeCause(cause), sent, { cause, oversized }));
    controller?.abort(cause);
  };
  const onAbort = () => fail(asError(signal.reason));
  const onResponseEnd = () => {
    signal.removeEventListener("abort", onAbort);
    resolve({ status, headers, body: Buffer.concat(chunks).toString("utf8") });
  };
  if (signal.aborted) onAbort();
  else signal.addEventListener("abort", onAbort, { once: true });
  return {
    /** Called when a connection is open and the first byte is about to be written. */
    onRequestStart: (started) => {
      if (signal.aborted) {
        started.abort(asError(signal.reason));
        return;
      }
      sent = true;
      controller = started;
    },
    onResponseStart: (_controller, statusCode, responseHeaders) => {
      status = statusCode;
      headers = responseHeaders;
    },
    onResponseData: (_controller, chunk) => {
      bytes += chunk.length;
      if (bytes <= maxBytes) {
        chunks.push(chunk);
        return;
      }
      // The beginning of a gateway's error page is enough.
      if (status >= 400) onResponseEnd();
      fail(new Error(`the reply is larger than ${maxBytes} bytes`), true);
    },
    onResponseEnd,
    onResponseError: (_controller, error) => fail(error),
  };
}

function asError(reason: unknown): Error {
  return reason instanceof Error ? reason : new Error(String(reason));
}

/** undici's texts about timeouts say little, and those about certificates contain the names in them. */
const known: Readonly<Record<string, string>> = {
  UND_ERR_CONNECT_TIMEOUT: "no connection was made in time",
  UND_ERR_HEADERS_TIMEOUT: "no answer started in time",
  UND_ERR_BODY_TIMEOUT: "the answer stopped halfway",
  ERR_TLS_CERT_ALTNAME_INVALID: "the certificate shown is for another host",
};

function describeCause(error: Error): string {
  const code = systemCodeOf(error) ?? "";
  // If several addresses were tried, there is a code but no message. The address of a proxy may contain its password.
  return known[code] ?? (error.message.replace(/\/\/[^/@\s]*@/g, "//") || code);
}
