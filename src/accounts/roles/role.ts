import type { Service } from "../../catalogue/services.js";
import type { KeyParts } from "../../cloud/credential-search.js";
import type { HttpReply, HttpRequest } from "../../cloud/http.js";

/** Temporary keys of a role. */
export interface TemporaryKeys extends Required<KeyParts> {
  /** When they end; milliseconds since the epoch. */
  readonly until: number;
}

/** Why a cloud gives no keys for a role: its code, and the request's id. */
export interface RoleRefusal {
  readonly code: string;
  readonly requestId?: string | undefined;
}

/** How a cloud lends the keys of a role. */
export interface RoleProtocol<Role> {
  readonly service: Pick<Service, "hosts">;
  /** The request, signed with the long-term keys. */
  build(call: {
    readonly keys: KeyParts;
    readonly role: Role;
    /** The address of the token service. */
    readonly url: URL;
    readonly now: Date;
    readonly nonce: () => string;
  }): HttpRequest;
  /** What the cloud answered; undefined if it is not the cloud's own answer. */
  read(reply: HttpReply): TemporaryKeys | RoleRefusal | undefined;
}

/** The keys, if all parts are there. */
export function temporaryKeysIn(id: unknown, key: unknown, token: unknown, until: number): TemporaryKeys | undefined {
  const isText = (value: unknown): value is string => typeof value === "string" && value !== "";
  if (!isText(id) || !isText(key) || !isText(token) || !Number.isFinite(until)) return undefined;
  return { id, key, token, until };
}
