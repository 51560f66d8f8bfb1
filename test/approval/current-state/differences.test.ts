import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type StateSnapshot, stateChanges } from "../../../src/approval/current-state/read-current-state.js";
import { safe, verbatim } from "../../../src/lib/safe-text.js";
import { TestCloud, told } from "./support.js";

describe("what became different in the account", () => {
  let cloud: TestCloud;
  let ending: string;
  let next: string;
  beforeEach(async () => {
    cloud = await TestCloud.open();
    ending = cloud.certificate("storefront");
    next = cloud.certificate("storefront, next");
  });
  afterEach(() => cloud.close());

  const minutes = 60_000;

  const onHost = () => ({
    ZoneId: "zone-sandboxdemo",
    Hosts: ["www.example.com"],
    Mode: "sslcert",
    ServerCertInfo: [{ CertId: next }],
  });

  /** What becomes different for somebody who was shown one change, when `meanwhile` happens. */
  async function differing(name: string, args: Record<string, unknown>, meanwhile: () => Promise<unknown> | unknown) {
    const before = await cloud.found(name, args);
    await meanwhile();
    return stateChanges(before, await cloud.found(name, args, { fresh: true }));
  }

  it("nothing, when nothing happened", async () => {
    expect(await differing("DeleteCertificate", { CertificateId: ending }, () => {})).toEqual([]);
    expect(await differing("ModifyHostsCertificate", onHost(), () => {})).toEqual([]);
  });

  it("ignores the days that pass", async () => {
    const alias = { CertificateId: ending, Alias: "web" };
    const before = await cloud.found("ModifyCertificateAlias", alias);
    cloud.wait(2 * 24 * 60 * minutes);
    const after = await cloud.found("ModifyCertificateAlias", alias);
    expect(told(after).facts).not.toEqual(told(before).facts);
    expect(stateChanges(before, after)).toEqual([]);
  });

  it("a remark, once", async () => {
    const rename = () => cloud.make("ModifyCertificateAlias", { CertificateId: ending, Alias: "shop" });
    expect(await differing("ModifyCertificateAlias", { CertificateId: ending, Alias: "web" }, rename)).toEqual([
      { what: `Certificate ${ending} (example.com): remark`, shown: '"storefront"', now: '"shop"' },
    ]);
  });

  it("the account that owns the objects, and not one that becomes known", async () => {
    const shown = await cloud.found("ModifyCertificateAlias", { CertificateId: ending, Alias: "web" });
    const ofAccount = (...owners: string[]) => ({ ...shown, owners: owners.map(verbatim) });
    const one = ofAccount("100000000001");
    const what = "Owner account";
    const differs = (now: string) => [{ what, shown: "100000000001", now }];
    expect(stateChanges(one, ofAccount("200000000002"))).toEqual(differs("200000000002"));
    expect(stateChanges(one, ofAccount())).toEqual(differs("no longer reported"));
    expect(stateChanges(ofAccount(), one)).toEqual([]);
    expect(stateChanges(ofAccount("2", "1"), ofAccount("1", "2"))).toEqual([]);
  });

  it("a status", async () => {
    const id = cloud.certificateFor("preview.example.org");
    const issued = await differing("CancelAuditCertificate", { CertificateId: id }, () => cloud.wait(3 * minutes));
    expect(issued).toContainEqual({
      what: `Certificate ${id} (preview.example.org): status`,
      shown: "under review",
      now: "issued",
    });
  });

  it("the certificate of an EdgeOne host", async () => {
    const disable = { ZoneId: "zone-sandboxdemo", Hosts: ["www.example.com"], Mode: "disable" };
    const [host] = await differing("ModifyHostsCertificate", onHost(), () =>
      cloud.make("ModifyHostsCertificate", disable),
    );
    expect(host).toEqual({
      what: "EdgeOne host www.example.com (zone-sandboxdemo): server certificate",
      shown: expect.stringMatching(`^certificate ${ending} \\(example\\.com, \\*\\.example\\.com, expires `),
      now: "none",
    });
  });

  it("what uses a certificate", async () => {
    const deletion = { CertificateId: ending };
    expect(
      await differing("DeleteCertificate", deletion, () => cloud.make("ModifyHostsCertificate", onHost())),
    ).toContainEqual({
      what: `Certificate ${ending} (example.com): bound resources`,
      shown: "2 CLB, 1 CDN, 1 EdgeOne",
      now: "2 CLB, 1 CDN",
    });
  });

  it("that a certificate is gone", async () => {
    const mail = cloud.certificate("mail");
    const gone = await differing("ModifyCertificateAlias", { CertificateId: mail, Alias: "web" }, () =>
      cloud.make("DeleteCertificate", { CertificateId: mail }),
    );
    expect(gone).toContainEqual({
      what: `Certificate ${mail} (mail.example.net): remark`,
      shown: '"mail"',
      now: "does not exist",
    });
    expect(gone).toContainEqual({
      what: `Certificate ${mail}: domains`,
      shown: "mail.example.net",
      now: "no longer reported",
    });
  });

  it("the subject of a CSR, and that it was generated", async () => {
    const change = { CSRId: 702, Generate: false, Domain: "mine.example.org" };
    const found = await differing("ModifyCSR", change, () =>
      cloud.make("ModifyCSR", { CSRId: 702, Generate: true, Domain: "other.example.org" }),
    );
    expect(found.map(({ what }) => what)).toEqual([
      "CSR 702 (api.example.org): subject",
      "CSR 702 (api.example.org): key and CSR",
    ]);
    expect(found[1]).toMatchObject({
      shown: "not generated, ECC prime256v1",
      now: "generated, ECC prime256v1",
    });
  });

  it("the counts of a deployment", async () => {
    const update = { OldCertificateId: ending, CertificateId: next, ResourceTypes: ["cdn"] };
    await cloud.make("UpdateCertificateInstance", update);
    cloud.wait(minutes);
    const { DeployRecordId } = await cloud.make("UpdateCertificateInstance", update);
    const found = await differing("UpdateCertificateRecordRollback", { DeployRecordId }, () => cloud.wait(minutes));
    expect(found).toEqual([
      {
        what: `Deployment ${DeployRecordId}: deployment`,
        shown: expect.stringMatching(/^1 in all: 1 (running|waiting)$/),
        now: "1 in all: 1 succeeded",
      },
    ]);
  });
});

