import { describe, expect, it } from "vitest";
import { z } from "zod";
import { describeUserDomains } from "../../src/catalogue/alibaba-domains.js";
import { setCdnDomainSSLCertificate } from "../../src/catalogue/alibaba-edges.js";
import { companions } from "../../src/catalogue/companions.js";
import { showDomain } from "../../src/catalogue/huawei-live/show-domain.js";
import { updateDomainHttpsCert } from "../../src/catalogue/huawei-live/update-domain-https-cert.js";
import { operations } from "../../src/catalogue/index.js";
import { altersAccount, type Operation } from "../../src/catalogue/operation.js";
import { innermost } from "../../src/catalogue/params.js";
import { batchDeleteCSR } from "../../src/catalogue/tencent-ssl/batch-delete-csr.js";
import { cancelAuditCertificate } from "../../src/catalogue/tencent-ssl/cancel-audit-certificate.js";
import { deleteCertificate } from "../../src/catalogue/tencent-ssl/delete-certificate.js";
import { describeCertificates } from "../../src/catalogue/tencent-ssl/describe-certificates.js";
import { modifyCertificateAlias } from "../../src/catalogue/tencent-ssl/modify-certificate-alias.js";
import { modifyCertificateProject } from "../../src/catalogue/tencent-ssl/modify-certificate-project.js";
import { updateCertificateInstance } from "../../src/catalogue/tencent-ssl/update-certificate-instance.js";
import { updateCertificateRecordRollback } from "../../src/catalogue/tencent-ssl/update-certificate-record-rollback.js";
import { uploadConfirmLetter } from "../../src/catalogue/tencent-ssl/upload-confirm-letter.js";
import { httpReply } from "../support/faulty-server.js";
import { sendWith } from "../support/send.js";
import { clientOf, failureOf } from "./clients.js";

const calls = {
  read: [describeCertificates, {}],
  tencent: [modifyCertificateAlias, { CertificateId: "abcd1234" }],
  alibaba: [setCdnDomainSSLCertificate, { DomainName: "img.example.com", SSLProtocol: "off" }],
  alibabaRead: [describeUserDomains, {}],
  huawei: [updateDomainHttpsCert, { project_id: "p", domain: "play.example.com", certificate: "PEM" }],
  huaweiRead: [showDomain, { project_id: "p" }],
} as const;

describe("a reply that could be anybody's is no success", () => {
  const others = [
    {},
    { status: "login_required", url: "http://portal/" },
    { code: "Forbidden.RAM", message: "no" },
    { code: "APIGW.0301", message: "no" },
    { error: "denied" },
    { errors: [{ code: "X" }] },
    { ErrorCode: "Throttling", ErrorMessage: "slow" },
    { errorCode: "LIVE.100011005" },
    { error_msg: "backend timeout" },
    { status: "on" },
  ];
  const unclear: (readonly ["tencent" | "alibaba" | "huawei", unknown])[] = [
    ...others.flatMap((body) => [["alibaba", body] as const, ["huawei", body] as const]),
    ...others.map((body) => ["tencent", { Response: body }] as const),
    ["alibaba", { RequestId: "" }],
    ["alibaba", { error_code: "APIGW.0308", error_msg: "slow" }],
    ["alibaba", { RequestId: "r", ErrorCode: "Throttling" }],
    ["alibaba", { RequestId: "r", code: "Forbidden.RAM" }],
    ["huawei", { request_id: "r", ErrorCode: "LIVE.100011005" }],
    ["huawei", { request_id: "r", success: false }],
    ["huawei", { RequestId: "r", Code: "Throttling.User", Message: "slow" }],
    ["tencent", { Response: { error: { code: "InternalError" }, requestId: "r" } }],
    ["tencent", { Response: { Errors: [{ Code: "InternalError" }], RequestId: "r" } }],
    ["tencent", { Response: { CertificateId: "abcd1234" } }],
  ];
  it.each(unclear)("the outcome of a change is unknown: %s %j", async (cloud, body) => {
    const client = await clientOf((socket) => socket.end(httpReply(200, JSON.stringify(body))));
    expect(await failureOf(client, calls[cloud])).toMatchObject({
      changed: "unknown",
      happened: expect.stringMatching(/JSON that is neither a result nor an error of its API/),
    });
  });

  it.each([
    ["read", '{"Response":{}}'],
    ["read", '{"Response":{"TotalCount":0,"Certificates":[]}}'],
    ["alibabaRead", "{}"],
    ["alibabaRead", '{"TotalCount":0}'],
    ["huaweiRead", "{}"],
    ["huaweiRead", ""],
    ["huaweiRead", '{"status":"login_required"}'],
    ["huaweiRead", '{"total":0,"login":"required"}'],
  ] as const)("a read is an error, no empty list: %s %s", async (call, body) => {
    const client = await clientOf((socket) => socket.end(httpReply(200, body)));
    expect(await failureOf(client, calls[call])).toMatchObject({ kind: "cloud", changed: "no" });
  });

  it.each([
    ["alibaba", {}, { "x-acs-request-id": "r" }],
    ["alibaba", { RequestId: "r", Errors: [], code: 200, message: "OK" }, {}],
    ...["200", "OK", "Success", "success"].map((Code) => ["alibaba", { RequestId: "r", Code }, {}] as const),
    ["huawei", {}, { "x-request-id": "r" }],
    ["huawei", { domain: "play.example.com" }, { "x-request-id": "r" }],
    ["huaweiRead", { total: 0, domain_info: [] }, {}],
    ["huaweiRead", { total: 0, page: 1 }, { "x-request-id": "r" }],
    ["tencent", { Response: { RequestId: "r", New: 1 } }, {}],
  ] as const)("the vendor's own is one: %s %j %j", async (call, body, headers) => {
    const client = await clientOf((socket) => socket.end(httpReply(200, JSON.stringify(body), headers)));
    const [operation, params] = calls[call];
    expect(await sendWith(client, operation, params, new AbortController().signal)).toMatchObject({ ok: true });
  });
});

