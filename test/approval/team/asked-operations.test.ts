import { describe, expect, it } from "vitest";
import { z } from "zod";
import { rulesIn } from "../../../src/access/rules-file.js";
import type { PlannedCall } from "../../../src/approval/call-binding.js";
import { operationsToApprove } from "../../../src/approval/team/asked-operations.js";
import { setCdnDomainSSLCertificate } from "../../../src/catalogue/alibaba-edges.js";
import { modifyHostsCertificate } from "../../../src/catalogue/tencent-edgeone/modify-hosts-certificate.js";
import { uploadCertificate } from "../../../src/catalogue/tencent-ssl/upload-certificate.js";
import { isJob } from "../../../src/pipeline/tool.js";
import { Redactor } from "../../../src/secrets/redaction/redactor.js";
import { proposeStandingApproval } from "../../../src/tools/propose-standing-approval.js";
import { alice, bob, carol } from "./support.js";

const redactor = new Redactor([]);
const cdn = { DomainName: "CDN.Example.com." };
const hosts = { ZoneId: "zone-1", Hosts: ["www.example.com", "xn--bcher-kva.example", "bücher.example"] };
const namesIn = (call: PlannedCall) =>
  operationsToApprove(call).map(({ operation: { name }, domains }) => [name, [...domains].sort()]);

describe("what rules are looked up for", () => {
  it("is the operation and its domain names, each in one spelling", () => {
    const call = { operation: modifyHostsCertificate, params: hosts, account: "a", redactor };
    expect(namesIn(call)).toEqual([["ModifyHostsCertificate", ["www.example.com", "xn--bcher-kva.example"]]]);
  });

  it("is each step of a job with its own names; reads among them need no rule", () => {
    const parts = [setCdnDomainSSLCertificate, modifyHostsCertificate, uploadCertificate];
    const params = z.object({
      one: setCdnDomainSSLCertificate.params,
      two: modifyHostsCertificate.params,
      three: uploadCertificate.params,
    });
    const operation = { ...modifyHostsCertificate, name: "deploy_certificate", params };
    const call = { operation, params: { one: cdn, two: hosts, three: {} }, parts, account: "a", redactor };
    expect(namesIn(call)).toEqual([
      ["SetCdnDomainSSLCertificate", ["cdn.example.com"]],
      ["ModifyHostsCertificate", ["www.example.com", "xn--bcher-kva.example"]],
      ["UploadCertificate", []],
    ]);
    const unclear = { ...call, parts: [...parts, { ...uploadCertificate, effect: "read" as const }] };
    expect(namesIn(unclear)).toEqual(
      ["SetCdnDomainSSLCertificate", "ModifyHostsCertificate", "UploadCertificate"].map((name) => [
        name,
        ["cdn.example.com", "www.example.com", "xn--bcher-kva.example"],
      ]),
    );
  });

  describe("of a standing approval", () => {
    const given = {
      domains: ["*.shop.example.com", "example.com"],
      from_store: true,
      least_gain_days: 1,
      uses_a_day: 1,
    };
    const params = { ...given, uses: 1, last_day: "2027-01-01" };
    const operation = proposeStandingApproval;
    if (isJob(operation) || operation.effect === "read") throw new Error("it changes something");

    it("is what it lets through, with each of its domains, beside itself", () => {
      const services = ["alibaba-cdn", "tencent-ssl"];
      const granted = ["key_to_other_cloud", "apply_free_certificate", "put_back"];
      const names = ["*.shop.example.com", "example.com"];
      expect(namesIn({ operation, params: { ...params, services }, account: "a", redactor })).toEqual([
        ["propose_standing_approval", names],
        ["SetCdnDomainSSLCertificate", names],
        ["UpdateCertificateInstance", names],
        ["UpdateCertificateInstance", []],
        ["UploadCertificate", names],
        ["UploadCertificate", []],
      ]);
      const more = { ...params, services: ["huawei-live"], grants: granted };
      expect(namesIn({ operation, params: more, account: "a", redactor })).toEqual([
        ["propose_standing_approval", names],
        ["UpdateDomainHttpsCert", names],
        ["DownloadCertificate", names],
        ["DownloadCertificate", []],
        ["ApplyCertificate", names],
        ["UpdateCertificateRecordRollback", names],
        ["UpdateCertificateRecordRollback", []],
      ]);
    });

    it("takes as many approvers as the deployments that it lets through", () => {
      const rules = rulesIn(
        `
people: { alice: "${alice.id}", bob: "${bob.id}", carol: "${carol.id}" }
access: [{ who: [alice], change: [prod] }]
approvals:
  - { services: ["alibaba-*"], domains: [www.shop.example.com], ask: [alice], approve: [bob, carol], approvers: 2 }
  - { ask: [alice], approve: [bob] }
`,
        "rules.yaml",
        ["prod"],
      );
      const approversFor = (call: PlannedCall) => {
        const found = rules.requirementsFor({
          person: alice,
          account: "prod",
          operations: operationsToApprove(call),
          at: new Date("2026-03-04T03:00:00Z"),
        });
        if (typeof found === "string") throw new Error(found);
        return Math.max(...found.map(({ approvers }) => approvers));
      };
      const proposed = (service: string) =>
        approversFor({ operation, params: { ...params, services: [service] }, account: "a", redactor });
      expect(proposed("alibaba-cdn")).toBe(2);
      expect(proposed("tencent-edgeone")).toBe(1);
      const deployed = { operation: setCdnDomainSSLCertificate, params: { DomainName: "www.shop.example.com" } };
      expect(approversFor({ ...deployed, account: "a", redactor })).toBe(2);
    });
  });
});
