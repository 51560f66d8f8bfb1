import { once } from "node:events";
import { createServer } from "node:http";
import { Provider } from "oidc-provider";
import { listen } from "../../support/ports.js";

/** The OpenID provider of a team: whoever types a name is that person. */
export interface TestProvider extends AsyncDisposable {
  readonly issuer: URL;
  /** Lets a client at this origin log people in. */
  addClient(origin: URL): void;
  /** Takes this secret of its client from now on. */
  changeSecret(secret: string): void;
}

export const clientId = "pages";
export const clientSecret = "client-secret-of-the-pages";

const scopes = ["openid", "profile", "certs:read", "certs:change", "certs:approve"];

/** @param readers names of people who get no certs:approve */
export async function startProvider(readers: readonly string[] = []): Promise<TestProvider> {
  const server = createServer();
  const issuer = new URL(`http://127.0.0.1:${await listen(server)}`);
  const origins: string[] = [];
  let secret = clientSecret;
  const start = () => {
    const provider = new Provider(issuer.origin, {
      clients: [
        {
          client_id: clientId,
          client_secret: secret,
          redirect_uris: origins.map((origin) => `${origin}/login/callback`),
          post_logout_redirect_uris: origins.map((origin) => `${origin}/logged-out`),
        },
      ],
      scopes,
      claims: { openid: ["sub"], profile: ["name", "groups"] },
      pkce: { required: () => true },
      cookies: { keys: ["a key of the test"] },
      findAccount: (_ctx, sub) => ({
        accountId: sub,
        claims: () => ({ sub, name: sub[0]?.toUpperCase() + sub.slice(1), groups: ["team"] }),
      }),
      loadExistingGrant: async (ctx) => {
        const { oidc } = ctx;
        const accountId = oidc.session?.accountId;
        if (accountId === undefined || oidc.client === undefined) return undefined;
        const grant = new oidc.provider.Grant({ accountId, clientId: oidc.client.clientId });
        const granted = scopes.filter((scope) => scope !== "certs:approve" || !readers.includes(accountId));
        grant.addOIDCScope(granted.join(" "));
        if (granted.length < scopes.length) grant.rejectOIDCScope("certs:approve");
        await grant.save();
        return grant;
      },
    });
    // Its warnings are about the form in which the test logs in.
    const listener = provider.callback();
    server.removeAllListeners("request");
    server.on("request", (request, response) => void listener(request, response));
  };
  start();
  return {
    issuer,
    addClient: (origin) => {
      origins.push(origin.origin);
      start();
    },
    changeSecret: (changed) => {
      secret = changed;
      start();
    },
    [Symbol.asyncDispose]: async () => {
      server.close();
      server.closeAllConnections();
      await once(server, "close");
    },
  };
}
