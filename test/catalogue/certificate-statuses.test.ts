import { describe, expect, it } from "vitest";
import type { CertificateState, CurrentState } from "../../src/catalogue/current-state-types.js";
import { operations } from "../../src/catalogue/index.js";
import type { ChangeOperation, Operation } from "../../src/catalogue/operation.js";
import { deleteCertificate } from "../../src/catalogue/tencent-ssl/delete-certificate.js";
import { describeCertificateBindResourceTaskResult } from "../../src/catalogue/tencent-ssl/describe-certificate-bind-resource-task-result.js";
import { describeCertificates } from "../../src/catalogue/tencent-ssl/describe-certificates.js";
import { describeDeleteCertificatesTaskResult } from "../../src/catalogue/tencent-ssl/describe-delete-certificates-task-result.js";
import { describeHostUpdateRecordDetail } from "../../src/catalogue/tencent-ssl/describe-host-update-record-detail.js";
import { unlessDeployable } from "../../src/catalogue/tencent-ssl/preconditions.js";
import { revokeCertificate } from "../../src/catalogue/tencent-ssl/revoke-certificate.js";
import { describeStatus, mayStillBeIssued, statusWithCode } from "../../src/catalogue/tencent-ssl/statuses.js";

/* What each status of a certificate at Tencent Cloud SSL means for the program (docs/cloud-behaviour.md 3.2). */

const documented = [
  "under review",
  "issued",
  "review failed",
  "expired",
  "DNS record added, being validated",
  "paid, documents awaited",
  "order being cancelled",
  "cancelled",
  "documents in, confirmation letter awaited",
  "being revoked",
  "revoked",
  "being reissued",
  "revocation letter awaited",
  "free, documents awaited",
  "refunded",
  "being migrated",
];
const undocumented = documented.length;
const all = [...documented.keys(), undocumented];

const ordered: CertificateState = {
  status: undefined,
  remark: undefined,
  projectId: undefined,
  endsAt: undefined,
  appliedAt: undefined,
  isUploaded: false,
  isCa: false,
  isFree: false,
  isFilledIn: true,
  replacedBy: undefined,
  use: { total: 0, resources: [], isWhole: true },
};
const id = "8xZ3kQ1p";

const stateAt = (status: number): CurrentState => ({
  redirect: () => undefined,
  now: 0,
  certificate: () => ({ ...ordered, status }),
  edges: () => undefined,
  csr: () => undefined,
  deployment: () => undefined,
  host: () => undefined,
  stored: undefined,
});

const documentedOperations: readonly Operation[] = operations;
const changes = new Map(
  [...documentedOperations, revokeCertificate].flatMap((each): [string, ChangeOperation][] =>
    each.effect === "read" ? [] : [[each.name, each]],
  ),
);

function changeNamed(name: string): ChangeOperation {
  const found = changes.get(name);
  if (found === undefined) throw new Error(`${name} changes nothing`);
  return found;
}

const obstaclesOf = (name: string, status: number) => {
  const operation = changeNamed(name);
  return operation.obstacles?.(operation.params.parse(operation.example), stateAt(status)) ?? [];
};

it("a status is told in words, and an undocumented one by its number", () => {
  expect(all.map((code) => String(describeStatus(code)))).toEqual([...documented, `status ${undocumented}`]);
  expect(all.filter((code) => statusWithCode(code) === undefined)).toEqual([undocumented]);
  expect(String(describeStatus(null))).toBe("not reported");
  expect(statusWithCode(null)).toBeUndefined();
  const meanings = describeCertificates.replyFacts?.meanings?.["Certificates.Status"];
  expect([...(meanings ?? [])]).toEqual(documented.map((words, code) => [String(code), words]));
});

it("a status says whether a certificate that is not there may still come", () => {
  expect(all.filter((code) => mayStillBeIssued(code))).toEqual([0, 4, 5, 8, 11, 13, 15]);
  expect(mayStillBeIssued(undefined)).toBe(true);
});

/** Where the documents do not say what is allowed, the cloud decides. */
const unclear = [12, 13, 15, undocumented];

