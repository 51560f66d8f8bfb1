import { createRequire } from "node:module";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { permanentCredentials, type SandboxCredential, temporaryCredentials } from "../../src/sandbox/credentials.js";
import { type Sandbox, startSandbox } from "../../src/sandbox/server.js";

/** The vendor's SDK for DCDN judges the sandbox: what it signs is accepted, what comes back it understands. */

const require = createRequire(import.meta.url);
const dcdnSdk: typeof import("@alicloud/dcdn20180115", { with: { "resolution-mode": "require" }}) =
  require("@alicloud/dcdn20180115");

let sandbox: Sandbox;
beforeAll(async () => {
  sandbox = await startSandbox();
});
afterAll(() => sandbox.close());

type Params = Readonly<Record<string, unknown>>;

describe("@alicloud/dcdn20180115", () => {
  const clientFor = ({ id, secret, token }: SandboxCredential) =>
    new dcdnSdk.default({
      accessKeyId: id,
      accessKeySecret: secret,
      ...(token !== undefined && { securityToken: token }),
      endpoint: new URL(sandbox.endpoints["alibaba-dcdn"]).host,
      protocol: "HTTP",
      // The SDK's own configuration class is in a package that this project does not name as its dependency.
      toMap: () => ({}),
    });
  const set = (credential: SandboxCredential, params: Params) =>
    clientFor(credential).setDcdnDomainSSLCertificate(new dcdnSdk.SetDcdnDomainSSLCertificateRequest(params));
  const app = () => sandbox.account.dcdn.get("app.example.com");

  it("uploads a certificate with its key, with parameters in the query", async () => {
    const now = Date.now();
    const { certificatePem, privateKeyPem } = await sandbox.account.authority.issue({
      names: ["app.example.com"],
      notBefore: new Date(now - 1000),
      notAfter: new Date(now + 1e9),
      key: "EC-P256",
    });
    const { body } = await set(temporaryCredentials.alibaba, {
      domainName: "app.example.com",
      SSLProtocol: "on",
      certType: "upload",
      certName: "app, next",
      SSLPub: certificatePem,
      SSLPri: privateKeyPem,
      env: "staging",
    });
    expect(body?.requestId).toMatch(/^[0-9a-f-]{36}$/);
    expect(app()).toMatchObject({ https: true, env: "staging", certificate: { name: "app, next", privateKeyPem } });
  });

  it("lists domains and their certificates, under the names of this product", async () => {
    const client = clientFor(permanentCredentials.alibaba);
    const { body: all } = await client.describeDcdnUserDomains(
      new dcdnSdk.DescribeDcdnUserDomainsRequest({ pageNumber: 1, pageSize: 500 }),
    );
    expect(all?.domains?.pageData?.map(({ domainName, SSLProtocol }) => [domainName, SSLProtocol])).toEqual([
      ["app.example.com", "on"],
    ]);
    const { body: https } = await client.describeDcdnHttpsDomainList(
      new dcdnSdk.DescribeDcdnHttpsDomainListRequest({ pageNumber: 1, pageSize: 500 }),
    );
    expect(https?.certInfos?.certInfo).toMatchObject([
      { domainName: "app.example.com", certExpireTime: expect.stringMatching(/^[-\d]{10} [:\d]{8}$/) },
    ]);
    const ask = (domainName: string) =>
      client.describeDcdnDomainCertificateInfo(new dcdnSdk.DescribeDcdnDomainCertificateInfoRequest({ domainName }));
    expect((await ask("app.example.com")).body?.certInfos?.certInfo).toMatchObject([
      { certName: "app, next", SSLProtocol: "on", SSLPub: expect.stringContaining("BEGIN CERTIFICATE") },
    ]);
    await expect(ask("no.example.com")).rejects.toMatchObject({ code: "InvalidDomain.NotFound" });
  });

  it("hears that no domain has HTTPS, and that the product was never switched on", async () => {
    await set(permanentCredentials.alibaba, { domainName: "app.example.com", SSLProtocol: "off" });
    expect(app()?.https).toBe(false);
    const list = () =>
      clientFor(permanentCredentials.alibaba).describeDcdnHttpsDomainList(
        new dcdnSdk.DescribeDcdnHttpsDomainListRequest({}),
      );
    await expect(list()).rejects.toMatchObject({ code: "NoHttpsDomain" });
    sandbox.account.notSwitchedOn.add("alibaba-dcdn");
    await expect(list()).rejects.toMatchObject({ code: "DcdnServiceNotFound" });
    sandbox.account.notSwitchedOn.clear();
  });

  it("hears of a wrong secret", async () => {
    const { secret } = permanentCredentials.alibaba;
    const wrong = {
      ...permanentCredentials.alibaba,
      secret: `${secret.slice(0, -1)}${secret.endsWith("x") ? "y" : "x"}`,
    };
    const answer = set(wrong, { domainName: "app.example.com", SSLProtocol: "off" });
    await expect(answer).rejects.toMatchObject({ code: "SignatureDoesNotMatch" });
  });
});
