import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import type { Person, Scope } from "../identity/person.js";
import { bearerToken, NotAdmitted, type TokenCheck, type VerifiedToken } from "../identity/token.js";
import { keepNewest } from "../lib/keep-newest.js";
import { sha256Hex } from "../lib/sha256.js";
import { refuse } from "./refusal.js";

declare module "fastify" {
  interface FastifyRequest {
    /** Set once the request has been admitted. */
    admitted: VerifiedToken | undefined;
  }
}

export interface AdmissionOptions {
  /** In this order. */
  readonly checks: readonly TokenCheck[];
  /** Maps a person to the one whom the rules know, whichever token they bring. */
  readonly known: (person: Person) => Person;
  /** The URL of the MCP endpoint. */
  readonly resource: URL;
  /** Of access tokens; absent where there are only static ones. */
  readonly issuer: string | undefined;
  /** The scopes that clients should request. */
  readonly scopes: readonly Scope[];
  /** Admits callers without a token: for a sandbox that only this computer reaches. */
  readonly anybody?: VerifiedToken;
  /** Masks secrets in everything that leaves; returns a function that is called when they need not be masked any more. */
  readonly mask: (secrets: readonly string[]) => () => void;
}

const MAX_MASKED = 1_000;

const WELL_KNOWN = "/.well-known/oauth-protected-resource";

/** Admits only callers with a valid token (RFC 6750; MCP, Authorization). */
export class Admission {
  readonly #options: AdmissionOptions;
  /** Functions that end the masking of the tokens that were lately let in, by their digests; the newest is last. */
  readonly #masked = new Map<string, () => void>();

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
        return this.#refuse(reply, error);
      }
      return request.admitted.person.scopes.has("certs:read") ? undefined : this.demand(reply, ["certs:read"]);
    });
  }

  /** Says who issues tokens for this server (RFC 9728), also at the root for clients that ask there first. */
  serveMetadata(app: FastifyInstance): void {
    const { resource, issuer, scopes } = this.#options;
    const metadata = {
      resource: resource.href,
      ...(issuer !== undefined && { authorization_servers: [issuer] }),
      scopes_supported: scopes,
      bearer_methods_supported: ["header"],
      resource_name: "cloudcert-mcp",
    };
    for (const path of [this.#metadataPath, WELL_KNOWN])
      app.get(path, async (_, reply) => reply.header("cache-control", "max-age=300").send(metadata));
  }

  /** Refuses what the token does not allow, and says which scopes would. */
  demand(reply: FastifyReply, needed: readonly Scope[], id: string | number | null = null) {
    const what = `The access token does not allow this: it needs ${needed.join(" and ")}. Nothing was done.`;
    this.#challenge(reply, needed, { error: "insufficient_scope", error_description: what });
    return refuse(reply, 403, what, id);
  }

  async #admit({ headers }: FastifyRequest): Promise<VerifiedToken> {
    const { checks, anybody, known } = this.#options;
    if (headers.authorization === undefined && anybody !== undefined) return anybody;
    const token = bearerToken(headers.authorization);
    const check = checks.find((each) => each.handles(token));
    if (check === undefined) throw new NotAdmitted("invalid", "This type of token is not accepted.");
    const admitted = await check.check(token);
    // Not before: whoever is let in by nothing would choose what is masked for everybody else.
    this.#mask(token);
    return { ...admitted, person: known(admitted.person) };
  }

  #mask(token: string): void {
    const digest = sha256Hex(token);
    const release = this.#masked.get(digest) ?? this.#options.mask([token]);
    keepNewest(this.#masked, digest, release, MAX_MASKED, (forgotten) => forgotten());
  }

  #refuse(reply: FastifyReply, { why, message, retryAfter }: NotAdmitted) {
    if (why === "unavailable") return refuse(reply.header("retry-after", String(retryAfter)), 503, message);
    // RFC 6750, section 3.1: no error code where no token was sent.
    const failed = why === "missing" ? {} : { error: "invalid_token", error_description: message };
    this.#challenge(reply, this.#options.scopes, failed);
    return refuse(reply, 401, `${message} Nothing was done. Log in again, or correct the client's token.`);
  }

  #challenge(reply: FastifyReply, scopes: readonly Scope[], failed: Readonly<Record<string, string>>): void {
    const metadata = new URL(this.#metadataPath, this.#options.resource).href;
    const parameters = { ...failed, scope: scopes.join(" "), resource_metadata: metadata };
    const written = Object.entries(parameters).map(([name, value]) => `${name}="${value}"`);
    reply.header("www-authenticate", `Bearer ${written.join(", ")}`);
  }

  /** RFC 9728, section 3.1: the path of the resource follows the well-known one. */
  get #metadataPath(): string {
    return `${WELL_KNOWN}${this.#options.resource.pathname}`;
  }
}
