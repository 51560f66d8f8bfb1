import { createHash } from "node:crypto";
import { base64url, exportJWK, exportSPKI, generateKeyPair } from "jose";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { allScopes, startIssuer, type TestIssuer } from "../support/issuer.js";
import { connectTo, listTools, post, startTeamServer, type TeamServer } from "../support/team-server.js";

let issuer: TestIssuer;
let server: TeamServer;

beforeAll(async () => {
  issuer = await startIssuer();
  server = await startTeamServer(["--sandbox", "--issuer", issuer.url]);
});
afterAll(async () => {
  expect(await server.end()).toBe(0);
  await issuer.close();
});

const now = () => Math.floor(Date.now() / 1_000);
const forged = (payload: Record<string, unknown> = {}, header = {}) =>
  issuer.forged({ aud: server.endpoint, ...payload }, header);
const bearer = (token: string) => ({ authorization: `Bearer ${token}` });
const encoded = (value: unknown) => base64url.encode(JSON.stringify(value));

describe("a token that the provider issued", () => {
  it("lets its person in", async () => {
    const client = await connectTo(server.endpoint, await issuer.token(server.endpoint));
    const { tools } = await client.listTools();
    expect(tools.map(({ name }) => name)).toContain("find_certificates");
    await client.close();
  });

  it("is not repeated by the server, and a request that has it as its id is answered all the same", async () => {
    const token = await issuer.token(server.endpoint);
    const ping = { jsonrpc: "2.0", id: token, method: "ping" };
    const answered = await post(server.endpoint, ping, bearer(token));
    expect(await answered.json()).toEqual({ jsonrpc: "2.0", id: token, result: {} });
    const unknown = await post(server.endpoint, { ...ping, id: 1, method: token }, bearer(token));
    expect(await unknown.text()).not.toContain(token);
    const version = { "mcp-protocol-version": token, ...bearer(token) };
    const refused = await post(server.endpoint, { ...ping, id: 1 }, version);
    expect(refused.status).toBe(400);
    expect(await refused.text()).not.toContain(token);
  });

  it("is told apart from forged ones by its signature alone", async () => {
    const { status } = await post(server.endpoint, listTools, bearer(await forged()));
    expect(status).toBe(200);
  });
});

/** Each is what the good token above is, but for one thing. */
const attacks: Readonly<Record<string, () => Promise<string> | string>> = {
  "alg none": async () => {
    const [, payload] = (await forged()).split(".");
    return `${encoded({ alg: "none", typ: "at+jwt" })}.${payload}.`;
  },
  "alg none with the signature left": async () => {
    const [, payload, signature] = (await forged()).split(".");
    return `${encoded({ alg: "none", typ: "at+jwt" })}.${payload}.${signature}`;
  },
  "HS256 with the public key in PEM as the secret": async () => {
    const secret = new TextEncoder().encode(await exportSPKI(issuer.publicKey));
    return issuer.forged({ aud: server.endpoint }, { alg: "HS256" }, secret);
  },
  "HS256 with the modulus as the secret": async () => {
    const { n = "" } = await exportJWK(issuer.publicKey);
    return issuer.forged({ aud: server.endpoint }, { alg: "HS256" }, base64url.decode(n));
  },
  "another audience": () => forged({ aud: "https://other.example/mcp" }),
  "an audience that begins like this server's": () => forged({ aud: `${server.endpoint}/more` }),
  "no audience": () => forged({ aud: undefined }),
  "another issuer": () => forged({ iss: "https://other.example" }),
  "an issuer with a slash more": () => forged({ iss: `${issuer.url}/` }),
  expired: () => forged({ iat: now() - 120, exp: now() - 60 }),
  "no expiry": () => forged({ exp: undefined }),
  "issued longer ago than tokens count here, whatever its expiry": () =>
    forged({ iat: now() - 3_700, exp: now() + 86_400 }),
  "no time of issue": () => forged({ iat: undefined }),
  "issued in the future": () => forged({ iat: now() + 600, exp: now() + 1_200 }),
  "not valid yet": () => forged({ nbf: now() + 600 }),
  "no subject": () => forged({ sub: undefined }),
  "an empty subject": () => forged({ sub: "" }),
  "a foreign key with the provider's key id": async () => {
    const { privateKey } = await generateKeyPair("RS256");
    return issuer.forged({ aud: server.endpoint }, {}, privateKey);
  },
  "a foreign key that the header brings (jwk)": async () => {
    const { privateKey, publicKey } = await generateKeyPair("RS256");
    return issuer.forged({ aud: server.endpoint }, { jwk: await exportJWK(publicKey) }, privateKey);
  },
  "a foreign certificate at an address in the header (x5u)": async () => {
    const { privateKey } = await generateKeyPair("RS256");
    return issuer.forged({ aud: server.endpoint }, { x5u: "http://127.0.0.1:9/cert.pem" }, privateKey);
  },
  "a foreign certificate in the header (x5c)": async () => {
    const { privateKey } = await generateKeyPair("RS256");
    return issuer.forged({ aud: server.endpoint }, { x5c: ["MIIB"] }, privateKey);
  },
  "an extension that nobody knows (crit)": () =>
    forged({}, { crit: ["http://example.com/x"], "http://example.com/x": 1 }),
  "an ID token in place of an access token": () => forged({ nonce: "n", auth_time: now() }, { typ: "JWT" }),
  "an ID token for the client": () => forged({ aud: "test-client" }, { typ: "JWT" }),
  "a logout token": () => forged({}, { typ: "logout+jwt" }),
  "a payload changed after signing": async () => {
    const [header, , signature] = (await forged()).split(".");
    const payload = {
      iss: issuer.url,
      sub: "root",
      aud: server.endpoint,
      iat: now(),
      exp: now() + 600,
      scope: allScopes,
    };
    return `${header}.${encoded(payload)}.${signature}`;
  },
  "a signature that is empty": async () => (await forged()).replace(/[^.]+$/, ""),
  "a signature that is zero": async () => (await forged()).replace(/[^.]+$/, base64url.encode(new Uint8Array(256))),
  "an encrypted token": () =>
    `${encoded({ alg: "dir", enc: "A256GCM" })}..${"a".repeat(16)}.${"b".repeat(16)}.${"c".repeat(22)}`,
  "a token of its own making": () => "let-me-in",
  "a static token where none are taken": () => `cloudcert_${createHash("sha256").update("x").digest("base64url")}`,
  "a token of 10,000 characters": () => "a".repeat(10_000),
};

