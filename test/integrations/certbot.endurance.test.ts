import { join } from "node:path";
import { expect, it } from "vitest";
import { describeWithClients, Host } from "./host.js";

const hook = ({ settings }: Host) => `cloudcert-deploy-hook --settings ${settings}`;

describeWithClients("certbot", () => {
  it("obtains and renews a certificate, and the hook serves each where it covers a domain", async () => {
    const host = await Host.open();
    const lineage = join(host.of("certbot"), "config/live/img");
    const seen: string[] = [];
    for (const command of [() => host.obtain("img", ["img.example.com"], hook(host)), () => host.certbot("renew")]) {
      const [ended] = await Promise.all([command(), host.approval()]);
      expect(ended.code, ended.stderr).toBe(0);
      expect(ended.stdout + ended.stderr).not.toMatch(/error code|PRIVATE KEY/);
      const sha256 = host.sha256(join(lineage, "fullchain.pem"));
      expect(await host.served("img.example.com")).toEqual(new Set([sha256]));
      seen.push(sha256);
    }
    expect(new Set(seen).size).toBe(2);
    expect(host.company.done()).toEqual(seen.map(() => "SetCdnDomainSSLCertificate img.example.com"));
  });
});
