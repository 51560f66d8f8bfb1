import type { ServerResponse } from "node:http";
import { PageRefusal } from "./form.js";
import type { Markup } from "./markup.js";
import { styleHash } from "./style.js";

/** A page and the status it is sent with. */
export interface PageReply {
  readonly status: number;
  readonly page: Markup;
}

/**
 * What a browser is told of a page: that it runs nothing, loads nothing but its style, and is shown in no frame.
 * @param style the hash of its style sheet
 * @param formsLeadTo where its forms may be sent on to besides this server
 */
export function pageHeaders(style: string, formsLeadTo = ""): Readonly<Record<string, string>> {
  const policy = [
    "default-src 'none'",
    `style-src '${style}'`,
    // Browsers also apply it to where a form's answer leads.
    `form-action 'self' ${formsLeadTo}`.trimEnd(),
    "frame-ancestors 'none'",
    "base-uri 'none'",
  ];
  return {
    "content-security-policy": policy.join("; "),
    "x-frame-options": "DENY",
    "x-content-type-options": "nosniff",
    // Not "no-referrer": browsers would then send `Origin: null` with our own forms, like a foreign sandboxed frame.
    "referrer-policy": "same-origin",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "cache-control": "no-store",
  };
}

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
  const length = Buffer.byteLength(body);
  // Connections are closed after each answer.
  const own = { connection: "close", "content-type": type, "content-length": length };
  response.writeHead(status, { ...pageHeaders(styleHash), ...own });
  response.end(body);
}
