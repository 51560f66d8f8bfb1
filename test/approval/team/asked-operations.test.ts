import { describe, expect, it } from "vitest";
import { z } from "zod";
import type { BoundCall } from "../../../src/approval/binding.js";
import { operationsAsked } from "../../../src/approval/team/asked-operations.js";
import { setCdnDomainSSLCertificate } from "../../../src/catalogue/alibaba-cdn/set-cdn-domain-ssl-certificate.js";
import { modifyHostsCertificate } from "../../../src/catalogue/tencent-edgeone/modify-hosts-certificate.js";
import { uploadCertificate } from "../../../src/catalogue/tencent-ssl/upload-certificate.js";
import { Redactor } from "../../../src/secrets/redaction/redactor.js";

const redactor = new Redactor([]);
const cdn = { DomainName: "CDN.Example.com." };
const hosts = { ZoneId: "zone-1", Hosts: ["www.example.com", "xn--bcher-kva.example", "bücher.example"] };
const namesIn = (call: BoundCall) =>
  operationsAsked(call).map(({ operation: { name }, domains }) => [name, [...domains].sort()]);

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
});
