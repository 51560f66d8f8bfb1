import { Agent, type Dispatcher } from "undici";

/** One HTTP exchange, as a protocol builds it. */
export interface HttpRequest {
  readonly method: "POST" | "PUT";
  readonly url: URL;
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

  constructor(message: string, sent: boolean, options?: ErrorOptions) {
    super(message, options);
    this.sent = sent;
  }
}

export interface TransportOptions {
  /** Limit on establishing a connection, in milliseconds. */
  readonly connectTimeout: number;
  /** Largest reply that is read, in bytes. */
  readonly maxReplyBytes: number;
}

/** Sends requests over kept-alive connections. Redirects are not followed. */
export class Transport {
  readonly #agent: Agent;
  readonly #maxReplyBytes: number;

  constructor({ connectTimeout, maxReplyBytes }: TransportOptions) {
    this.#agent = new Agent({ connect: { timeout: connectTimeout }, connections: 16 });
    this.#maxReplyBytes = maxReplyBytes;
  }

  /** @throws {TransportFault} when there is no whole reply, also when `signal` aborts */
  exchange(request: HttpRequest, signal: AbortSignal): Promise<HttpReply> {
    return new Promise((resolve, reject) => {
      const reader = new ReplyReader(this.#maxReplyBytes, signal, resolve, reject);
      this.#agent.dispatch(
        {
          origin: request.url.origin,
          path: request.url.pathname + request.url.search,
          method: request.method,
          headers: request.headers,
          body: request.body,
        },
        reader,
      );
    });
  }

  async close(): Promise<void> {
    await this.#agent.destroy();
  }
}

/** Collects one reply. undici's `request()` does not tell whether a failed request ever left; this does. */
class ReplyReader implements Dispatcher.DispatchHandler {
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

  /** Called when a connection stands and the first byte is about to be written. */
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
    if (this.#bytes > this.#maxBytes) this.#fail(new Error(`the reply is larger than ${this.#maxBytes} bytes`));
    else this.#chunks.push(chunk);
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

  #fail(cause: Error): void {
    this.#settle();
    this.#reject(new TransportFault(cause.message, this.#sent, { cause }));
    this.#controller?.abort(cause);
  }

  #settle(): void {
    this.#signal.removeEventListener("abort", this.#onAbort);
  }
}

function asError(reason: unknown): Error {
  return reason instanceof Error ? reason : new Error(String(reason));
}
