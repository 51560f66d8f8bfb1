import { createServer } from "node:http";
import { generateKeyPair, SignJWT } from "jose";
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from "vitest";
import { AccessTokens } from "../../src/identity/access-tokens.js";
import { Issuer, isAddressOf } from "../../src/identity/issuer.js";
import { NotAdmitted } from "../../src/identity/token.js";
import { startIssuer } from "../support/issuer.js";
import { closedPort, listen } from "../support/ports.js";

const audience = "https://certs.example.com/mcp";

const tokensOf = (issuer: Issuer) =>
  new AccessTokens({
    issuer,
    audience,
    type: "at+jwt",
    lifetime: 3_600_000,
    groupsClaim: "groups",
    now: () => new Date(),
  });

const { privateKey } = await generateKeyPair("RS256");

describe("what an access token says of its person", () => {
  let issuer: Awaited<ReturnType<typeof startIssuer>>;
  beforeAll(async () => {
    issuer = await startIssuer();
  });
  afterAll(() => issuer.close());

  async function admitted(claims: Record<string, unknown>) {
    const tokens = tokensOf(new Issuer(issuer.url, Date.now, () => {}));
    return tokens.check(await issuer.forged({ aud: audience, ...claims }));
  }

  it.each([
    ["fills no plan", `Bob ${"x".repeat(5_000)}`, /^Bob x{90,}… \(5,?004 characters\)$/],
    ["hides nothing and turns nothing around", "Bob\u202e\n(id)", /^Bob<U\+202E><U\+000A>\(id\)$/],
  ])("%s: they may have chosen the name themselves", async (_, name, shown) => {
    expect((await admitted({ name })).person.name).toMatch(shown);
  });

  it("is no id with a line break, which would be another line of a log", async () => {
    await expect(admitted({ sub: "alice\nbob" })).rejects.toThrow(NotAdmitted);
  });
});

describe("an identity provider whose metadata or keys cannot be used", () => {
  /** An issuer that answers as a test wants; `url` is known before. */
  async function answering(answer: (url: string, path: string) => unknown) {
    const asked: string[] = [];
    const server = createServer(({ url: path = "" }, response) => {
      asked.push(path);
      const given = answer(url, path);
      response.writeHead(given === undefined ? 404 : 200).end(JSON.stringify(given));
    });
    const url = `http://127.0.0.1:${await listen(server)}`;
    onTestFinished(() => void server.close());
    return { url, asked };
  }

  const refusalOf = async (url: string, log: string[] = []) => {
    const token = await new SignJWT({}).setProtectedHeader({ alg: "RS256", kid: "any" }).sign(privateKey);
    return tokensOf(new Issuer(url, Date.now, (line) => log.push(line)))
      .check(token)
      .catch((error: unknown) => error);
  };

  it("is not asked for keys at an address without TLS that is not this computer's", async () => {
    const log: string[] = [];
    const { url } = await answering((issuer) => ({ issuer, jwks_uri: "http://keys.example.com/jwks" }));
    expect(await refusalOf(url, log)).toMatchObject({
      why: "unavailable",
      message: expect.stringContaining("cannot be used"),
    });
    expect(log.join()).toContain("without TLS");
  });

  it.each([
    ["https", "http://localhost:1/jwks", false],
    ["https", "https://keys.example.com/jwks", true],
    ["http", "http://localhost:1/jwks", true],
    ["http", "http://keys.example.com/jwks", false],
  ])("an issuer at %s, keys at %s: %s", (scheme, keys, may) => {
    expect(isAddressOf(new URL(`${scheme}://localhost`), new URL(keys))).toBe(may);
  });

  it.each([
    ["of another issuer", () => ({ issuer: "https://other.example.com", jwks_uri: "https://other.example.com/jwks" })],
    ["without keys", (issuer: string) => ({ issuer })],
    ["nowhere", () => undefined],
    [
      "whose keys are none",
      (issuer: string, path: string) => (path === "/jwks" ? { none: true } : { issuer, jwks_uri: `${issuer}/jwks` }),
    ],
  ])("is told apart from one that does not answer: metadata %s", async (_, answer) => {
    const { url } = await answering(answer);
    const log: string[] = [];
    expect(await refusalOf(url, log)).toMatchObject({ message: expect.stringContaining("cannot be used") });
    expect(log).toHaveLength(1);
    expect(await refusalOf(`http://127.0.0.1:${closedPort}`)).toMatchObject({
      message: expect.stringContaining("does not answer"),
    });
  });
});

describe("a key that is not among the issuer's", () => {
  it("is the token's fault if they were read for it, and is asked for later if they were read just before", async () => {
    const issuer = await startIssuer();
    onTestFinished(issuer.close);
    const token = await issuer.forged({ aud: audience }, { kid: "key-2" });
    const tokens = tokensOf(new Issuer(issuer.url, Date.now, () => {}));
    await expect(tokens.check(token)).rejects.toMatchObject({ why: "invalid" });
    await expect(tokens.check(token)).rejects.toMatchObject({ why: "unavailable", retryAfter: 30 });
    expect(issuer.keysAsked()).toBe(1);
  });
});
