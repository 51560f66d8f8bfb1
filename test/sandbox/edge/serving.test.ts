import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { plainDomain } from "../../../src/sandbox/delivery.js";
import { hasOpenssl, sm2Certificate } from "../support.js";
import { EdgeFixture } from "./fixture.js";
import { visit } from "./visitor.js";

let fixture: EdgeFixture;
beforeEach(async () => {
  fixture = await EdgeFixture.open();
});
afterEach(() => fixture.sandbox.close());

const nobody = [undefined, undefined, undefined];
const everywhere = (fingerprint: string) => [fingerprint, fingerprint, fingerprint];
const account = () => fixture.sandbox.account;

describe("at the start", () => {
  it.each([
    ["EdgeOne", "www.example.com"],
    ["Alibaba CDN", "img.example.com"],
    ["Alibaba VOD", "vod.example.com"],
    ["Huawei Live", "play.example.com"],
    ["Tencent Cloud's own CDN", "static.example.com"],
  ])("%s serves the old wildcard of the SSL service everywhere", async (_service, name) => {
    expect(await fixture.served(name)).toEqual(everywhere(fixture.seeded("storefront").fingerprint));
    expect(await fixture.served(name.toUpperCase())).toEqual(everywhere(fixture.seeded("storefront").fingerprint));
  });

  it("sends the whole chain, the leaf first, over both versions of TLS", async () => {
    const [first] = fixture.sandbox.edge.addresses;
    for (const maxVersion of ["TLSv1.2", "TLSv1.3"] as const) {
      const met = await visit(fixture.sandbox, first?.port ?? 0, "www.example.com", { maxVersion });
      expect(met).toMatchObject({
        chain: ["CN=example.com", "O=Cloudcert Sandbox\nCN=Cloudcert Sandbox Issuing CA"],
      });
    }
  });

  it.each([
    ["a name that nobody has", "nobody.example.org"],
    ["one that only a certificate covers", "other.example.com"],
    ["a wildcard domain whose HTTPS is off", "a.cdn.example.com"],
    ["a host whose HTTPS is off, though a load balancer behind it has a certificate", "shop.example.com"],
  ])("refuses the handshake for %s", async (_what, name) => {
    for (const { port } of fixture.sandbox.edge.addresses) {
      expect(await visit(fixture.sandbox, port, name)).toEqual({ refused: "ERR_SSL_TLSV1_UNRECOGNIZED_NAME" });
    }
  });

  it("refuses the handshake without a name", async () => {
    for (const { port } of fixture.sandbox.edge.addresses) {
      // OpenSSL 3.5 calls the alert SSL/TLS_ALERT_HANDSHAKE_FAILURE, 3.0 calls it SSLV3_ALERT_HANDSHAKE_FAILURE.
      expect(await visit(fixture.sandbox, port, undefined)).toEqual({
        refused: expect.stringMatching(/ALERT_HANDSHAKE_FAILURE$/),
      });
    }
  });
});

