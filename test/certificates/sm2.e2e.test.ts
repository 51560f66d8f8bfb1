import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { Desk } from "../corpus/desk.js";
import { knowsSm2, serverWith } from "../corpus/workshop.js";
import { ofRows, rows, wide } from "../support/width.js";

/**
 * Two certificates of the Chinese standard belong together: one signs, the other one encrypts, and their key usage tells
 * which is which. From public reports: guanzhi/GmSSL#1134 and #1057 and jntass/TASSL-1.1.1k#9 (mixed up, so that clients
 * find no encryption certificate), Tencent/TencentKonaSMSuite#678 (the signing one needs digitalSignature),
 * jntass/TASSL-1.1.1b#31 (which of the two does what). What Alibaba Cloud has for them is SetCdnDomainSMCertificate
 * (alibabacloud.com/help/en/cdn/developer-reference/api-cdn-2018-05-10-setcdndomainsmcertificate).
 */
const base = { project_id: "sandboxproject", domain: "play.example.com", force_redirect: false };
const names = "subjectAltName=DNS:play.example.com,DNS:img.example.com";

describe.skipIf(!knowsSm2)("certificates of SM2 (need an OpenSSL 3 with SM2)", () => {
  const desk = new Desk();
  const { questions } = desk;
  beforeAll(() =>
    desk.open((made) => {
      made.authority("root");
      made.authority("int", { by: "root" });
      const make = (name: string, usage: string | undefined, key = name) => {
        if (key === name) made.key(key, "-algorithm", "SM2");
        const limits = usage === undefined ? [] : [`keyUsage=critical,${usage}`];
        made.certificate(`${name}-leaf`, {
          subject: "/CN=play.example.com",
          by: "int",
          key,
          extensions: serverWith(names, ...limits),
        });
        made.join(`${name}.crt`, `${name}-leaf.crt`, "int.crt");
      };
      make("sign", "digitalSignature,nonRepudiation");
      make("enc", "keyEncipherment,dataEncipherment");
      make("agreed", "keyAgreement");
      make("free", undefined);
      make("renewed", "keyEncipherment", "sign");
    }, 1_000_000),
  );
  afterAll(() => desk.close());

  const keyOf = (name: string) => (name === "renewed" ? "file:sign.key" : `file:${name}.key`);
  const halves = (sign: string, enc: string) => ({
    ...base,
    gm_certificate: {
      source: "user",
      sign_certificate: `file:${sign}.crt`,
      sign_certificate_key: keyOf(sign),
      enc_certificate: `file:${enc}.crt`,
      enc_certificate_key: keyOf(enc),
    },
  });

  it.each([
    ["sign", "enc"],
    ["sign", "agreed"],
    ["free", "enc"],
    ["sign", "free"],
  ])("that are a pair are set, and their keys called SM2: %s and %s", wide, async (sign, enc) => {
    await desk.assistant.result("UpdateDomainHttpsCert", halves(sign, enc));
    expect(questions.at(-1)).toContain("gm_certificate.sign_certificate_key: private key, SM2, public half");
    expect(questions.at(-1)).not.toMatch(/undefined|halves|lacks/);
  });

  it.each([
    ["enc", "sign", "sign_certificate has key usage keyEncipherment, dataEncipherment: the halves look swapped"],
    ["agreed", "sign", "sign_certificate has key usage keyAgreement: the halves look swapped"],
    ["enc", "agreed", "sign_certificate has key usage keyEncipherment, dataEncipherment: it lacks digitalSignature"],
    [
      "sign",
      "sign",
      "both halves are the same certificate. gm_certificate.enc_certificate: enc_certificate has key usage digitalSignature, nonRepudiation: it lacks keyEncipherment",
    ],
  ])(
    "that are mixed up are refused before anybody is asked: %s as the signing one, %s as the other",
    async (sign, enc, says) => {
      const asked = questions.length;
      const refused = await desk.assistant.failure("UpdateDomainHttpsCert", halves(sign, enc));
      expect(refused).toContain(says);
      expect(refused).toContain("Nothing was changed");
      expect(questions).toHaveLength(asked);
    },
  );

  it.each(
    rows(
      [
        ["free", "free", "both halves are the same certificate."],
        ["sign", "renewed", "both halves have the same key."],
      ],
      1,
    ),
  )("that share what each should have of its own are warned of: %s and %s", ofRows, async (sign, enc, says) => {
    await desk.assistant.result("UpdateDomainHttpsCert", halves(sign, enc));
    expect(questions.at(-1)).toContain(says);
  });

  it.each([
    ["SetCdnDomainSSLCertificate", "img.example.com", "InvalidSSLPub"],
    ["SetVodDomainSSLCertificate", "vod.example.com", "InvalidSSLPub"],
  ])("are not sent to %s, which takes none", async (operation, DomainName, code) => {
    const asked = questions.length;
    const given = {
      SSLProtocol: "on",
      CertType: "upload",
      CertName: "sm",
      SSLPub: "file:sign.crt",
      SSLPri: "file:sign.key",
    };
    const refused = await desk.assistant.failure(operation, { DomainName, ...given });
    expect(refused).toContain("SM2 standard, and an RSA or ECC one is needed");
    expect(refused).toContain(code);
    expect(questions).toHaveLength(asked);
  });

  it("are not deployed by a job either, whatever the cloud", async () => {
    const refused = await desk.assistant.failure("deploy_certificate", {
      certificate: "file:sign.crt",
      private_key: "file:sign.key",
      targets: [
        { service: "alibaba-cdn", domains: ["img.example.com"] },
        { service: "huawei-live", domains: ["play.example.com"], force_redirect: false },
      ],
    });
    expect(refused).toContain("SM2 standard, and an RSA or ECC one is needed");
    expect(refused).toContain("Nothing was changed");
  });
});
