import { createHmac, timingSafeEqual } from "node:crypto";
import type { FastifyReply, FastifyRequest } from "fastify";
import type { PageSession } from "./page-sessions.js";
import { teamStyleHash } from "./page-style.js";

/** A request that no page of this server makes. */
export class ForeignRequest extends Error {}

/**
 * Accepts a form only from this server's own pages. Browsers send `Origin` with every POST, and `Sec-Fetch-Site` where
 * they know it (Fetch Standard; W3C Fetch Metadata).
 * @throws {ForeignRequest}
 */
export function checkOwnForm({ headers }: Pick<FastifyRequest, "headers">, origin: URL): void {
  if (headers.origin !== origin.origin) throw new ForeignRequest("foreign origin");
  const site = headers["sec-fetch-site"];
  if (site !== undefined && site !== "same-origin") throw new ForeignRequest("foreign site");
}

/** The token that a form of this session carries for one purpose. */
export function formToken({ formKey }: Pick<PageSession, "formKey">, purpose: string): string {
  return createHmac("sha256", formKey).update(purpose).digest("base64url");
}

export function isFormToken(session: Pick<PageSession, "formKey">, purpose: string, given: unknown): boolean {
  const expected = Buffer.from(formToken(session, purpose));
  const found = Buffer.from(typeof given === "string" ? given : "");
  return found.length === expected.length && timingSafeEqual(found, expected);
}

/** @param logoutOrigin where the logout form is sent on to */
export function guardPage(reply: FastifyReply, logoutOrigin?: string): FastifyReply {
  const policy = [
    "default-src 'none'",
    `style-src '${teamStyleHash}'`,
    // Browsers also apply it to where a form's answer leads.
    `form-action 'self'${logoutOrigin === undefined ? "" : ` ${logoutOrigin}`}`,
    "frame-ancestors 'none'",
    "base-uri 'none'",
  ];
  return reply.headers({
    "content-security-policy": policy.join("; "),
    "x-frame-options": "DENY",
    "x-content-type-options": "nosniff",
    // Not "no-referrer": browsers would then send `Origin: null` with our own forms.
    "referrer-policy": "same-origin",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "cache-control": "no-store",
  });
}

/** The own pages that a login may lead to; anything else leads to the list. */
export function ownPath(wanted: unknown): string {
  const isOwn = typeof wanted === "string" && /^\/(approvals(\/[\w-]{22})?|upload)$/.test(wanted);
  return isOwn ? wanted : "/approvals";
}
