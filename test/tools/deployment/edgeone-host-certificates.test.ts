import { expect, it } from "vitest";
import type { Warning } from "../../../src/catalogue/operation.js";
import type { JobTarget } from "../../../src/jobs/job.js";
import { safe } from "../../../src/lib/safe-text.js";
import type { CloudCertificate } from "../../../src/tools/deployment/deployer.js";
import { withoutOthers } from "../../../src/tools/deployment/edgeone-host-certificates.js";

const host: JobTarget = {
  id: "tencent-edgeone www.example.com",
  service: "tencent-edgeone",
  account: { credential: "AKID1", endpoint: "teo.tencentcloudapi.com" },
  name: "www.example.com",
  zoneId: "zone-1",
  domain: "www.example.com",
  state: "pending",
};

/** A certificate of a host, which covers it; without a kind of key, it could not be read. */
const of = (id: string, algorithm?: string, more: Partial<CloudCertificate> = {}): CloudCertificate => ({
  id,
  ...(algorithm === undefined
    ? { issued: false, status: safe`may not be read`, unread: true }
    : {
        algorithm,
        issued: true,
        status: safe`issued`,
        names: ["www.example.com"],
        notAfter: "2027-01-01T00:00:00.000Z",
      }),
  ...more,
});

const ecc = { certificateId: "eccold01", algorithm: "ECDSA" };
const texts = (warnings: readonly Warning[]) => warnings.map(({ says }) => String(says));

it("what a rollback sets again is not lost, even if nothing tells its kind", () => {
  const stored = [of("eccnew01", "ECDSA"), of("rsa00001", "RSA")];
  const { warnings } = withoutOthers(host, { stored, unstored: [] }, [ecc, { certificateId: "rsa00001" }]);
  expect(texts(warnings)).toEqual([]);
  expect(texts(withoutOthers(host, { stored, unstored: [] }, [ecc]).warnings)).toEqual([
    expect.stringContaining("clients that take only RSA are turned away"),
  ]);
});