describe("a reply without an error that says no", () => {
  const id = { CertificateId: "abcd1234" };
  const letter = { ...id, ConfirmLetter: "" };
  const project = { CertificateIdList: ["abcd1234", "wxyz9876"], ProjectId: 5 };
  const record = { DeployRecordId: 9 };
  const update = { OldCertificateId: "abcd1234", CertificateId: "wxyz9876", ResourceTypes: ["cdn"] };
  it.each([
    [deleteCertificate, id, { DeleteResult: false }, "no", "DeleteResult is false"],
    [deleteCertificate, id, { DeleteResult: "false", TaskId: null }, "no", "DeleteResult is false"],
    [cancelAuditCertificate, id, { Result: false }, "no", "Result is false"],
    [uploadConfirmLetter, letter, { IsSuccess: false }, "no", "IsSuccess is false"],
    [batchDeleteCSR, { CSRIds: [1, 2] }, { Success: [] }, "no", "not done: 1, 2"],
    [batchDeleteCSR, { CSRIds: [1, 2] }, { Success: null }, "no", "not done: 1, 2"],
    [batchDeleteCSR, { CSRIds: [1, 2, 1] }, { Success: [1] }, "partly", "not done: 2; done: 1"],
    [
      modifyCertificateProject,
      project,
      { SuccessCertificates: [], FailCertificates: ["wxyz9876", "abcd1234"] },
      "no",
      "not done: abcd1234, wxyz9876",
    ],
    [
      modifyCertificateProject,
      project,
      { SuccessCertificates: ["abcd1234"], FailCertificates: ["wxyz9876"] },
      "partly",
      "not done: wxyz9876; done: abcd1234",
    ],
    [
      modifyCertificateProject,
      project,
      { SuccessCertificates: ["abcd1234"], FailCertificates: null },
      "unknown",
      "not done: wxyz9876; done: abcd1234",
    ],
    [updateCertificateInstance, update, { DeployRecordId: -1, DeployStatus: 1 }, "unknown", "DeployRecordId is -1"],
    [updateCertificateInstance, update, { DeployRecordId: 9, DeployStatus: -1 }, "unknown", "DeployStatus is -1"],
    [updateCertificateRecordRollback, record, { DeployRecordId: -1 }, "unknown", "DeployRecordId is -1"],
  ] as const)("is an error: $name %j %j", async (operation: Operation, params, members, changed, says) => {
    const body = JSON.stringify({ Response: { ...members, RequestId: "r" } });
    let requests = 0;
    const client = await clientOf((socket) => {
      requests += 1;
      socket.end(httpReply(200, body));
    });
    const facts = await failureOf(client, [operation, params]);
    expect(facts).toMatchObject({ kind: "cloud", changed, sent: true, requestId: "r" });
    expect(facts.happened).toContain(`answered ${operation.name} without an error, but said no: ${says}.`);
    expect(facts.next).toContain("Read the current state");
    expect(requests).toBe(1);
  });

  it.each([
    [deleteCertificate, id, { DeleteResult: true }],
    [deleteCertificate, { ...id, IsCheckResource: true }, { DeleteResult: false, TaskId: "17" }],
    [batchDeleteCSR, { CSRIds: [1, 2] }, { Success: [2, 1] }],
    [modifyCertificateProject, project, { SuccessCertificates: ["wxyz9876", "abcd1234"], FailCertificates: [] }],
    [cancelAuditCertificate, id, { Result: null }],
    [updateCertificateInstance, update, { DeployRecordId: 0, DeployStatus: null }],
  ] as const)("one that does not is a success: %j %j", async (operation: Operation, params, members) => {
    const body = JSON.stringify({ Response: { ...members, RequestId: "r" } });
    const client = await clientOf((socket) => socket.end(httpReply(200, body)));
    expect(await sendWith(client, operation, params, new AbortController().signal)).toMatchObject({ ok: true });
  });

  it("is read wherever the documents have a member that can say it", () => {
    const mute = [...operations, ...companions].flatMap((operation) => {
      const members = Object.entries<z.ZodTypeAny>(operation.result.shape);
      const canDeny = members.some(
        ([name, type]) => innermost(type) instanceof z.ZodBoolean || /success|fail|result$/i.test(name),
      );
      return operation.effect !== "read" && altersAccount(operation) && canDeny && operation.denial === undefined
        ? [operation.name]
        : [];
    });
    expect(mute).toEqual([]);
  });
});
