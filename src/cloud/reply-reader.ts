import type { Dispatcher } from "undici";
import type { HttpReply } from "./http.js";
import { TransportFault } from "./http.js";

/** Collects one reply. undici's `request()` does not say whether a failed request was ever sent; this does. */
export class ReplyReader implements Dispatcher.DispatchHandler {
  readonly #maxBytes: number;
  readonly #signal: AbortSignal;
  readonly #resolve: (reply: HttpReply) => void;
  readonly #reject: (fault: TransportFault) => void;
  readonly #chunks: Buffer[] = [];
  readonly #onAbort = () => this.#fail(asError(this.#signal.reason));
  #controller: Dispatcher.DispatchController | undefined;
  #sent = false;
  #bytes = 0;
  #status = 0;
  #headers: HttpReply["headers"] = {};

  constructor(
    maxBytes: number,
    signal: AbortSignal,
    resolve: (reply: HttpReply) => void,
    reject: (fault: TransportFault) => void,
  ) {
    this.#maxBytes = maxBytes;
    this.#signal = signal;
    this.#resolve = resolve;
    this.#reject = reject;
    if (signal.aborted) this.#onAbort();
    else signal.addEventListener("abort", this.#onAbort, { once: true });
  }

  /** Called when a connection is open and the first byte is about to be written. */
  onRequestStart(controller: Dispatcher.DispatchController): void {
    if (this.#signal.aborted) {
      controller.abort(asError(this.#signal.reason));
      return;
    }
    this.#sent = true;
    this.#controller = controller;
  }

  onResponseStart(_controller: Dispatcher.DispatchController, status: number, headers: HttpReply["headers"]): void {
    this.#status = status;
    this.#headers = headers;
  }

  onResponseData(_controller: Dispatcher.DispatchController, chunk: Buffer): void {
    this.#bytes += chunk.length;
    if (this.#bytes <= this.#maxBytes) {
      this.#chunks.push(chunk);
      return;
    }
    // The beginning of a gateway's error page is enough.
    if (this.#status >= 400) this.onResponseEnd();
    this.#fail(new Error(`the reply is larger than ${this.#maxBytes} bytes`), true);
  }

  onResponseEnd(): void {
    this.#settle();
    this.#resolve({
      status: this.#status,
      headers: this.#headers,
      body: Buffer.concat(this.#chunks).toString("utf8"),
    });
  }

  onResponseError(_controller: Dispatcher.DispatchController, error: Error): void {
    this.#fail(error);
  }

  #fail(cause: Error, oversized = false): void {
    this.#settle();
    this.#reject(new TransportFault(inWords(cause), this.#sent, { cause, oversized }));
    this.#controller?.abort(cause);
  }

  #settle(): void {
    this.#signal.removeEventListener("abort", this.#onAbort);
  }
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

function inWords(error: Error): string {
  const code = "code" in error && typeof error.code === "string" ? error.code : "";
  // If several addresses were tried, there is a code but no message. The address of a proxy may contain its password.
  return known[code] ?? (error.message.replace(/\/\/[^/@\s]*@/g, "//") || code);
}
