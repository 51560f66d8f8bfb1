import { join } from "node:path";
import { expect, it } from "vitest";
import { describeWithClients, Host } from "./host.js";

const domain = "play.example.com";

describeWithClients("lego", () => {
  it("obtains and renews a certificate, and the hook serves each", async () => {
    const host = await Host.open();
    const hook = `cloudcert-deploy-hook --ask --settings ${host.settings}`;
    const seen: string[] = [];
    for (const command of [
      () => host.lego([domain], "run", "--run-hook", hook),
      () => host.lego([domain], "renew", "--no-random-sleep", "--renew-hook", hook),
    ]) {
      const { code, out, err } = await host.approved(command());
      expect(code, out + err).toBe(0);
      expect(out + err).not.toContain("PRIVATE KEY");
      const sha256 = host.sha256(join(host.of("lego"), "certificates", `${domain}.crt`));
      expect(await host.served(domain)).toEqual(new Set([sha256]));
      seen.push(sha256);
    }
    expect(new Set(seen).size).toBe(2);
    expect(host.company.done()).toEqual(seen.map(() => `UpdateDomainHttpsCert ${domain}`));
  });

  it("ends as its hook does, has the certificate all the same, and does not call the hook for it again", async () => {
    const host = await Host.open();
    const hook = `cloudcert-deploy-hook --settings ${host.settings}`;
    const { code, out, err } = await host.lego([domain], "run", "--run-hook", hook);
    expect(code).toBe(3);
    expect(out).toContain('"outcome":"needs a person","exit_code":3');
    expect(err).toContain("exit status 3");
    expect(host.sha256(join(host.of("lego"), "certificates", `${domain}.crt`))).toMatch(/^[0-9a-f]{64}$/);
    const again = await host.lego([domain], "renew", "--days", "1", "--renew-hook", hook);
    expect(again.code, again.err).toBe(0);
    expect(again.out).toBe("");
    expect(host.company.done()).toEqual([]);
  });
});