describe("a status stands in the way of an operation unless it is one of", () => {
  it.each([
    ["CancelAuditCertificate", [0, 4, 8]],
    ["CancelCertificateOrder", [0, 4, 5, 8]],
    ["CommitCertificateInformation", [5]],
    ["DownloadCertificate", [1, 9, 11]],
    ["ModifyCertificateResubmit", [2, 7]],
    ["ReplaceCertificate", [1]],
    ["SubmitCertificateInformation", [5]],
    ["UploadConfirmLetter", [8]],
  ])("%s: %j", (name, allowed) => {
    const free = all.filter((status) => obstaclesOf(name, status).length === 0);
    expect(free).toEqual([...allowed, ...unclear].sort((a, b) => a - b));
  });

  it("RevokeCertificate, where it has begun already from 9 on", () => {
    const says = (status: number) => obstaclesOf("RevokeCertificate", status).map((each) => String(each.says));
    expect(all.filter((status) => says(status).length === 0)).toEqual([1, 11, 13, 15, undocumented]);
    expect(all.filter((status) => says(status).join().includes("already"))).toEqual([9, 10, 12]);
  });

  it("DeleteCertificate, for what was ordered and what was uploaded", () => {
    const params = { CertificateId: id };
    const free = (isUploaded: boolean) =>
      all.filter((status) => {
        const state = { ...stateAt(status), certificate: () => ({ ...ordered, status, isUploaded }) };
        return deleteCertificate.obstacles?.(params, state).length === 0;
      });
    expect(free(false)).toEqual([2, 3, 7, 10, 14, ...unclear.filter((each) => each !== 14)].sort((a, b) => a - b));
    expect(free(true)).toEqual(all.filter((status) => status !== 11));
  });

  it("deploying it", () => {
    const free = all.filter((status) => unlessDeployable(id, stateAt(status)).length === 0);
    expect(free).toEqual([1, 11, ...unclear]);
  });
});

it("a status decides what is next for an order", () => {
  const next = (name: string, status: number) =>
    obstaclesOf(name, status)
      .map((each) => String(each.next))
      .join();
  const reopened = all.filter((status) => next("UploadConfirmLetter", status).includes("ModifyCertificateResubmit"));
  expect(reopened).toEqual([2, 7]);
  expect(all.filter((status) => next("CancelCertificateOrder", status).includes("is deleted"))).toEqual([1]);
});

it.each([
  ["CancelAuditCertificate", [2, 5]],
  ["CancelCertificateOrder", [6, 7]],
  ["CommitCertificateInformation", []],
  ["RevokeCertificate", [9, 10, 12]],
])("proves that %s took effect where its reply was lost: %j", (name, proving) => {
  const operation = changeNamed(name);
  const verification = operation.verifyWith?.(operation.params.parse(operation.example));
  const proven = all.filter((Status) => verification?.matches({ CertificateId: id, Status }));
  expect(proven).toEqual(proving);
});

it.each<[Operation, string, Readonly<Record<number, string>>]>([
  [
    describeCertificateBindResourceTaskResult,
    "SyncTaskBindResourceResult.Status",
    { 0: "running", 1: "done", 2: "failed" },
  ],
  [
    describeDeleteCertificatesTaskResult,
    "DeleteTaskResult.Status",
    {
      0: "running",
      1: "deleted",
      2: "failed",
      3: "failed: the service role is not granted",
      4: "failed: cloud resources still use the certificate",
      5: "failed: the search for bound resources timed out",
    },
  ],
  [
    describeHostUpdateRecordDetail,
    "RecordDetailList.List.Status",
    {
      0: "to be deployed",
      1: "deployed",
      2: "failed",
      3: "being deployed",
      4: "rolled back",
      5: "rollback failed",
      6: "no resource, nothing to do",
    },
  ],
])("a task of $name has its documented statuses, too", ({ replyFacts }, path, meanings) => {
  expect(Object.fromEntries(replyFacts?.meanings?.[path] ?? [])).toEqual(meanings);
});
