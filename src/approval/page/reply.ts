import type { ServerResponse } from "node:http";
import { PageRefusal } from "./form.js";
import type { Markup } from "./markup.js";
import { styleHash } from "./style.js";

/** A page and the status it is sent with. */
export interface PageReply {
  readonly status: number;
  readonly page: Markup;
}

const securityHeaders: Readonly<Record<string, string>> = {
  "Content-Security-Policy": [
    "default-src 'none'",
    `style-src '${styleHash}'`,
    "form-action 'self'",
    "frame-ancestors 'none'",
    "base-uri 'none'",
  ].join("; "),
  "X-Frame-Options": "DENY",
  "X-Content-Type-Options": "nosniff",
  // Not "no-referrer": browsers would then send `Origin: null` with our own form, like a foreign sandboxed frame.
  "Referrer-Policy": "same-origin",
  "Cross-Origin-Opener-Policy": "same-origin",
  "Cross-Origin-Resource-Policy": "same-origin",
  "Cache-Control": "no-store",
  // Connections are closed after each answer.
  Connection: "close",
};

export function sendReply(response: ServerResponse, { status, page }: PageReply): void {
  send(response, status, "text/html; charset=utf-8", page.text);
}

/** Answers a failed request, unless its client is gone. */
export function sendFailure(response: ServerResponse, cause: unknown): void {
  if (!(cause instanceof PageRefusal)) {
    response.destroy();
    return;
  }
  if (cause.status === 405) response.setHeader("Allow", "GET, POST");
  send(response, cause.status, "text/plain; charset=utf-8", `${cause.message}\n`);
}

function send(response: ServerResponse, status: number, type: string, body: string): void {
  response.writeHead(status, { ...securityHeaders, "Content-Type": type, "Content-Length": Buffer.byteLength(body) });
  response.end(body);
}
