import { once } from "node:events";
import { createServer } from "node:http";
import { type CryptoKey, exportJWK, generateKeyPair, type JWTHeaderParameters, SignJWT } from "jose";
import Provider from "oidc-provider";
import { listen } from "./ports.js";

/** A real OpenID provider on loopback, with one key and everybody who is asked for. */
export interface TestIssuer {
  readonly url: string;
  readonly privateKey: CryptoKey;
  readonly publicKey: CryptoKey;
  /** A token that the provider issues to a person for a resource. */
  token(resource: string, given?: { readonly person?: string; readonly scope?: string }): Promise<string>;
  /** The code that a client gets after a person logs in at the address where it sent them, and allows only this. */
  code(authorizationUrl: URL, scope: string): Promise<string>;
  /** A token that says whatever a test wants, signed with the provider's key unless another is given. */
  forged(
    payload: Record<string, unknown>,
    header?: Partial<JWTHeaderParameters>,
    key?: CryptoKey | Uint8Array,
  ): Promise<string>;
  /** How often its keys were asked for. */
  keysAsked(): number;
  close(): Promise<void>;
}

/** A public client that the provider knows. */
export const testClient = { client_id: "test-client", redirect_uri: "http://127.0.0.1/callback" };
const KEY_ID = "key-1";

export const allScopes = "certs:read certs:change certs:approve";

/** How long its access tokens last, in seconds. */
const LIFETIME = 600;

/** The same for every issuer of a worker. */
let keys: ReturnType<typeof generateKeyPair> | undefined;

export async function startIssuer(): Promise<TestIssuer> {
  keys ??= generateKeyPair("RS256", { extractable: true });
  const { privateKey, publicKey } = await keys;
  const jwk = { ...(await exportJWK(privateKey)), kid: KEY_ID, alg: "RS256", use: "sig" };
  const server = createServer();
  const url = `http://127.0.0.1:${await listen(server)}`;
  const resourceServer = (audience: string) => ({
    audience,
    scope: allScopes,
    accessTokenFormat: "jwt" as const,
    accessTokenTTL: LIFETIME,
    jwt: { sign: { alg: "RS256" as const } },
  });
  const provider = new Provider(url, {
    clients: [
      {
        client_id: testClient.client_id,
        token_endpoint_auth_method: "none",
        redirect_uris: [testClient.redirect_uri],
        application_type: "native",
      },
    ],
    jwks: { keys: [jwk] },
    scopes: ["openid", "offline_access", ...allScopes.split(" ")],
    findAccount: (_, id) => ({ accountId: id, claims: () => ({ sub: id, name: id }) }),
    clientBasedCORS: () => true,
    features: {
      registration: { enabled: true },
      resourceIndicators: {
        enabled: true,
        getResourceServerInfo: (_, resource) => resourceServer(resource),
        useGrantedResource: () => true,
      },
    },
  });
  let asked = 0;
  const answer = provider.callback();
  server.on("request", (request, response) => {
    if (request.url === "/jwks") asked += 1;
    void answer(request, response);
  });
  const granted = async (accountId: string, resource: string, scope: string) => {
    const client = await provider.Client.find(testClient.client_id);
    if (client === undefined) throw new Error("the provider has lost its client");
    const grant = new provider.Grant({ accountId, clientId: testClient.client_id });
    grant.addResourceScope(resource, scope);
    return { accountId, client, grantId: await grant.save(), scope, gty: "authorization_code" };
  };
  return {
    url,
    privateKey,
    publicKey,
    token: async (resource, { person = "alice", scope = allScopes } = {}) => {
      const token = new provider.AccessToken(await granted(person, resource, scope));
      token.resourceServer = new provider.ResourceServer(resource, resourceServer(resource));
      return token.save();
    },
    code: async ({ searchParams }, scope) => {
      const asked = (name: string) => searchParams.get(name) ?? "";
      const resource = asked("resource");
      const code = new provider.AuthorizationCode({
        ...(await granted("alice", resource, scope)),
        resource,
        redirectUri: asked("redirect_uri"),
        codeChallenge: asked("code_challenge"),
        codeChallengeMethod: asked("code_challenge_method"),
      });
      return code.save();
    },
    forged: (payload, header = {}, key = privateKey) => {
      const now = Math.floor(Date.now() / 1_000);
      const usual = {
        iss: url,
        sub: "alice",
        iat: now,
        exp: now + LIFETIME,
        jti: "1",
        client_id: testClient.client_id,
        scope: allScopes,
      };
      return new SignJWT({ ...usual, ...payload })
        .setProtectedHeader({ alg: "RS256", typ: "at+jwt", kid: KEY_ID, ...header })
        .sign(key, { crit: Object.fromEntries((header.crit ?? []).map((name) => [name, true])) });
    },
    keysAsked: () => asked,
    close: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, "close");
    },
  };
}
