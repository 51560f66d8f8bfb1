import type { HttpReply, HttpRequest } from "../../cloud/http.js";
import type { AddressedOperation, Protocol } from "../../cloud/protocols/protocol.js";
import { isObject, type JsonObject } from "../../lib/json.js";

/** Temporary keys of a role. */
export interface TemporaryKeys {
  readonly id: string;
  readonly key: string;
  readonly token: string;
  /** When they end; milliseconds since the epoch. */
  readonly until: number;
}

/** Why a cloud gives no keys for a role: its code, and the request's id. */
export interface RoleRefusal {
  readonly code: string;
  readonly requestId?: string | undefined;
}

/** How a cloud lends the keys of a role. */
export interface RoleProtocol<Keys, Role> {
  /** The request, signed with lasting keys. */
  build(call: RoleCall<Keys, Role>): HttpRequest;
  /** What the cloud answered; undefined if it is not the cloud's own answer. */
  read(reply: HttpReply): TemporaryKeys | RoleRefusal | undefined;
}

export interface RoleCall<Keys, Role> {
  readonly keys: Keys;
  readonly role: Role;
  /** The address of the token service. */
  readonly url: URL;
  readonly now: Date;
  readonly nonce: () => string;
}

/** The keys, if all parts are there. */
export function temporaryKeysIn(id: unknown, key: unknown, token: unknown, until: number): TemporaryKeys | undefined {
  const isText = (value: unknown): value is string => typeof value === "string" && value !== "";
  if (!isText(id) || !isText(key) || !isText(token) || !Number.isFinite(until)) return undefined;
  return { id, key, token, until };
}

/** A role that is assumed by its name, at Tencent Cloud and Alibaba Cloud alike. */
export interface NamedRole {
  readonly arn: string;
  readonly session: string;
  readonly seconds: number;
  readonly externalId?: string | undefined;
  /** Where the API asks for one. */
  readonly region?: string | undefined;
}

/**
 * AssumeRole, which both clouds call the same, with the same parameters.
 * @param keysIn the keys in a reply
 */
export function assumedByName<Keys>(
  { build, decode }: Pick<Protocol<Keys>, "build" | "decode">,
  operation: AddressedOperation,
  keysIn: (keys: JsonObject, result: JsonObject) => TemporaryKeys | undefined,
  usualRegion?: string,
): RoleProtocol<Keys, NamedRole> {
  return {
    build: ({ keys: credentials, role, url, now, nonce }) => {
      const { arn, session, seconds, externalId, region = usualRegion } = role;
      const params = {
        RoleArn: arn,
        RoleSessionName: session,
        DurationSeconds: seconds,
        ...(externalId !== undefined && { ExternalId: externalId }),
      };
      const endpoint = { origin: url.origin, host: url.host };
      return build({ operation, params, endpoint, credentials, now, nonce, ...(region !== undefined && { region }) });
    },
    read: (reply) => {
      const outcome = decode(reply);
      if (!outcome?.ok) return outcome;
      const { Credentials: keys } = outcome.result;
      return isObject(keys) ? keysIn(keys, outcome.result) : undefined;
    },
  };
}
