/** One HTTP exchange, as a protocol builds it. */
export interface HttpRequest {
  readonly method: "GET" | "POST" | "PUT" | "DELETE";
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

/** Why no complete reply came back, and whether any byte of the request may have been sent. */
export class TransportFault extends Error {
  readonly sent: boolean;
  /** The reply came, but was too large to read. */
  readonly oversized: boolean;

  constructor(message: string, sent: boolean, options: ErrorOptions & { readonly oversized?: boolean }) {
    super(message, options);
    this.sent = sent;
    this.oversized = options.oversized ?? false;
  }
}
