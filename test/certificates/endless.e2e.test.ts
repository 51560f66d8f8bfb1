import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { z } from "zod";
import { Desk } from "../corpus/desk.js";
import { hasOpenssl } from "../corpus/workshop.js";
import { wide } from "../support/width.js";

const deployed = z.object({ certificate: z.object({ certificate_id: z.string() }) });

/**
 * notAfter 9999-12-31T23:59:59Z, which stands for no end (RFC 5280, 4.1.2.5): in UTC+8, where Tencent Cloud lives, that is
 * in the year 10000. From public reports: chris2511/xca#80 (shown as invalid), pyca/cryptography#3194 and
 * candlepin/candlepin#1138 (an error), CaliDog/EasySSL#4 (what to show instead), Icinga/icinga2#3466 (the date overflows).
 */
describe.skipIf(!hasOpenssl)("a certificate without an end (needs OpenSSL 3)", () => {
  const desk = new Desk();
  const { questions } = desk;
  beforeAll(() =>
    desk.open((made) => {
      made.ecKey("leaf");
      made.authority("int");
      made.certificate("site-leaf", { by: "int", to: Number.POSITIVE_INFINITY });
      made.join("site.crt", "site-leaf.crt", "int.crt");
    }),
  );
  afterAll(() => desk.close());

  it("is deployed once, listed and shown as what it is", wide, async () => {
    const call = {
      certificate: "file:site.crt",
      private_key: "file:leaf.key",
      targets: [{ service: "tencent-edgeone", zone_id: "zone-sandboxdemo", domains: ["shop.example.com"] }],
    };
    const { certificate } = deployed.parse(await desk.assistant.result("deploy_certificate", call));
    const { certificate_id: id } = certificate;
    expect(questions[0]).toMatch(/^Serve the certificate for .*shop\.example\.com \(expires 9999-12-31\) on 1 target/);
    expect(questions[0]).toContain("has no expiry (notAfter is 9999-12-31)");
    const again = await desk.assistant.result("deploy_certificate", call);
    expect(again).toMatchObject({ certificate: { certificate_id: id }, targets: [{ state: "unchanged" }] });
    const { certificates } = await desk.assistant.result("find_certificates", { certificate_id: id });
    expect(certificates).toMatchObject([{ certificate_id: id, not_after: "9999-12-31T23:59:59.000Z" }]);
    const waited = await desk.assistant.result("wait_for", { what: "certificate", id });
    expect(waited).toMatchObject({ state: "done", details: { not_after: "9999-12-31T23:59:59.000Z" } });
    const told = await desk.assistant.result("DescribeCertificate", { CertificateId: id });
    expect(told).toMatchObject({ CertEndTime: "10000-01-01 07:59:59", CertEndTime_iso: "9999-12-31T23:59:59.000Z" });
    await desk.assistant.call("DeleteCertificate", { CertificateId: id });
    expect(questions.at(-1)).toContain("existence: issued, expires never (9999-12-31) → deleted");
    expect(questions.at(-1)).toContain("expires: never (9999-12-31)");
  });
});
