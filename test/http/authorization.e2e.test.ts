import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type OAuthClientProvider, UnauthorizedError } from "@modelcontextprotocol/sdk/client/auth.js";
import { Client } from "@modelcontextprotocol/sdk/client/index.js";
import { StreamableHTTPClientTransport } from "@modelcontextprotocol/sdk/client/streamableHttp.js";
import type { OAuthTokens } from "@modelcontextprotocol/sdk/shared/auth.js";
import { expect, it } from "vitest";
import { startIssuer, testClient } from "../support/issuer.js";
import { startTeamServer } from "../support/team-server.js";

/** What a client keeps of its login. */
class Login implements OAuthClientProvider {
  readonly redirectUrl = testClient.redirect_uri;
  readonly clientMetadata = { redirect_uris: [testClient.redirect_uri] };
  /** Where it has sent the person last. */
  sentTo = new URL("about:blank");
  #verifier = "";
  #tokens: OAuthTokens | undefined;

  readonly clientInformation = () => testClient;
  readonly tokens = () => this.#tokens;
  readonly codeVerifier = () => this.#verifier;

  saveTokens(tokens: OAuthTokens): void {
    this.#tokens = tokens;
  }
  saveCodeVerifier(verifier: string): void {
    this.#verifier = verifier;
  }
  redirectToAuthorization(url: URL): void {
    this.sentTo = url;
  }
}

it("the SDK's client, told nothing but the URL, finds the issuer and asks it for what each call needs", async () => {
  const issuer = await startIssuer();
  const rules = join(mkdtempSync(join(tmpdir(), "cloudcert-authorization-")), "rules.yaml");
  writeFileSync(
    rules,
    `people: {bob: "${issuer.url}#bob"}
access: [{who: [everyone], change: [default]}]
approvals: [{ask: [everyone], approve: [bob]}]
`,
  );
  const server = await startTeamServer(["--sandbox", "--issuer", issuer.url, "--rules", rules, "--call-time", "1"]);
  const login = new Login();
  const transport = () => new StreamableHTTPClientTransport(new URL(server.endpoint), { authProvider: login });
  const client = new Client({ name: "told-the-url", version: "1" });
  const asked = () => [
    login.sentTo.origin,
    login.sentTo.searchParams.get("resource"),
    login.sentTo.searchParams.get("scope"),
  ];

  const first = transport();
  await expect(client.connect(first)).rejects.toThrow(UnauthorizedError);
  expect(asked()).toEqual([issuer.url, server.endpoint, "certs:read certs:change"]);
  await first.finishAuth(await issuer.code(login.sentTo, "certs:read"));

  const second = transport();
  await client.connect(second);
  expect((await client.listTools()).tools.map(({ name }) => name)).toContain("find_certificates");
  const change = {
    name: "SetCdnDomainSSLCertificate",
    arguments: { DomainName: "img.example.com", SSLProtocol: "off" },
  };
  login.sentTo = new URL("about:blank");
  await expect(client.callTool(change)).rejects.toThrow(UnauthorizedError);
  expect(asked()).toEqual([issuer.url, server.endpoint, "certs:read certs:change"]);
  await second.finishAuth(await issuer.code(login.sentTo, "certs:read certs:change"));
  // Let in, it is planned and waits for bob.
  await expect(client.callTool(change)).resolves.toMatchObject({ structuredContent: { state: expect.any(String) } });

  await client.close();
  expect(await server.end()).toBe(0);
  await issuer.close();
});