describe("what a domain is told", () => {
  it("is served for Alibaba CDN, VOD and Huawei Live", async () => {
    const next = await fixture.issue(["*.example.com"]);
    await fixture.alibabaUpload("Cdn", "img.example.com", next);
    await fixture.alibabaUpload("Vod", "vod.example.com", next);
    await fixture.huawei("play.example.com", { certificate: next.certificatePem, certificate_key: next.privateKeyPem });
    fixture.settleDown();
    for (const name of ["img", "vod", "play"]) {
      expect(await fixture.served(`${name}.example.com`)).toEqual(everywhere(next.fingerprint));
    }
  });

  it("is served for each name one label below a domain with a leading dot, but for those that have their own", async () => {
    account().cdn.set("own.cdn.example.com", plainDomain("own.cdn.example.com", account().clock.now()));
    const wildcard = await fixture.issue(["*.cdn.example.com"]);
    const own = await fixture.issue(["own.cdn.example.com"]);
    await fixture.alibabaUpload("Cdn", ".cdn.example.com", wildcard);
    fixture.settleDown();
    expect(await fixture.served("a.cdn.example.com")).toEqual(everywhere(wildcard.fingerprint));
    expect(await fixture.served("b.cdn.example.com")).toEqual(everywhere(wildcard.fingerprint));
    for (const name of ["own.cdn.example.com", "a.b.cdn.example.com", "cdn.example.com"]) {
      expect(await fixture.served(name)).toEqual(nobody);
    }
    await fixture.alibabaUpload("Cdn", "own.cdn.example.com", own);
    fixture.settleDown();
    expect(await fixture.served("own.cdn.example.com")).toEqual(everywhere(own.fingerprint));
  });

  it("is RSA or ECDSA on an EdgeOne host that has both, by what the visitor takes", async () => {
    const names = ["www.example.com"];
    const [rsa, ecdsa, second] = [
      await fixture.issue(names, "RSA-2048"),
      await fixture.issue(names),
      await fixture.issue(names),
    ];
    const ids = [await fixture.upload(rsa), await fixture.upload(ecdsa), await fixture.upload(second)];
    await fixture.edgeone("sslcert", ids);
    fixture.settleDown();
    for (const maxVersion of ["TLSv1.2", "TLSv1.3"] as const) {
      const takes = (sigalgs: string) => fixture.served("www.example.com", { sigalgs, maxVersion });
      expect(await takes("ecdsa_secp256r1_sha256")).toEqual(everywhere(ecdsa.fingerprint));
      expect(await takes("rsa_pss_rsae_sha256:rsa_pkcs1_sha256")).toEqual(everywhere(rsa.fingerprint));
    }
    await fixture.edgeone("sslcert", ids.slice(1));
    fixture.settleDown();
    expect(await fixture.served("www.example.com", { sigalgs: "ecdsa_secp256r1_sha256" })).toEqual(
      everywhere(ecdsa.fingerprint),
    );
  });

  it("is EdgeOne's own free certificate where that is wanted, also when it is deployed again", async () => {
    await fixture.edgeone("eofreecert", [], "shop.example.com");
    fixture.settleDown();
    const [free] = await fixture.served("shop.example.com");
    expect(free).toMatch(/^[0-9A-F:]{59}$/);
    expect(await fixture.served("shop.example.com")).toEqual(everywhere(free ?? ""));
    await fixture.edgeone("disable", [], "shop.example.com");
    fixture.settleDown();
    expect(await fixture.served("shop.example.com")).toEqual(nobody);
    await fixture.edgeone("eofreecert_manual", [], "shop.example.com");
    fixture.settleDown();
    expect(await fixture.served("shop.example.com")).toEqual(everywhere(free ?? ""));
  });

  it("is nothing where the cloud holds no key", async () => {
    const next = account().ssl.certificates.get(fixture.seeded("storefront, next").id);
    if (next?.material === undefined) throw new Error("the successor has no material");
    next.material = { ...next.material, privateKeyPem: undefined };
    await fixture.edgeone("sslcert", [next.id]);
    fixture.settleDown();
    expect(await fixture.served("www.example.com")).toEqual(nobody);
  });

  it.runIf(hasOpenssl)("is nothing for a public visitor where there are SM2 certificates only", async () => {
    const [sign, enc] = [sm2Certificate("play.example.com"), sm2Certificate("play.example.com")];
    await fixture.huawei("play.example.com", {
      gm_certificate: {
        sign_certificate: sign.certificatePem,
        sign_certificate_key: sign.privateKeyPem,
        enc_certificate: enc.certificatePem,
        enc_certificate_key: enc.privateKeyPem,
      },
    });
    fixture.settleDown();
    expect(await fixture.served("play.example.com")).toEqual(nobody);
  });
});

describe("a load balancer", () => {
  const storefront = () => ({ certificateId: fixture.seeded("storefront").id, changedAt: account().clock.now() });

  it("answers for a domain that nothing is in front of: by its rule with SNI, else by its listener", async () => {
    const [sni, plain] = account().ssl.loadBalancers;
    const rule = { locationId: "loc-1", url: "/", certificateId: undefined, changedAt: account().clock.now() };
    Object.assign(sni?.listeners[0] ?? {}, { rules: [{ ...rule, domain: "api.example.com", ...storefront() }] });
    Object.assign(plain?.listeners[0] ?? {}, { rules: [{ ...rule, domain: "hk.example.com" }] });
    expect(await fixture.served("api.example.com")).toEqual(nobody);
    fixture.settleDown();
    for (const name of ["api.example.com", "hk.example.com"]) {
      expect(await fixture.served(name)).toEqual(everywhere(fixture.seeded("storefront").fingerprint));
    }
  });

  it("serves nothing where its certificate is gone, and no more does a CDN domain that is offline", async () => {
    for (const domain of account().ssl.cdnDomains) domain.status = "offline";
    const [sni] = account().ssl.loadBalancers;
    const gone = { certificateId: "gone0000", changedAt: account().clock.now() };
    const rule = { locationId: "loc-1", url: "/", domain: "api.example.com", ...gone };
    Object.assign(sni?.listeners[0] ?? {}, { rules: [rule] });
    expect(await fixture.served("static.example.com")).toEqual(everywhere(fixture.seeded("storefront").fingerprint));
    fixture.settleDown();
    expect(await fixture.served("static.example.com")).toEqual(nobody);
    expect(await fixture.served("api.example.com")).toEqual(nobody);
  });
});
