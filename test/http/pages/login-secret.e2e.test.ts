import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it } from "vitest";
import { freePort } from "../../support/ports.js";
import { startTeamServer } from "../../support/team-server.js";
import { clientId, clientSecret, startProvider } from "./provider.js";
import { describeWithBrowsers, logIn } from "./support.js";

describeWithBrowsers("the secret of the pages' client", (people) => {
  it("is read again for each login, and the log says if the provider refuses it", async () => {
    await using provider = await startProvider();
    const file = join(mkdtempSync(join(tmpdir(), "cloudcert-login-")), "secret");
    writeFileSync(file, clientSecret);
    const port = await freePort();
    const origin = `http://127.0.0.1:${port}`;
    provider.addClient(new URL(origin));
    const login = ["--issuer", provider.issuer.origin, "--login-client", clientId, "--login-secret", `file:${file}`];
    const server = await startTeamServer(["--sandbox", ...login, "--public-url", origin], { port });
    try {
      const enter = async (says: string) => {
        const tab = await people.browser();
        await logIn(tab, `${origin}/approvals`, "bob");
        await tab.getByText(says).waitFor();
      };
      await enter("Nothing waits for you.");
      provider.changeSecret("another-secret-of-the-pages");
      await enter("The identity provider does not answer as it should.");
      expect(await server.logged("a login was not completed")).toContain("refuses --login-client or --login-secret");
      writeFileSync(file, "another-secret-of-the-pages");
      await enter("Nothing waits for you.");
      writeFileSync(file, "");
      await enter("Nothing waits for you.");
      await server.logged("--login-secret: ");
      expect(server.lines.join("\n")).not.toContain("secret-of-the-pages");
    } finally {
      await server.end();
    }
  });
});
