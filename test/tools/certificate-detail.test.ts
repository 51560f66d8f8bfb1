import { afterAll, beforeAll, expect, it } from "vitest";
import { pemOfCertificate } from "../../src/tools/certificate-detail.js";
import { Station } from "./support.js";

let station: Station;
beforeAll(async () => {
  station = await Station.open();
});
afterAll(() => station.close());

it("reads the certificate at Tencent Cloud SSL by its id", async () => {
  const pem = await pemOfCertificate(station.certificate("storefront"), station.context);
  expect(pem).toContain("BEGIN CERTIFICATE");
});

it.each([
  [
    "47608157",
    /By its form, 47608157 is an id of Alibaba Cloud Certificate Management; only ids of Tencent Cloud SSL are taken here\.$/,
  ],
  ["scs1400000000000", /is an id of Huawei Cloud Certificate Manager/],
  ["wrong123", /no certificate with this id on this site\.$/],
])("says of %s where it may be from, and that find_certificates lists all", async (id, happened) => {
  await expect(pemOfCertificate(id, station.context)).rejects.toMatchObject({
    details: { happened: expect.stringMatching(happened), next: expect.stringMatching(/^find_certificates lists/) },
  });
});
