import { beforeEach, describe, expect, it } from "vitest";
import type { Account } from "../../src/sandbox/account.js";
import { CertificateAuthority } from "../../src/sandbox/authority.js";
import { SandboxClock } from "../../src/sandbox/clock.js";
import { huaweiProjectId } from "../../src/sandbox/credentials.js";
import { huaweiHandlers } from "../../src/sandbox/huawei-live.js";
import { issueDemoCertificate } from "../../src/sandbox/seed/demo-certificate.js";
import { seededScmId, seedHuawei } from "../../src/sandbox/seed/huawei.js";
import { SslState } from "../../src/sandbox/tencent-ssl/state.js";
import { caller, hasOpenssl, inDays, outcomeOf, sm2Certificate, withoutAlibaba } from "./support.js";

let account: Account;
let call: ReturnType<typeof caller>;

beforeEach(async () => {
  const clock = new SandboxClock();
  const authority = await CertificateAuthority.create(clock.now());
  const huawei = await seedHuawei(authority, clock.now(), await issueDemoCertificate(authority, clock.now()));
  const ssl = new SslState();
  account = { clock, authority, ssl, zones: new Map(), ...withoutAlibaba(), ...huawei };
  call = caller(huaweiHandlers, account);
});

const illegal = "LIVE.100011001";
const play = "play.example.com";
const domain = () => account.live.get(play);

const update = (params: Readonly<Record<string, unknown>>) =>
  outcomeOf(call("UpdateDomainHttpsCert", { project_id: huaweiProjectId, domain: play, ...params }));

async function pem(names: readonly string[] = [play], toDay = 90) {
  const order = { names, notBefore: inDays(-9), notAfter: inDays(toDay), key: "EC-P256" } as const;
  const { certificatePem, privateKeyPem } = await account.authority.issue(order);
  return { certificate: certificatePem, certificate_key: privateKeyPem };
}

describe("the certificate", () => {
  it("is taken as a pair, and redirection is off unless asked for", async () => {
    const pair = await pem();
    expect(await update({ ...pair, certificate_format: "PEM", force_redirect: true })).toBe("done");
    const certificate = { certificatePem: pair.certificate, privateKeyPem: pair.certificate_key };
    expect(domain()).toMatchObject({ https: true, forceRedirect: true, certificate });
    expect(await update(await pem(["*.example.com"]))).toBe("done");
    expect(domain()?.forceRedirect).toBe(false);
  });

  it("is taken from tls_certificate before the pair", async () => {
    const inside = await pem();
    expect(await update({ certificate: "ignored", certificate_key: "ignored", tls_certificate: inside })).toBe("done");
    expect(domain()?.certificate?.certificatePem).toBe(inside.certificate);
    expect(await update({ tls_certificate: { ...inside, source: "user", cert_name: "spring" } })).toBe("done");
    expect(domain()?.certificate?.name).toBe("spring");
  });

  it("can come from Cloud Certificate Manager", async () => {
    expect(await update({ tls_certificate: { source: "scm", cert_id: seededScmId } })).toBe("done");
    expect(domain()?.certificate?.id).toBe(seededScmId);
    expect(await update({ tls_certificate: { source: "scm", cert_id: "scs1" } })).toBe(illegal);
    expect(await update({ tls_certificate: { source: "scm" } })).toBe(illegal);
  });

  it("must be usable", async () => {
    const good = await pem();
    const before = { ...domain() };
    expect(await update({})).toBe(illegal);
    expect(await update({ certificate: good.certificate })).toBe(illegal);
    expect(await update({ tls_certificate: {} })).toBe(illegal);
    expect(await update({ ...good, certificate: "no PEM" })).toBe(illegal);
    expect(await update({ ...good, certificate_key: "no PEM" })).toBe(illegal);
    expect(await update({ ...good, certificate_key: (await pem()).certificate_key })).toBe(illegal);
    expect(await update(await pem([play], -1))).toBe(illegal);
    expect(await update(await pem(["other.example.com"]))).toBe(illegal);
    expect(domain()).toEqual(before);
  });
});

describe.runIf(hasOpenssl)("the SM certificates", () => {
  const gm = (sign: ReturnType<typeof sm2Certificate>, enc: ReturnType<typeof sm2Certificate>) => ({
    sign_certificate: sign.certificatePem,
    sign_certificate_key: sign.privateKeyPem,
    enc_certificate: enc.certificatePem,
    enc_certificate_key: enc.privateKeyPem,
  });

  it("stand alone or beside the international one", async () => {
    const [sign, enc] = [sm2Certificate(play), sm2Certificate(play)];
    expect(await update({ gm_certificate: gm(sign, enc) })).toBe("done");
    expect(domain()).toMatchObject({ https: true, certificate: undefined, smCertificates: { sign, enc } });
    expect(await update({ ...(await pem()), gm_certificate: gm(sign, enc) })).toBe("done");
    expect(domain()).toMatchObject({
      certificate: { certificatePem: expect.any(String) },
      smCertificates: { sign, enc },
    });
  });

  it("are two whole pairs of SM2", async () => {
    const [sign, enc] = [sm2Certificate(play), sm2Certificate(play)];
    expect(await update({ gm_certificate: { ...gm(sign, enc), enc_certificate_key: undefined } })).toBe(illegal);
    expect(await update({ gm_certificate: { ...gm(sign, enc), enc_certificate_key: sign.privateKeyPem } })).toBe(
      illegal,
    );
    const { certificate, certificate_key } = await pem();
    const international = { certificatePem: certificate, privateKeyPem: certificate_key };
    expect(await update({ gm_certificate: gm(international, international) })).toBe(illegal);
    expect(await update({ certificate: sign.certificatePem, certificate_key: sign.privateKeyPem })).toBe(illegal);
    expect(await update({ gm_certificate: { source: "scm", cert_id: seededScmId } })).toBe(illegal);
  });
});

describe("domain and project", () => {
  it("must be the account's", async () => {
    const pair = await pem();
    expect(await update({ ...pair, domain: "other.example.com" })).toBe("LIVE.103011019");
    expect(await update({ ...pair, project_id: "another" })).toBe("LIVE.100011003");
  });
});