describe("what counts as different", () => {
  function one(now: string, facts: StateSnapshot["facts"] = []): StateSnapshot {
    const then = safe`else`;
    return { rows: [{ object: safe`It`, aspect: "status", now: verbatim(now), then }], facts };
  }

  it.each(["still being looked up by the cloud", "could not be read: RequestLimitExceeded"])(
    "not that what was '%s' is known now",
    (shown) => {
      expect(stateChanges(one(shown), one("issued"))).toEqual([]);
      expect(
        stateChanges(one("a", [[safe`It: status`, verbatim(shown)]]), one("a", [[safe`It: domains`, safe`a.example`]])),
      ).toEqual([]);
      expect(stateChanges(one("issued"), one(shown))).toEqual([{ what: "It: status", shown: "issued", now: shown }]);
    },
  );

  it.each(["does not exist", "does not exist yet", "not visible through this API", "none"])(
    "that what was '%s' is something else now",
    (shown) => expect(stateChanges(one(shown), one("issued"))).toHaveLength(1),
  );

  it("an expiry that moved", () => {
    const expiring = (time: string, count: string) =>
      one("a", [[safe`Certificate x: expires`, verbatim(`${time}, ${count}`), time]]);
    const shown = expiring("2026-11-19T23:59:59Z", "20 days left");
    expect(stateChanges(shown, expiring("2026-11-19T23:59:59Z", "1 day ago"))).toEqual([]);
    expect(stateChanges(shown, expiring("2027-11-19T23:59:59Z", "20 days left"))).toHaveLength(1);
  });
});
