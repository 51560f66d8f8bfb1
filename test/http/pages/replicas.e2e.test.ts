import { generateKeyPairSync, randomBytes } from "node:crypto";
import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { runTokens } from "../../../src/identity/tokens-command.js";
import { freePort } from "../../support/ports.js";
import { postgresBin, usePostgres } from "../../support/postgres.js";
import { connectTo, startTeamServer, type TeamServer } from "../../support/team-server.js";
import { wide } from "../../support/width.js";
import { clientId, clientSecret, startProvider, type TestProvider } from "./provider.js";
import { describeWithBrowsers, heading, logIn } from "./support.js";

/** Two processes of the built server on one database: who asks at one is answered at the other. */
describe.skipIf(postgresBin === undefined)("two processes on one database", () => {
  const postgres = usePostgres();
  describeWithBrowsers("and people at either of them", (people) => {
    let provider: TestProvider;
    const servers: TeamServer[] = [];
    let aliceToken = "";
    let url = "";

    beforeAll(async () => {
      provider = await startProvider();
      const folder = mkdtempSync(join(tmpdir(), "cloudcert-pages-"));
      const file = (name: string, content: string) => {
        writeFileSync(join(folder, name), content, { mode: 0o600 });
        return join(folder, name);
      };
      const issuer = provider.issuer.origin;
      const rules = file(
        "rules.yaml",
        `
people: { alice: ["token:alice", "${issuer}#alice"], bob: "${issuer}#bob", carol: "${issuer}#carol", dora: "${issuer}#dora" }
groups: { approvers: { people: [bob, carol, dora] } }
access: [{ who: [alice], change: ["*"] }]
approvals:
  - { operations: [DeleteCertificate], ask: [alice], approve: [approvers], approvers: 2 }
  - { ask: [alice], approve: [approvers] }
`,
      );
      const tokens = join(folder, "tokens.json");
      const add = ["add", "alice", "--tokens", tokens, "--scopes", "certs:read,certs:change"];
      const out = {
        write: (token: string) => {
          aliceToken = token.trim();
        },
        failure: async () => undefined,
      };
      expect(await runTokens(add, {}, { out, err: { write: () => {} } })).toBe(0);
      url = await postgres().freshUrl();
      const env = { STATE_KEY: randomBytes(32).toString("base64"), LOGIN_SECRET: clientSecret, DATABASE: url };
      for (let number = 0; number < 2; number += 1) {
        const port = await freePort();
        const origin = `http://127.0.0.1:${port}`;
        provider.addClient(new URL(origin));
        const login = ["--issuer", issuer, "--login-client", clientId, "--login-secret", "env:LOGIN_SECRET"];
        const state = ["--database", "env:DATABASE", "--state-key", "env:STATE_KEY"];
        const args = ["--sandbox", ...login, ...state, "--tokens", tokens, "--rules", rules, "--public-url", origin];
        servers.push(await startTeamServer(args, { port, env }));
      }
    });
    afterAll(async () => {
      for (const server of servers) expect(await server.end()).toBe(0);
      await provider[Symbol.asyncDispose]();
    });

    it("a call that waits at one goes on when its team has decided at the other", wide, async () => {
      const [one, other] = servers;
      if (one === undefined || other === undefined) throw new Error("no servers");
      const client = await connectTo(one.endpoint, aliceToken, "a desktop client");
      const call = client.callTool({
        name: "ModifyCertificateAlias",
        arguments: { CertificateId: "fpIhH9PM", Alias: "storefront, new" },
      });
      const bob = await people.browser();
      await logIn(bob, `${other.origin}/approvals`, "bob");
      const link = bob.getByRole("link", { name: "Rename certificate fpIhH9PM" });
      while ((await link.count()) === 0) await bob.reload();
      await link.click();
      await bob.getByText('with a client that calls itself "a desktop client"').waitFor();
      await bob.getByRole("button", { name: "Approve" }).click();
      await bob.getByText(/^Bob \(.*\) approved at/).waitFor();
      const { isError } = await call;
      expect(isError ?? false).toBe(false);
      await client.close();
    });

    it("whoever only begins a login leaves nothing in the database, and ends it at either of them", async () => {
      const [one, other] = servers;
      if (one === undefined || other === undefined) throw new Error("no servers");
      const kept = () => postgres().query("SELECT digest FROM cloudcert.page_record", url);
      const before = await kept();
      for (const path of ["/login", "/login?again=1", "/approvals", "/upload"]) {
        const begun = await fetch(`${one.origin}${path}`, { redirect: "manual" });
        expect(begun.status).toBe(302);
        const [cookie = ""] = (begun.headers.get("set-cookie") ?? "").split(";");
        const state = new URL(begun.headers.get("location") ?? "").searchParams.get("state");
        const back = `/login/callback?state=${state}&code=made-up&iss=${provider.issuer.origin}`;
        for (const { origin } of [one, other])
          expect((await fetch(`${origin}${back}`, { headers: { cookie } })).status).toBe(400);
      }
      expect(await kept()).toEqual(before);
    });

    it("what somebody uploads at one is in their vault at the other, and in nobody else's", wide, async () => {
      const [one, other] = servers;
      if (one === undefined || other === undefined) throw new Error("no servers");
      const { privateKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
      const pem = privateKey.export({ type: "pkcs8", format: "pem" }).toString();
      const tab = await people.browser();
      await logIn(tab, `${other.origin}/upload`, "alice");
      await tab
        .getByLabel("File in PEM or DER")
        .setInputFiles({ name: "site.key", mimeType: "text/plain", buffer: Buffer.from(pem) });
      await tab.getByRole("button", { name: "Upload" }).click();
      await heading(tab, "Uploaded");
      const reference = await tab.locator("code").innerText();
      expect(reference).toMatch(/^vault:[\w-]{22}$/);
      // By her token she is the same person to the rules.
      const client = await connectTo(one.endpoint, aliceToken);
      const { content } = await client.callTool({ name: "list_vault", arguments: {} });
      expect(JSON.stringify(content)).toContain(reference);
      expect(JSON.stringify(content)).not.toContain(pem.split("\n")[1]);
      await client.close();
      for (const server of servers) expect(server.lines.join("\n")).not.toContain(pem.split("\n")[1]);
      const bob = await people.browser();
      await logIn(bob, `${one.origin}/upload`, "bob");
      await heading(bob, "Nothing here for you");
    });
  });
});
