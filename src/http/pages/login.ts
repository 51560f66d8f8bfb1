import * as client from "openid-client";
import { z } from "zod";
import { isAddressOf } from "../../identity/issuer.js";
import {
  namingClaims,
  type Person,
  personId,
  personName,
  type Scope,
  scopes,
  subjectClaim,
} from "../../identity/person.js";
import type { JsonObject } from "../../lib/json.js";
import type { PendingLogin } from "./pending-logins.js";

export interface PageLoginOptions {
  readonly issuer: URL;
  readonly clientId: string;
  /** Reads the secret, which may be changed; a public client if absent. */
  readonly clientSecret?: (() => string) | undefined;
  /** The address of this server as browsers know it. */
  readonly origin: URL;
  /** The claim that lists a person's groups. */
  readonly groupsClaim: string;
}

export const callbackPath = "/login/callback";
export const loggedOutPath = "/logged-out";

/** How long the provider may take for an answer, in seconds. */
const PROVIDER_TIME = 10;

/** The members of the provider's metadata that name where it or the browser is sent. */
const usedAddresses = [
  "authorization_endpoint",
  "token_endpoint",
  "userinfo_endpoint",
  "end_session_endpoint",
  "jwks_uri",
] as const;

const requested = ["openid", "profile", ...scopes];

const claimsSchema = z.object({
  iss: z.string().min(1),
  sub: subjectClaim,
  ...namingClaims,
});

/** The provider does not take this server for its client: nobody can log in, whatever they do. */
export class ClientRefused extends Error {
  constructor() {
    super("the identity provider refuses --login-client or --login-secret: compare them with what is registered there");
  }
}

/** Login by OpenID Connect: the code flow with PKCE, and logout at the provider. */
export class PageLogin {
  readonly #options: PageLoginOptions;
  #discovered: { readonly secret: string | undefined; readonly found: Promise<client.Configuration> } | undefined;

  constructor(options: PageLoginOptions) {
    this.#options = options;
  }

  /** Where the person logs in, and what is needed to verify that the same person comes back. */
  async begin(to: string, again: boolean): Promise<{ readonly url: URL; readonly login: PendingLogin }> {
    const configuration = await this.#configuration();
    const verifier = client.randomPKCECodeVerifier();
    const [state, nonce] = [client.randomState(), client.randomNonce()];
    const url = client.buildAuthorizationUrl(configuration, {
      redirect_uri: new URL(callbackPath, this.#options.origin).href,
      scope: requested.join(" "),
      code_challenge: await client.calculatePKCECodeChallenge(verifier),
      code_challenge_method: "S256",
      state,
      nonce,
      // OpenID Connect Core 1.0, section 3.1.2.1: the provider must ask anew, and say when it did.
      ...(again && { prompt: "login", max_age: "0" }),
    });
    return { url, login: { state, nonce, verifier, to, again } };
  }

  /**
   * @param query of the address that the provider sent the person back to
   * @throws {ClientRefused} if the provider refuses this server
   * @throws unless all that `begin` set out is in the provider's answer
   */
  async finish(query: string, { state, nonce, verifier, again }: PendingLogin) {
    const configuration = await this.#configuration();
    // Our own address and not that of the request: whoever sends a request chooses its Host.
    const url = new URL(callbackPath, this.#options.origin);
    url.search = query;
    const tokens = await client
      .authorizationCodeGrant(configuration, url, {
        expectedState: state,
        expectedNonce: nonce,
        pkceCodeVerifier: verifier,
        idTokenExpected: true,
        ...(again && { maxAge: 0 }),
      })
      .catch((error: unknown) => {
        throw isOfClient(error) ? new ClientRefused() : error;
      });
    const idClaims = tokens.claims();
    if (idClaims === undefined || tokens.id_token === undefined) throw new Error("the provider sent no ID token");
    const more =
      configuration.serverMetadata().userinfo_endpoint === undefined
        ? {}
        : await client.fetchUserInfo(configuration, tokens.access_token, idClaims.sub);
    const claims: JsonObject = { ...more, ...idClaims };
    return { person: this.#personIn(claims, tokens.scope), idToken: tokens.id_token };
  }

  /** Where the provider ends its own session, if it says so. */
  async logoutUrl(idToken: string): Promise<URL | undefined> {
    const configuration = await this.#known();
    if (configuration.serverMetadata().end_session_endpoint === undefined) return undefined;
    return client.buildEndSessionUrl(configuration, {
      id_token_hint: idToken,
      post_logout_redirect_uri: new URL(loggedOutPath, this.#options.origin).href,
    });
  }

  /** The origin that the logout form leads to, for the pages' policy. */
  async logoutOrigin(): Promise<string | undefined> {
    const found = (await this.#known()).serverMetadata().end_session_endpoint;
    return found === undefined ? undefined : new URL(found).origin;
  }

  /** RFC 6749, section 5.1: without a scope in the answer, all that was asked for is granted. */
  #personIn(claims: JsonObject, granted = requested.join(" ")): Person {
    const said = claimsSchema.parse(claims);
    const given = granted.split(" ");
    return {
      id: personId(said.iss, said.sub),
      name: personName(said),
      groups: z.array(z.string()).catch([]).parse(claims[this.#options.groupsClaim]),
      scopes: new Set(scopes.filter((scope): scope is Scope => given.includes(scope))),
    };
  }

  /** Where the secret does not matter. */
  #known(): Promise<client.Configuration> {
    return this.#discovered?.found ?? this.#configuration();
  }

  /** Fetched when first needed, with a new secret, and after a failure: a provider that is down must not end the server. */
  #configuration(): Promise<client.Configuration> {
    const secret = this.#options.clientSecret?.();
    if (this.#discovered !== undefined && this.#discovered.secret === secret) return this.#discovered.found;
    const found = this.#discover(secret).catch((error) => {
      if (this.#discovered?.found === found) this.#discovered = undefined;
      throw error;
    });
    this.#discovered = { secret, found };
    return found;
  }

  async #discover(clientSecret: string | undefined): Promise<client.Configuration> {
    const { issuer, clientId } = this.#options;
    const authentication = clientSecret === undefined ? client.None() : client.ClientSecretBasic(clientSecret);
    const configuration = await client.discovery(issuer, clientId, undefined, authentication, {
      timeout: PROVIDER_TIME,
      // Settings allow plain HTTP to a loopback address alone.
      execute: issuer.protocol === "http:" ? [client.allowInsecureRequests] : [],
    });
    configuration.timeout = PROVIDER_TIME;
    const metadata = configuration.serverMetadata();
    for (const name of usedAddresses) {
      const address = metadata[name];
      if (address !== undefined && !isAddressOf(issuer, new URL(address)))
        throw new Error(`the identity provider's ${name} is an address without TLS, ${address}`);
    }
    return configuration;
  }
}

/** RFC 6749, section 5.2 */
function isOfClient(error: unknown): boolean {
  return (
    error instanceof client.WWWAuthenticateChallengeError ||
    (error instanceof client.ResponseBodyError && error.error === "invalid_client")
  );
}
