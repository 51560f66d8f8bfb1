import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import type { Person, Scope } from "../identity/person.js";
import { type Admitted, bearerToken, NotAdmitted, type TokenCheck } from "../identity/token.js";
import { refuse } from "./refusal.js";

declare module "fastify" {
  interface FastifyRequest {
    /** Set once the request has been admitted. */
    admitted: Admitted | undefined;
  }
}

export interface AdmissionOptions {
  /** In this order. */
  readonly checks: readonly TokenCheck[];
  /** Maps a person to the one whom the rules know, whichever token they bring. */
  readonly known: (person: Person) => Person;
  /** Address where clients find the issuer of this server's tokens. */
  readonly metadataUrl: string;
  /** The scopes that clients should request. */
  readonly scopes: readonly Scope[];
  /** Admits callers without a token: for a sandbox that only this computer reaches. */
  readonly anybody?: Admitted;
  /** Masks the token of somebody who was let in, in everything that leaves. */
  readonly keepSecret: (token: string) => void;
}

/** Admits only callers with a valid token (RFC 6750; MCP, Authorization). */
export class Admission {
  readonly #options: AdmissionOptions;

  constructor(options: AdmissionOptions) {
    this.#options = options;
  }

  /** Checks the token of every request of `app`, before its body is read. */
  guard(app: FastifyInstance): void {
    app.decorateRequest("admitted", undefined);
    app.addHook("onRequest", async (request, reply) => {
      try {
        request.admitted = await this.#admit(request);
      } catch (error) {
        if (!(error instanceof NotAdmitted)) throw error;
        return this.#turnAway(reply, error);
      }
      return request.admitted.person.scopes.has("certs:read") ? undefined : this.demand(reply, ["certs:read"]);
    });
  }

  /** Refuses what the token does not allow, and says which scopes would. */
  demand(reply: FastifyReply, needed: readonly Scope[], id: string | number | null = null) {
    const what = `The access token does not allow this: it needs ${needed.join(" and ")}. Nothing was done.`;
    this.#challenge(reply, needed, { error: "insufficient_scope", error_description: what });
    return refuse(reply, 403, what, id);
  }

  async #admit({ headers }: FastifyRequest): Promise<Admitted> {
    const { checks, anybody, keepSecret } = this.#options;
    if (headers.authorization === undefined && anybody !== undefined) return anybody;
    const token = bearerToken(headers.authorization);
    const check = checks.find((each) => each.isMine(token));
    if (check === undefined) throw new NotAdmitted("invalid", "The token is of no kind that this server takes.");
    const admitted = await check.check(token);
    // Not before: whoever is let in by nothing would choose what is masked for everybody else.
    keepSecret(token);
    return { ...admitted, person: this.#options.known(admitted.person) };
  }

  #turnAway(reply: FastifyReply, { why, message }: NotAdmitted) {
    if (why === "unavailable") return refuse(reply.header("retry-after", "10"), 503, message);
    // RFC 6750, section 3.1: no error code where no token was sent.
    const failed = why === "missing" ? {} : { error: "invalid_token", error_description: message };
    this.#challenge(reply, this.#options.scopes, failed);
    return refuse(reply, 401, `${message} Nothing was done. Log in again, or correct the client's token.`);
  }

  #challenge(reply: FastifyReply, scopes: readonly Scope[], failed: Readonly<Record<string, string>>): void {
    const parameters = { ...failed, scope: scopes.join(" "), resource_metadata: this.#options.metadataUrl };
    const written = Object.entries(parameters).map(([name, value]) => `${name}="${value}"`);
    reply.header("www-authenticate", `Bearer ${written.join(", ")}`);
  }
}
