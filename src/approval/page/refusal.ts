import type { IncomingMessage } from "node:http";

/** A request that the page in the person's browser never sends; answered with one plain line. */
export class PageRefusal extends Error {
  readonly status: number;

  constructor(status: number, message: string) {
    super(message);
    this.status = status;
  }
}

/**
 * Accepts only requests from our own page and those that open it.
 * @throws {PageRefusal} on a foreign Host (DNS rebinding), a foreign origin or site, another method
 */
export function checkSource({ headers, method }: IncomingMessage, port: number): void {
  const { host } = headers;
  if (host !== `127.0.0.1:${port}` && host !== `localhost:${port}`)
    throw new PageRefusal(421, "not the host of this page");
  if (method !== "GET" && method !== "POST") throw new PageRefusal(405, "only GET and POST");
  if (headers.origin !== undefined && headers.origin !== `http://${host}`) throw new PageRefusal(403, "foreign origin");
  // Other ports of this machine are same-site but not same-origin.
  const site = headers["sec-fetch-site"];
  if (method === "POST" && site !== undefined && site !== "same-origin") throw new PageRefusal(403, "foreign site");
}
