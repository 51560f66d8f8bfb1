import { beforeEach, describe, expect, it } from "vitest";
import type { Account } from "../../src/sandbox/account.js";
import { alibabaHandlers } from "../../src/sandbox/alibaba-domains.js";
import { CertificateAuthority } from "../../src/sandbox/authority.js";
import { SandboxClock } from "../../src/sandbox/clock.js";
import type { DeliveryDomain } from "../../src/sandbox/delivery.js";
import { seedAlibaba, seededCasIds } from "../../src/sandbox/seed/alibaba.js";
import { issueDemoCertificate } from "../../src/sandbox/seed/demo-certificate.js";
import { SslState } from "../../src/sandbox/tencent-ssl/state.js";
import { caller, inDays, outcomeOf, withoutHuawei } from "./support.js";

type Params = Readonly<Record<string, string>>;

let account: Account;
let call: ReturnType<typeof caller>;
let time: number;

beforeEach(async () => {
  time = Date.now();
  const clock = new SandboxClock(() => time);
  const authority = await CertificateAuthority.create(clock.now());
  const alibaba = await seedAlibaba(authority, clock.now(), await issueDemoCertificate(authority, clock.now()));
  const ssl = new SslState();
  account = { clock, authority, ssl, zones: new Map(), ...alibaba, ...withoutHuawei(), notSwitchedOn: new Set() };
  call = caller(alibabaHandlers, account);
});

const onCdn = (params: Params) => outcomeOf(call("SetCdnDomainSSLCertificate", params));
const onVod = (params: Params) => outcomeOf(call("SetVodDomainSSLCertificate", params));

const img = "img.example.com";

function domain(name: string): DeliveryDomain {
  const found = account.cdn.get(name) ?? account.vod.get(name);
  if (found === undefined) throw new Error(`there is no domain ${name}`);
  return found;
}

/** Parameters that upload a fresh certificate for `names` and set it on `on`. */
async function upload(on: string, names: readonly string[] = [on], toDay = 90) {
  const order = { names, notBefore: inDays(-1), notAfter: inDays(toDay), key: "EC-P256" } as const;
  const { certificatePem, privateKeyPem } = await account.authority.issue(order);
  return { DomainName: on, SSLProtocol: "on", SSLPub: certificatePem, SSLPri: privateKeyPem };
}

const stored = (DomainName: string, more: Params) => ({ DomainName, SSLProtocol: "on", CertType: "cas", ...more });

describe("at the start", () => {
  it("serves an older certificate on two domains and nothing on the third", () => {
    for (const name of [img, "vod.example.com"]) {
      expect(domain(name)).toMatchObject({ https: true, certificate: { name: "img-example-com" } });
    }
    expect(domain(".cdn.example.com").https).toBe(false);
  });
});

describe("an upload", () => {
  it("is served with its key, under the given name or one of the service's own", async () => {
    const params = await upload(img);
    expect(await onCdn({ ...params, CertType: "upload", CertName: "spring" })).toBe("done");
    const certificate = { name: "spring", certificatePem: params.SSLPub, privateKeyPem: params.SSLPri };
    expect(domain(img)).toMatchObject({ https: true, env: "production", certificate });
    expect(await onCdn(await upload(img))).toBe("done");
    expect(domain(img).certificate?.name).toMatch(/^cert-\d+$/);
  });

  it("is refused in the documented order", async () => {
    const good = await upload(img);
    const { SSLPub: _, ...withoutChain } = good;
    const { SSLPri: __, ...withoutKey } = good;
    const elsewhere = { ...good, DomainName: "no.example.com" };
    expect(await onCdn({ ...elsewhere, SSLProtocol: "ON" })).toBe("InvalidSSLProtocol.ValueNotSupported");
    expect(await onCdn({ ...withoutChain, SSLPri: "" })).toBe("SSLPub.MissingParameter");
    expect(await onCdn({ ...withoutKey, CertName: "x".repeat(129) })).toBe("SSLPri.MissingParameter");
    expect(await onCdn({ ...good, SSLPub: "no PEM", CertName: "x".repeat(129) })).toBe("InvalidCertName.TooLong");
    expect(await onCdn({ ...good, SSLPub: "no PEM", SSLPri: "no PEM" })).toBe("InvalidSSLPub");
    expect(await onCdn({ ...elsewhere, SSLPri: "no PEM" })).toBe("InvalidSSLPri");
    expect(await onCdn({ ...elsewhere, SSLPri: (await upload(img)).SSLPri })).toBe("Certificate.MissMatch");
    const old = await upload("no.example.com", ["no.example.com"], -0.5);
    expect(await onCdn(old)).toBe("Certificate.Expired");
    expect(await onCdn({ ...elsewhere, CertName: "img-example-com" })).toBe("CertNameAlreadyExists");
    expect(await onCdn({ ...elsewhere, Env: "test" })).toBe("InvalidDomain.Offline");
    expect(await onCdn({ ...good, Env: "test" })).toBe("InvalidEnv");
    expect(await onCdn({ ...good, CertType: "free" })).toBe("SetDomainCertificate.ParameterError");
    expect(domain(img).certificate?.name).toBe("img-example-com");
  });

  it("takes no name twice in the account, and no content twice on a domain", async () => {
    const params = await upload(img, ["img.example.com", "vod.example.com"]);
    expect(await onCdn({ ...params, CertName: "spring" })).toBe("done");
    expect(await onCdn({ ...params, CertName: "spring" })).toBe("Certificate.Duplicated");
    expect(await onCdn({ ...params, CertName: "summer" })).toBe("CertificateContent.Duplicated");
    expect(await onCdn({ ...(await upload(img)), CertName: "spring" })).toBe("CertNameAlreadyExists");
    expect(await onVod({ ...params, DomainName: "vod.example.com", CertName: "summer" })).toBe("done");
  });

  it("stores nothing when it is refused", async () => {
    const params = { ...(await upload(img)), CertName: "spring" };
    expect(await onCdn({ ...params, Env: "test" })).toBe("InvalidEnv");
    expect(await onCdn(params)).toBe("done");
  });

  it.each([
    [["*.cdn.example.com"], "done"],
    [["cdn.example.com"], "SetDomainCertificate.ParameterError"],
    [["*.example.com"], "SetDomainCertificate.ParameterError"],
  ])("of %j on a domain with a leading dot gives %s", async (names, outcome) => {
    expect(await onCdn(await upload(".cdn.example.com", names))).toBe(outcome);
  });

  it("can be set again by number once it is stored", async () => {
    await onCdn({ ...(await upload(img)), CertName: "spring" });
    const CertId = domain(img).certificate?.id ?? "";
    await onCdn({ DomainName: img, SSLProtocol: "off" });
    expect(await onCdn(stored(img, { CertId }))).toBe("done");
    expect(domain(img).certificate?.name).toBe("spring");
  });
});

