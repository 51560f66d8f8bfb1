import { describe, expect, it } from "vitest";
import type { Operation } from "../../src/catalogue/operation.js";
import { createCertificateBindResourceSyncTask } from "../../src/catalogue/tencent-ssl/create-certificate-bind-resource-sync-task.js";
import { modifyCertificateAlias } from "../../src/catalogue/tencent-ssl/modify-certificate-alias.js";
import { modifyCertificateProject } from "../../src/catalogue/tencent-ssl/modify-certificate-project.js";
import { certificateNotFound } from "../../src/catalogue/tencent-ssl/params.js";
import { updateCertificateInstance } from "../../src/catalogue/tencent-ssl/update-certificate-instance.js";
import { rejectionError } from "../../src/cloud/errors.js";
import type { JsonObject } from "../../src/lib/json.js";

interface Case {
  readonly operation: Operation;
  readonly params: JsonObject;
}

describe("a certificate that is not there", () => {
  const refusalOf = (call: Case) =>
    rejectionError(call, { ok: false, code: certificateNotFound, message: "m" }, 200).details.happened;

  const byId: Case[] = [
    { operation: updateCertificateInstance, params: { OldCertificateId: "47608157", CertificateId: "abcd1234" } },
    { operation: createCertificateBindResourceSyncTask, params: { CertificateIds: ["abcd1234", "47608157"] } },
    { operation: modifyCertificateProject, params: { CertificateIdList: ["47608157"], ProjectId: 0 } },
  ];
  it.each(byId)("may be in another store, by its id, also of a list: $operation.name $params", (call) => {
    expect(refusalOf(call)).toContain("By its form, 47608157 is an id of Alibaba Cloud");
  });

  const byText: Case[] = [
    { operation: modifyCertificateAlias, params: { CertificateId: "abcd1234", Alias: "2026" } },
    { operation: updateCertificateInstance, params: { OldCertificateId: "abcd1234", ResourceTypes: ["123"] } },
  ];
  it.each(byText)("is in no other store because of a text that is no id: $operation.name $params", (call) => {
    expect(refusalOf(call)).not.toContain("By its form");
  });
});
