import { createHmac } from "node:crypto";
import type { FastifyReply, FastifyRequest } from "fastify";
import { pageHeaders } from "../../approval/page/reply.js";
import { sameSecret } from "../../lib/same-secret.js";
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
  return typeof given === "string" && sameSecret(given, formToken(session, purpose));
}

/** @param logoutOrigin where the logout form is sent on to */
export function guardPage(reply: FastifyReply, logoutOrigin?: string): FastifyReply {
  return reply.headers(pageHeaders(teamStyleHash, logoutOrigin));
}

/** The page of this server that a login leads to; anything else becomes the list. */
export function ownPath(wanted: unknown): string {
  const isOwn = typeof wanted === "string" && /^\/(approvals(\/[\w-]{22})?|upload)$/.test(wanted);
  return isOwn ? wanted : "/approvals";
}
