import type { Person } from "./person.js";

/** Why a caller is not admitted. The message is for the caller and repeats nothing of a token. */
export class NotAdmitted extends Error {
  /** `unavailable`: the token cannot be checked now. */
  readonly why: "missing" | "invalid" | "unavailable";
  /** After how many seconds to try again where it is unavailable. */
  readonly retryAfter: number;

  constructor(why: NotAdmitted["why"], message: string, retryAfter = 10) {
    super(message);
    this.why = why;
    this.retryAfter = retryAfter;
  }
}

/** A token that was verified: whose it is, and until when it is valid. */
export interface VerifiedToken {
  readonly person: Person;
  /** The program that the token was issued to, if it says so. */
  readonly client?: string;
  /** Milliseconds since the epoch. */
  readonly until: number;
  /** Whether the token is still valid with the same scopes and groups: a call may outlast it. */
  readonly isStillValid: () => Promise<boolean>;
}

/** The abort reason of a request whose token was withdrawn before it expired. */
export class TokenWithdrawn extends Error {}

/** Verifies tokens of one kind. */
export interface TokenCheck {
  /** Whether the token is of the kind that this checks; a token of no kind is invalid. */
  handles(token: string): boolean;
  /** @throws {NotAdmitted} */
  check(token: string): Promise<VerifiedToken>;
}

/** Longest token, in characters: a large one of a provider with many groups has 4,000. */
const MAX_TOKEN_LENGTH = 8_192;

/**
 * The token in an Authorization header (RFC 6750, section 2.1). The other places that the RFC has for one, the body and
 * the query, are not looked at: OAuth 2.1 forbids the query.
 * @throws {NotAdmitted} if there is none
 */
export function bearerToken(authorization: string | undefined): string {
  if (authorization === undefined) throw new NotAdmitted("missing", "There is no access token in the request.");
  if (authorization.length > MAX_TOKEN_LENGTH) throw new NotAdmitted("invalid", "The access token is too long.");
  const [, token] = /^Bearer +([A-Za-z0-9\-._~+/]+=*) *$/i.exec(authorization) ?? [];
  if (token === undefined)
    throw new NotAdmitted("invalid", "The Authorization header does not contain a bearer token.");
  return token;
}
