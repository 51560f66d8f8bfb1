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

/** The id of somebody whom an identity provider names. A subject is unique at its issuer alone. */
export function personId(issuer: string, subject: string): string {
  return `${issuer}#${subject}`;
}