describe("a stored certificate", () => {
  const abroad = { CertRegion: "ap-southeast-1", CertId: seededCasIds["ap-southeast-1"] };

  it("is found by number or by name, in its region", async () => {
    expect(await onCdn(stored(img, { CertId: seededCasIds["cn-hangzhou"] }))).toBe("done");
    expect(domain(img).certificate?.name).toBe("img-example-com-next");
    expect(await onVod(stored("vod.example.com", { CertName: "img-example-com-next" }))).toBe("done");
    expect(await onCdn(stored(".cdn.example.com", abroad))).toBe("done");
    expect(domain(".cdn.example.com").certificate?.id).toBe(abroad.CertId);
  });

  it("is refused when it is not named, not there, or not fit", async () => {
    expect(await onCdn(stored(img, {}))).toBe("CertName.MissingParameter");
    expect(await onCdn(stored(img, { CertName: "x".repeat(129) }))).toBe("InvalidCertName.TooLong");
    expect(await onCdn(stored(img, { ...abroad, CertRegion: "mars" }))).toBe("Abs.CertRegion.ValueNotSupported");
    expect(await onCdn(stored(img, { ...abroad, CertRegion: "cn-hangzhou" }))).toBe("Certificate.NotFind");
    expect(await onCdn(stored(img, { CertName: "nothing" }))).toBe("Certificate.NotFind");
    expect(await onCdn(stored(".cdn.example.com", { CertName: "img-example-com" }))).toBe(
      "SetDomainCertificate.ParameterError",
    );
    time += 200 * 24 * 3600 * 1000;
    expect(await onCdn(stored(img, { CertId: seededCasIds["cn-hangzhou"] }))).toBe("Certificate.Expired");
  });
});

describe("switching off", () => {
  it("leaves no certificate, and can be repeated", async () => {
    expect(await onCdn({ DomainName: img, SSLProtocol: "off" })).toBe("done");
    expect(await onCdn({ DomainName: img, SSLProtocol: "off" })).toBe("done");
    expect(domain(img)).toMatchObject({ https: false, certificate: undefined });
  });

  it("needs a domain of the service", async () => {
    expect(await onCdn({ SSLProtocol: "off" })).toBe("MissingDomainName");
    expect(await onCdn({ DomainName: "vod.example.com", SSLProtocol: "off" })).toBe("InvalidDomain.Offline");
    expect(await onVod({ DomainName: img, SSLProtocol: "off" })).toBe("DomainOwnerVerifyFail");
  });
});

describe("Env", () => {
  it("tells a phased rollout; VOD takes any other value as a normal one", async () => {
    expect(await onCdn({ ...(await upload(img)), Env: "staging" })).toBe("done");
    expect(domain(img).env).toBe("staging");
    expect(await onVod({ ...(await upload("vod.example.com")), Env: "test" })).toBe("done");
    expect(domain("vod.example.com").env).toBe("production");
  });
});
