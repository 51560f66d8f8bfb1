import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { plainDomain } from "../../../src/sandbox/delivery.js";
import { hasOpenssl, sm2Certificate } from "../support.js";
import { Rig } from "./rig.js";
import { visit } from "./visitor.js";

let rig: Rig;
beforeEach(async () => {
  rig = await Rig.open();
});
afterEach(() => rig.sandbox.close());

const nobody = [undefined, undefined, undefined];
const everywhere = (fingerprint: string) => [fingerprint, fingerprint, fingerprint];
const account = () => rig.sandbox.account;

describe("at the start", () => {
  it.each([
    ["EdgeOne", "www.example.com"],
    ["Alibaba CDN", "img.example.com"],
    ["Alibaba VOD", "vod.example.com"],
    ["Huawei Live", "play.example.com"],
    ["Tencent Cloud's own CDN", "static.example.com"],
  ])("%s serves the old wildcard of the SSL service everywhere", async (_service, name) => {
    expect(await rig.served(name)).toEqual(everywhere(rig.seeded("storefront").fingerprint));
    expect(await rig.served(name.toUpperCase())).toEqual(everywhere(rig.seeded("storefront").fingerprint));
  });

  it("sends the whole chain, the leaf first, over both versions of TLS", async () => {
    const [first] = rig.sandbox.edge.addresses;
    for (const maxVersion of ["TLSv1.2", "TLSv1.3"] as const) {
      const met = await visit(rig.sandbox, first?.port ?? 0, "www.example.com", { maxVersion });
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
    for (const { port } of rig.sandbox.edge.addresses) {
      expect(await visit(rig.sandbox, port, name)).toEqual({ refused: "ERR_SSL_TLSV1_UNRECOGNIZED_NAME" });
    }
  });

  it("refuses the handshake without a name", async () => {
    for (const { port } of rig.sandbox.edge.addresses) {
      expect(await visit(rig.sandbox, port, undefined)).toEqual({ refused: "ERR_SSL_SSLV3_ALERT_HANDSHAKE_FAILURE" });
    }
  });
});

describe("what a domain is told", () => {
  it("is served for Alibaba CDN, VOD and Huawei Live", async () => {
    const next = await rig.issue(["*.example.com"]);
    await rig.alibabaUpload("Cdn", "img.example.com", next);
    await rig.alibabaUpload("Vod", "vod.example.com", next);
    await rig.huawei("play.example.com", { certificate: next.certificatePem, certificate_key: next.privateKeyPem });
    rig.settleDown();
    for (const name of ["img", "vod", "play"]) {
      expect(await rig.served(`${name}.example.com`)).toEqual(everywhere(next.fingerprint));
    }
  });

  it("is served for each name one label below a domain with a leading dot, but for those that have their own", async () => {
    account().cdn.set("own.cdn.example.com", plainDomain("own.cdn.example.com", account().clock.now()));
    const wildcard = await rig.issue(["*.cdn.example.com"]);
    const own = await rig.issue(["own.cdn.example.com"]);
    await rig.alibabaUpload("Cdn", ".cdn.example.com", wildcard);
    rig.settleDown();
    expect(await rig.served("a.cdn.example.com")).toEqual(everywhere(wildcard.fingerprint));
    expect(await rig.served("b.cdn.example.com")).toEqual(everywhere(wildcard.fingerprint));
    for (const name of ["own.cdn.example.com", "a.b.cdn.example.com", "cdn.example.com"]) {
      expect(await rig.served(name)).toEqual(nobody);
    }
    await rig.alibabaUpload("Cdn", "own.cdn.example.com", own);
    rig.settleDown();
    expect(await rig.served("own.cdn.example.com")).toEqual(everywhere(own.fingerprint));
  });

  it("is RSA or ECDSA on an EdgeOne host that has both, by what the visitor takes", async () => {
    const names = ["www.example.com"];
    const [rsa, ecdsa, second] = [await rig.issue(names, "RSA-2048"), await rig.issue(names), await rig.issue(names)];
    const ids = [await rig.upload(rsa), await rig.upload(ecdsa), await rig.upload(second)];
    await rig.edgeone("sslcert", ids);
    rig.settleDown();
    for (const maxVersion of ["TLSv1.2", "TLSv1.3"] as const) {
      const takes = (sigalgs: string) => rig.served("www.example.com", { sigalgs, maxVersion });
      expect(await takes("ecdsa_secp256r1_sha256")).toEqual(everywhere(ecdsa.fingerprint));
      expect(await takes("rsa_pss_rsae_sha256:rsa_pkcs1_sha256")).toEqual(everywhere(rsa.fingerprint));
    }
    await rig.edgeone("sslcert", ids.slice(1));
    rig.settleDown();
    expect(await rig.served("www.example.com", { sigalgs: "ecdsa_secp256r1_sha256" })).toEqual(
      everywhere(ecdsa.fingerprint),
    );
  });

  it("is EdgeOne's own free certificate where that is wanted, also when it is deployed again", async () => {
    await rig.edgeone("eofreecert", [], "shop.example.com");
    rig.settleDown();
    const [free] = await rig.served("shop.example.com");
    expect(free).toMatch(/^[0-9A-F:]{59}$/);
    expect(await rig.served("shop.example.com")).toEqual(everywhere(free ?? ""));
    await rig.edgeone("disable", [], "shop.example.com");
    rig.settleDown();
    expect(await rig.served("shop.example.com")).toEqual(nobody);
    await rig.edgeone("eofreecert_manual", [], "shop.example.com");
    rig.settleDown();
    expect(await rig.served("shop.example.com")).toEqual(everywhere(free ?? ""));
  });

  it("is nothing where the cloud holds no key", async () => {
    const next = account().ssl.certificates.get(rig.seeded("storefront, next").id);
    if (next?.material === undefined) throw new Error("the successor has no material");
    next.material = { ...next.material, privateKeyPem: undefined };
    await rig.edgeone("sslcert", [next.id]);
    rig.settleDown();
    expect(await rig.served("www.example.com")).toEqual(nobody);
  });

  it.runIf(hasOpenssl)("is nothing for a public visitor where there are SM2 certificates only", async () => {
    const [sign, enc] = [sm2Certificate("play.example.com"), sm2Certificate("play.example.com")];
    await rig.huawei("play.example.com", {
      gm_certificate: {
        sign_certificate: sign.certificatePem,
        sign_certificate_key: sign.privateKeyPem,
        enc_certificate: enc.certificatePem,
        enc_certificate_key: enc.privateKeyPem,
      },
    });
    rig.settleDown();
    expect(await rig.served("play.example.com")).toEqual(nobody);
  });
});

describe("a load balancer", () => {
  const storefront = () => ({ certificateId: rig.seeded("storefront").id, changedAt: account().clock.now() });

  it("answers for a domain that nothing is in front of: by its rule with SNI, else by its listener", async () => {
    const [sni, plain] = account().ssl.loadBalancers;
    const rule = { locationId: "loc-1", url: "/", certificateId: undefined, changedAt: account().clock.now() };
    Object.assign(sni?.listeners[0] ?? {}, { rules: [{ ...rule, domain: "api.example.com", ...storefront() }] });
    Object.assign(plain?.listeners[0] ?? {}, { rules: [{ ...rule, domain: "hk.example.com" }] });
    expect(await rig.served("api.example.com")).toEqual(nobody);
    rig.settleDown();
    for (const name of ["api.example.com", "hk.example.com"]) {
      expect(await rig.served(name)).toEqual(everywhere(rig.seeded("storefront").fingerprint));
    }
  });

  it("serves nothing where its certificate is gone, and no more does a CDN domain that is offline", async () => {
    for (const domain of account().ssl.cdnDomains) domain.status = "offline";
    const [sni] = account().ssl.loadBalancers;
    const gone = { certificateId: "gone0000", changedAt: account().clock.now() };
    const rule = { locationId: "loc-1", url: "/", domain: "api.example.com", ...gone };
    Object.assign(sni?.listeners[0] ?? {}, { rules: [rule] });
    expect(await rig.served("static.example.com")).toEqual(everywhere(rig.seeded("storefront").fingerprint));
    rig.settleDown();
    expect(await rig.served("static.example.com")).toEqual(nobody);
    expect(await rig.served("api.example.com")).toEqual(nobody);
  });
});
