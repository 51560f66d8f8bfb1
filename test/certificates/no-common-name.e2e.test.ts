import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { z } from "zod";
import { Desk } from "../corpus/desk.js";
import { hasOpenssl, serverWith, signs } from "../corpus/workshop.js";
import { wide } from "../support/width.js";

/**
 * Certificates with an empty subject, as Let's Encrypt's tlsserver and shortlived profiles issue them, and with an issuer
 * that has no name: they are described, deployed and looked at like any other. From public reports: ZoeyVid/NPMplus#2558,
 * jkroepke/lens-extension-certificate-info#129, Dexus/pem#263, certd/certd#417 (a conversion ends in an error),
 * kjur/jsrsasign#367 and digitalbazaar/forge#1072 (they do not parse), oven-sh/bun#38532 (an empty issuer throws).
 */
const names = "subjectAltName=critical,DNS:shop.example.com,DNS:www.shop.example.com";
const edgeone = { service: "tencent-edgeone", zone_id: "zone-sandboxdemo", domains: ["shop.example.com"] };

const inventory = z.object({
  certificates: z.array(z.object({ certificate_id: z.string(), alias: z.string().optional() })),
});

describe.skipIf(!hasOpenssl)("a certificate without a subject (needs OpenSSL 3)", () => {
  const desk = new Desk();
  const { questions } = desk;
  beforeAll(() =>
    desk.open((made) => {
      made.ecKey("leaf");
      made.authority("root");
      made.authority("int", { by: "root" });
      made.authority("nameless", { subject: "" });
      made.certificate("site-leaf", { subject: "", by: "int", extensions: serverWith(names, signs) });
      made.certificate("both-leaf", { subject: "", by: "nameless", extensions: serverWith(names, signs) });
      made.certificate("bare-leaf", { subject: "", by: "int", extensions: serverWith(signs) });
      made.join("site.crt", "site-leaf.crt", "int.crt");
      made.join("both.crt", "both-leaf.crt", "nameless.crt");
      made.join("bare.crt", "bare-leaf.crt", "int.crt");
    }),
  );
  afterAll(() => desk.close());
  const pair = (name: string) => ({ certificate: `file:${name}.crt`, private_key: "file:leaf.key" });

  it("is inspected", wide, async () => {
    const site = await desk.assistant.result("inspect_certificate", pair("site"));
    expect(site).toMatchObject({
      certificate: { names: ["shop.example.com", "www.shop.example.com"], subject: "none", issuer: "CN=Corpus int" },
      chain: [{ subject: "none" }, { subject: "CN=Corpus int" }],
      key_fits: true,
      // Its root is this test's own.
      findings: [{ severity: "outage", says: expect.stringContaining('"CN=Corpus root", which is not a root that') }],
    });
    const both = await desk.assistant.result("inspect_certificate", pair("both"));
    expect(both).toMatchObject({ certificate: { subject: "none", issuer: "none" }, key_fits: true });
    // Neither name nor subject: nothing to call it by, and no defect.
    const bare = await desk.assistant.result("inspect_certificate", pair("bare"));
    expect(bare).toMatchObject({ certificate: { names: [], subject: "none" } });
  });

  it("is uploaded by itself, and read from the cloud again, chain and all", async () => {
    for (const name of ["bare", "both"]) {
      const uploaded = await desk.assistant.result("UploadCertificate", {
        CertificatePublicKey: `file:${name}.crt`,
        CertificatePrivateKey: "file:leaf.key",
      });
      expect(questions.at(-1)).toContain(
        name === "bare" ? "certificate for no name" : "certificate for shop.example.com",
      );
      const id = String(uploaded.CertificateId);
      expect(await desk.assistant.result("DescribeCertificateDetail", { CertificateId: id })).toHaveProperty(
        "CertificateId",
        id,
      );
      expect(await desk.assistant.result("inspect_certificate", { certificate_id: id })).toHaveProperty("verdict");
      expect(await desk.assistant.result("wait_for", { what: "certificate", id })).toMatchObject({ state: "done" });
    }
  });

  it("is deployed, followed, looked at beside others, and left again", wide, async () => {
    const deployed = await desk.assistant.result("deploy_certificate", { ...pair("site"), targets: [edgeone] });
    expect(questions.at(-1)).toMatch(/^Serve the certificate for shop\.example\.com/);
    expect(deployed).toMatchObject({ targets: [{ state: "served" }] });
    const { certificate_id: id } = z.object({ certificate_id: z.string() }).parse(deployed.certificate);
    expect(await desk.assistant.result("wait_for", { what: "deployment", id: deployed.job })).toMatchObject({
      state: "done",
    });

    const looked = await desk.assistant.result("check_served_certificate", {
      domains: ["www.example.com", "shop.example.com"],
    });
    expect(looked).toMatchObject({
      domains: [
        { domain: "www.example.com", served: [{ certificates: [{ trusted: true }] }] },
        {
          domain: "shop.example.com",
          served: [
            {
              certificates: [
                {
                  issuer: "CN=Corpus int",
                  chain: ["none", "CN=Corpus int"],
                  names: ["shop.example.com", "www.shop.example.com"],
                },
              ],
            },
          ],
        },
      ],
    });
    const found = await desk.assistant.result("find_certificates", {
      served_on: ["shop.example.com", "www.example.com"],
    });
    expect(found).toMatchObject({
      served_on: [
        { domain: "shop.example.com", served: [{ certificates: [{}] }] },
        { domain: "www.example.com", served: [{ certificates: [{}] }] },
      ],
    });
    expect(JSON.stringify(found)).toContain(id);

    // From it to an ordinary one: the plan names what is served now, and both targets are told in the end.
    const next = inventory.parse(found).certificates.find(({ alias }) => alias === "storefront, next");
    const left = await desk.assistant.result("deploy_certificate", {
      certificate_id: next?.certificate_id,
      targets: [edgeone, { service: "alibaba-cdn", domains: ["img.example.com"] }],
    });
    expect(left).toMatchObject({ targets: [{ state: "served" }, { state: "served" }] });
    const back = await desk.assistant.result("roll_back", { job: left.job });
    expect(back).toMatchObject({ targets: [{ state: "put back" }, {}] });
    expect(desk.assistant.stderr()).not.toContain("TypeError");
  });
});
