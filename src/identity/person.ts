import { z } from "zod";
import { capped, escapeInvisible } from "../lib/safe-text.js";

/** What a person may ask this server for, as OAuth scopes. */
export const scopes = ["certs:read", "certs:change", "certs:approve"] as const;
export type Scope = (typeof scopes)[number];

/** Somebody who reaches this server from elsewhere, as the identity provider or the operator names them. */
export interface Person {
  /** Unique and lasting: the issuer and the subject of a token, or the name of a static one. */
  readonly id: string;
  /** For people to read; not unique. */
  readonly name: string;
  /** Groups that the provider says they are in. */
  readonly groups: readonly string[];
  readonly scopes: ReadonlySet<Scope>;
}

/** Who makes a call, and with which program. */
export interface CallerIdentity {
  readonly person: Person;
  /** The client's own name, as far as it says one; nobody checks it. */
  readonly client?: string;
}

/** Longest name of a person that is shown and recorded, in characters: it fills no plan. */
const MAX_NAME_LENGTH = 100;

/** An identity provider's subject, as it becomes part of an id. */
export const subjectClaim = z
  .string()
  .min(1)
  .max(255)
  .regex(/^[^\p{Cc}]*$/u);

/** What an identity provider says of somebody's name (OpenID Connect Core 1.0, section 5.1); they may choose it themselves. */
export const namingClaims = {
  name: z.string().optional().catch(undefined),
  preferred_username: z.string().optional().catch(undefined),
  email: z.string().optional().catch(undefined),
};

/** The name to show for somebody, of what their provider says. */
export function personName(claims: { readonly sub: string } & z.output<z.ZodObject<typeof namingClaims>>): string {
  return capped(
    escapeInvisible(claims.name ?? claims.preferred_username ?? claims.email ?? claims.sub),
    MAX_NAME_LENGTH,
  );
}

/** The id of somebody whom an identity provider names. A subject is unique at its issuer alone. */
export function personId(issuer: string, subject: string): string {
  return `${issuer}#${subject}`;
}
