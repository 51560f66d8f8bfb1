import { join } from "node:path";
import { expect, it } from "vitest";
import { describeWithClients, Host } from "./host.js";

/** certbot ends well whatever its hook does (its documentation: "A failing hook doesn't directly cause Certbot to exit"). */
const told = (code: number) => `Hook 'deploy-hook' reported error code ${code}`;
const hookOf = ({ settings }: Host, ...more: string[]) =>
  ["cloudcert-deploy-hook", ...more, "--settings", settings].join(" ");
const chainOf = (host: Host, name: string) => join(host.of("certbot"), "config/live", name, "fullchain.pem");

describeWithClients("certbot", () => {
  it("obtains and renews a certificate, and the hook serves each where it covers a domain", async () => {
    const host = await Host.open();
    const seen: string[] = [];
    for (const command of [
      () => host.obtain("img", ["img.example.com"], hookOf(host, "--ask")),
      () => host.certbot("renew"),
    ]) {
      const { code, out, err } = await host.approved(command());
      expect(code, err).toBe(0);
      expect(out + err).not.toMatch(/error code|PRIVATE KEY/);
      const sha256 = host.sha256(chainOf(host, "img"));
      expect(await host.served("img.example.com")).toEqual(new Set([sha256]));
      seen.push(sha256);
    }
    expect(new Set(seen).size).toBe(2);
    expect(host.company.done()).toEqual(seen.map(() => "SetCdnDomainSSLCertificate img.example.com"));
  });

  it("has a directory for a certificate whose name has characters that shells, JSON and URIs read", async () => {
    const host = await Host.open();
    const name = `it's "one" $(id) %41; ü&\\n,file:x`;
    const { code, err } = await host.approved(host.obtain(name, ["img.example.com"], hookOf(host, "--ask")));
    expect(code, err).toBe(0);
    expect(err).not.toContain("error code");
    expect(await host.served("img.example.com")).toEqual(new Set([host.sha256(chainOf(host, name))]));
  });

  it("renews a certificate with a name less: the domain that it no longer covers keeps what it has", async () => {
    const host = await Host.open();
    const both = ["img.example.com", "app.example.com"];
    await host.approved(host.obtain("shop", both, hookOf(host, "--ask")));
    const first = host.sha256(chainOf(host, "shop"));
    for (const domain of both) expect(await host.served(domain)).toEqual(new Set([first]));

    const fewer = ["--cert-name", "shop", "--domains", "img.example.com"];
    const again = ["--renew-with-new-domains", "--deploy-hook", hookOf(host, "--ask")];
    const renewed = await host.approved(host.certbot("certonly", "--standalone", ...fewer, ...again));
    expect(renewed.code, renewed.err).toBe(0);
    expect(await host.served("img.example.com")).toEqual(new Set([host.sha256(chainOf(host, "shop"))]));
    expect(await host.served("app.example.com")).toEqual(new Set([first]));
  });

  it("says what the hook left for a person, with the plan, and has renewed all the same", async () => {
    const host = await Host.open();
    const { code, out, err } = await host.obtain("img", ["img.example.com"], hookOf(host));
    expect(code, err).toBe(0);
    expect(err).toContain(told(3));
    expect(out + err).toContain("img.example.com");
    expect(out + err).toContain('"outcome":"needs a person"');
    expect(host.company.done()).toEqual([]);
    expect(host.sha256(chainOf(host, "img"))).toMatch(/^[0-9a-f]{64}$/);
  });
});