/** Right after the keys were read, it may be one that the provider has begun to use since: the client is to try again. */
const unknownKeys: Readonly<Record<string, () => Promise<string>>> = {
  "a foreign key at an address in the header (jku)": async () => {
    const { privateKey } = await generateKeyPair("RS256");
    return issuer.forged({ aud: server.endpoint }, { jku: "http://127.0.0.1:9/jwks", kid: "foreign" }, privateKey);
  },
  "a key id that is a path": () => forged({}, { kid: "../../../../dev/null" }),
  "a key id that is a query": () => forged({}, { kid: "key-1' OR '1'='1" }),
};

describe("a token from a clock that is ahead of the server's", () => {
  it.each([{ iat: () => now() + 60 }, { nbf: () => now() + 60 }])("is told from a bad one: %o", async (times) => {
    const [[name = "", time = now] = []] = Object.entries(times);
    const reply = await post(server.endpoint, listTools, bearer(await forged({ exp: now() + 600, [name]: time() })));
    expect(reply.status).toBe(401);
    expect(await reply.text()).toMatch(
      new RegExp(
        `counts only in (59|60) seconds \\(its ${name}\\) by this server's clock.* clocks is wrong: tell the operator`,
      ),
    );
  });

  it("counts if the clocks are less than five seconds apart", async () => {
    const reply = await post(server.endpoint, listTools, bearer(await forged({ iat: now() + 3, exp: now() + 600 })));
    expect(reply.status).toBe(200);
  });
});

describe("a forged or misused token lets nobody in", () => {
  it.each(Object.entries(unknownKeys))("%s", async (_, make) => {
    const reply = await post(server.endpoint, listTools, bearer(await make()));
    expect([401, 503]).toContain(reply.status);
    expect(reply.headers.get("retry-after")).toBe(reply.status === 503 ? "30" : null);
    expect(await reply.text()).toContain("Nothing was done.");
  });

  it.each(Object.entries(attacks))("%s", async (_, make) => {
    const token = await make();
    const reply = await post(server.endpoint, listTools, bearer(token));
    expect(reply.status).toBe(401);
    expect(reply.headers.get("www-authenticate")).toMatch(/^Bearer error="invalid_token"/);
    const text = await reply.text();
    expect(text).toContain("Nothing was done.");
    expect(text).not.toContain(token);
  });

  it("a token larger than any header", async () => {
    const { status } = await post(server.endpoint, listTools, bearer("a".repeat(20_000)));
    expect(status).toBe(431);
  });

  it.each([
    ["in the query", (token: string) => post(`${server.endpoint}?access_token=${token}`, listTools)],
    ["in a cookie", (token: string) => post(server.endpoint, listTools, { cookie: `access_token=${token}` })],
    ["in the body", (token: string) => post(server.endpoint, { ...listTools, access_token: token })],
    ["by another scheme", (token: string) => post(server.endpoint, listTools, { authorization: `Basic ${token}` })],
    [
      "twice",
      (token: string) => post(server.endpoint, listTools, { authorization: `Bearer ${token}, Bearer ${token}` }),
    ],
  ])("a good one that is sent %s", async (_, send) => {
    const token = await forged();
    const { status } = await send(token);
    expect(status).toBe(401);
    expect(server.lines.join("\n")).not.toContain(token);
  });

  it("unknown key ids ask the provider for its keys once, not once each", async () => {
    const before = issuer.keysAsked();
    for (let id = 0; id < 20; id += 1)
      await post(server.endpoint, listTools, bearer(await forged({}, { kid: `no-${id}` })));
    expect(issuer.keysAsked() - before).toBeLessThanOrEqual(1);
  });

  it("whoever is not let in does not choose what is masked for others", async () => {
    for (const wanted of ["find_certificates", `${encoded("find_certificates")}.find_certificates.find_certificates`])
      expect((await post(server.endpoint, listTools, bearer(wanted))).status).toBe(401);
    const client = await connectTo(server.endpoint, await issuer.token(server.endpoint));
    expect((await client.listTools()).tools.map(({ name }) => name)).toContain("find_certificates");
    await client.close();
  });

  it("no token or part of one was logged", () => {
    expect(server.lines.join("\n")).not.toMatch(/eyJ[A-Za-z0-9_-]{10}/);
  });
});
