import { beforeEach, describe, expect, it } from "vitest";
import { createCertificateBindResourceSyncTask } from "../../src/catalogue/tencent-ssl/create-certificate-bind-resource-sync-task.js";
import { deleteCertificate } from "../../src/catalogue/tencent-ssl/delete-certificate.js";
import { describeCertificateBindResourceTaskDetail } from "../../src/catalogue/tencent-ssl/describe-certificate-bind-resource-task-detail.js";
import { describeCertificateBindResourceTaskResult } from "../../src/catalogue/tencent-ssl/describe-certificate-bind-resource-task-result.js";
import { describeCertificateDetail } from "../../src/catalogue/tencent-ssl/describe-certificate-detail.js";
import { describeCertificates } from "../../src/catalogue/tencent-ssl/describe-certificates.js";
import { describeHostTeoInstanceList } from "../../src/catalogue/tencent-ssl/describe-host-teo-instance-list.js";
import { describeHostUpdateRecord } from "../../src/catalogue/tencent-ssl/describe-host-update-record.js";
import { describeHostUpdateRecordDetail } from "../../src/catalogue/tencent-ssl/describe-host-update-record-detail.js";
import { updateCertificateInstance } from "../../src/catalogue/tencent-ssl/update-certificate-instance.js";
import { updateCertificateRecordRetry } from "../../src/catalogue/tencent-ssl/update-certificate-record-retry.js";
import { updateCertificateRecordRollback } from "../../src/catalogue/tencent-ssl/update-certificate-record-rollback.js";
import { day, hour, minute, second, TestAccount } from "./tencent-ssl-account.js";

let test: TestAccount;
let nextId: string;
beforeEach(async () => {
  test = await TestAccount.open();
  nextId = test.idOf("storefront, next");
});

type Params = Parameters<typeof test.call<typeof updateCertificateInstance.params>>[1];

const everywhere = (): Params => ({
  OldCertificateId: test.boundId,
  CertificateId: nextId,
  ResourceTypes: ["clb", "cdn", "teo"],
  ResourceTypesRegions: [{ ResourceType: "clb", Regions: ["ap-singapore", "ap-hongkong"] }],
});
const update = (params: Params = everywhere()) => test.call(updateCertificateInstance, params);
const refused = (change: Partial<Params>) => test.refusal(updateCertificateInstance, { ...everywhere(), ...change });

/** Calls until the resources are looked through. */
const start = async (params: Params = everywhere()): Promise<number> => {
  await update(params);
  test.wait(minute);
  const { DeployRecordId } = await update(params);
  return DeployRecordId;
};
const record = (id: number) => test.call(describeHostUpdateRecordDetail, { DeployRecordId: String(id), Limit: "100" });

interface Item {
  readonly Id: number;
  readonly Status: number;
  readonly ErrorMsg: string;
}
const itemsOf = async (id: number): Promise<Item[]> =>
  (await record(id)).RecordDetailList.flatMap(({ List }: { List: Item[] }) => List);
const statusesOf = async (id: number) => (await itemsOf(id)).map(({ Status }) => Status);

/** Every place that can serve a certificate, as the resources themselves have it. */
const served = () => {
  const { loadBalancers, cdnDomains } = test.account.ssl;
  const listeners = loadBalancers.flatMap((balancer) => balancer.listeners);
  const hosts = [...test.account.zones.values()].flatMap((zone) => [...zone.hosts.values()]);
  return [
    ...listeners.flatMap((listener) => [listener, ...listener.rules]).map(({ certificateId }) => certificateId),
    ...cdnDomains.map(({ certificateId }) => certificateId),
    ...hosts.flatMap(({ certificateIds }) => certificateIds),
  ].filter((id) => id !== undefined);
};

describe("a one-click update", () => {
  it("looks through the resources, then makes a record", async () => {
    expect(await update()).toMatchObject({
      DeployRecordId: 0,
      DeployStatus: 1,
      UpdateSyncProgress: [
        {
          ResourceType: "clb",
          Status: 3,
          UpdateSyncProgressRegions: [
            { Region: "ap-singapore", Status: 3, TotalCount: 2, OffsetCount: 0 },
            { Region: "ap-hongkong", Status: 0, TotalCount: 0 },
          ],
        },
        { ResourceType: "cdn", Status: 0 },
        { ResourceType: "teo", Status: 0 },
      ],
    });
    test.wait(10 * second);
    expect((await update()).UpdateSyncProgress).toMatchObject([{ Status: 1 }, { Status: 3 }, { Status: 0 }]);
    test.wait(10 * second);
    const started = await update();
    expect(started).toMatchObject({
      DeployStatus: 1,
      UpdateSyncProgress: [{ Status: 1 }, { Status: 1 }, { Status: 1 }],
    });
    expect(started.DeployRecordId).toBeGreaterThan(0);
    expect(await update()).toMatchObject({ DeployStatus: 0, DeployRecordId: started.DeployRecordId });
  });

  it("makes the record at the next call, however late that comes", async () => {
    await update();
    test.wait(2 * hour);
    expect((await update()).DeployRecordId).toBeGreaterThan(0);
  });

  it("moves every resource, one after the other", async () => {
    expect(served()).toEqual(Array.from({ length: 5 }, () => test.boundId));
    const id = await start();
    expect(await statusesOf(id)).toEqual([0, 0, 0, 0, 0]);
    test.wait(3 * second);
    expect(await statusesOf(id)).toEqual([3, 0, 0, 0, 0]);
    expect(await record(id)).toMatchObject({ RunningTotalCount: 1, PendingTotalCount: 4 });
    test.wait(5 * second);
    expect(await statusesOf(id)).toEqual([1, 3, 3, 3, 0]);
    expect(served().filter((served) => served === nextId)).toHaveLength(1);
    test.wait(minute);
    expect(await record(id)).toMatchObject({
      TotalCount: 5,
      SuccessTotalCount: 5,
      FailedTotalCount: 0,
      RunningTotalCount: 0,
      PendingTotalCount: 0,
    });
    expect(served()).toEqual(Array.from({ length: 5 }, () => nextId));
  });

  it("tells of each resource where it is", async () => {
    const id = await start();
    test.wait(minute);
    const { RecordDetailList } = await record(id);
    expect(RecordDetailList).toMatchObject([
      { ResourceType: "clb", TotalCount: 3 },
      { ResourceType: "cdn", TotalCount: 1, List: [{ Domains: ["static.example.com"], Region: "" }] },
      { ResourceType: "teo", TotalCount: 1, List: [{ Domains: ["www.example.com"] }] },
    ]);
    expect(RecordDetailList[0].List[0]).toMatchObject({
      Region: "ap-singapore",
      InstanceId: "lb-5k2v8q1t",
      SniSwitch: 1,
      Domains: ["www.example.com"],
      CreateTime: "2026-04-01T03:01:00.000000Z",
      UpdateTime: "2026-04-01T03:01:07.000000Z",
      OldAlgorithm: "ECC prime256v1",
    });
    const page = await test.call(describeHostUpdateRecordDetail, {
      DeployRecordId: String(id),
      Limit: "2",
      Offset: "2",
    });
    expect(page.RecordDetailList).toMatchObject([
      { ResourceType: "clb", List: [{ Region: "ap-hongkong" }] },
      { ResourceType: "cdn" },
    ]);
  });

  it("is listed by either certificate", async () => {
    const id = await start();
    test.wait(minute);
    const list = (params: object) => test.call(describeHostUpdateRecord, params);
    expect(await list({ CertificateId: nextId })).toMatchObject({
      TotalCount: 1,
      DeployRecordList: [{ Id: id, OldCertId: test.boundId, Status: 1, Regions: ["ap-singapore", "ap-hongkong"] }],
    });
    expect(await list({ OldCertificateId: nextId })).toEqual({ TotalCount: 0, DeployRecordList: null });
  });

  it("keeps to the regions and products that are named", async () => {
    const regions = { ResourceTypesRegions: [{ ResourceType: "clb" as const, Regions: ["ap-hongkong"] }] };
    const id = await start({ ...everywhere(), ResourceTypes: ["clb"], ...regions });
    test.wait(minute);
    expect(await statusesOf(id)).toEqual([1]);
    expect(served().filter((served) => served === test.boundId)).toHaveLength(4);
  });

  it("silences the old certificate's reminders on request", async () => {
    await start({ ...everywhere(), ExpiringNotificationSwitch: 1 });
    const { Certificates } = await test.call(describeCertificates, { CertIds: [test.boundId] });
    expect(Certificates).toMatchObject([{ IsIgnore: true }]);
  });

  it("takes the new certificate in PEM, and stores it with every call", async () => {
    const pem = await test.call(describeCertificateDetail, { CertificateId: nextId });
    const { CertificatePublicKey, CertificatePrivateKey } = pem;
    const { CertificateId: _, ...rest } = everywhere();
    const params = { ...rest, CertificatePublicKey, CertificatePrivateKey };
    const before = test.account.ssl.certificates.size;
    const id = await start(params);
    expect(test.account.ssl.certificates.size).toBe(before + 2);
    test.wait(minute);
    expect((await statusesOf(id)).every((status) => status === 1)).toBe(true);
    const old = { ...params, OldCertificateId: test.idOf("mail") };
    expect(await test.refusal(updateCertificateInstance, { ...old, Repeatable: false })).toBe(
      "FailedOperation.CertificateExists",
    );
  });

  it("is refused in the documented cases", async () => {
    expect(await refused({ OldCertificateId: "nothing1" })).toBe("FailedOperation.CertificateNotFound");
    expect(await refused({ CertificateId: "nothing1" })).toBe("FailedOperation.CertificateNotFound");
    expect(await refused({ CertificateId: test.boundId })).toBe("FailedOperation.InvalidParam");
    expect(await refused({ CertificateId: undefined })).toBe("FailedOperation.InvalidParam");
    expect(await refused({ CertificatePublicKey: "x" })).toBe("FailedOperation.InvalidParam");
    expect(await refused({ ResourceTypesRegions: undefined })).toBe("FailedOperation.InvalidParam");
    expect(await refused({ ResourceTypes: [] })).toBe("FailedOperation.CertificateHostResourceTypeInvalid");
    expect(await refused({ CertificateId: test.idOf("sandbox root") })).toBe("FailedOperation.CertificateNotAvailable");
    expect(await refused({ CertificateId: test.idOf("preview.example.org") })).toBe(
      "FailedOperation.CertificateNotAvailable",
    );
    expect(await refused({ OldCertificateId: test.idOf("sandbox root") })).toBe(
      "FailedOperation.CertificateHostDeployCanNotAllow",
    );
  });

  it("of nothing ends once that is known", async () => {
    const unused = { ...everywhere(), OldCertificateId: nextId, CertificateId: test.boundId };
    const elsewhere = { ...everywhere(), ResourceTypes: ["live" as const] };
    await update(unused);
    await update(elsewhere);
    test.wait(minute);
    expect(await refused(unused)).toBe("FailedOperation.CertificateDeployInstanceEmpty");
    expect(await refused(elsewhere)).toBe("FailedOperation.CertificateDeployInstanceEmpty");
  });

  it("waits for a deployment that concerns the certificate", async () => {
    const id = await start();
    const code = "FailedOperation.CertificateDeployHasPendingRecord";
    expect(await refused({ OldCertificateId: nextId, CertificateId: test.boundId })).toBe(code);
    expect(await test.refusal(updateCertificateRecordRetry, { DeployRecordId: id })).toBe(code);
    expect(await test.refusal(updateCertificateRecordRollback, { DeployRecordId: id })).toBe(code);
  });

  it("has nothing to do where the certificate was taken away meanwhile", async () => {
    const id = await start();
    for (const domain of test.account.ssl.cdnDomains) domain.certificateId = undefined;
    test.wait(minute);
    expect(await statusesOf(id)).toEqual([1, 1, 1, 6, 1]);
    expect(await record(id)).toMatchObject({ SuccessTotalCount: 5 });
  });
});

describe("a failed item", () => {
  const failing = async () => {
    for (const domain of test.account.ssl.cdnDomains) domain.status = "offline";
    const id = await start();
    test.wait(minute);
    return id;
  };

  it("says why, and can be tried again once the reason is gone", async () => {
    const id = await failing();
    expect(await statusesOf(id)).toEqual([1, 1, 1, 2, 1]);
    const failed = (await itemsOf(id)).find(({ Status }) => Status === 2);
    expect(failed?.ErrorMsg).toContain("static.example.com is offline");
    for (const domain of test.account.ssl.cdnDomains) domain.status = "online";
    expect(await test.call(updateCertificateRecordRetry, { DeployRecordDetailId: failed?.Id })).toEqual({});
    expect(await statusesOf(id)).toEqual([1, 1, 1, 0, 1]);
    test.wait(minute);
    expect(await statusesOf(id)).toEqual([1, 1, 1, 1, 1]);
  });

  it("is the only kind that is tried again", async () => {
    const id = await failing();
    const items = await itemsOf(id);
    const retry = (params: object) => test.refusal(updateCertificateRecordRetry, params);
    expect(await retry({ DeployRecordId: id, DeployRecordDetailId: items[0]?.Id })).toBe(
      "FailedOperation.CertificateDeployRetryStatusInvalid",
    );
    expect(await retry({})).toBe("FailedOperation.InvalidParam");
    expect(await retry({ DeployRecordId: 1 })).toBe("FailedOperation.InvalidParam");
    expect(await retry({ DeployRecordId: 1, DeployRecordDetailId: items[0]?.Id })).toBe("FailedOperation.InvalidParam");
  });

  it("comes of a certificate that does not cover the domain", async () => {
    const id = await start({ ...everywhere(), CertificateId: test.idOf("mail"), ResourceTypes: ["teo", "cdn"] });
    test.wait(minute);
    expect(await statusesOf(id)).toEqual([2, 2]);
    expect(await record(id)).toMatchObject({ FailedTotalCount: 2, SuccessTotalCount: 0 });
    expect(await test.refusal(updateCertificateRecordRollback, { DeployRecordId: id })).toBe(
      "FailedOperation.CertificateDeployRollbackStatusInvalid",
    );
  });

  it("has a record that exists", async () => {
    expect(await test.refusal(describeHostUpdateRecordDetail, { DeployRecordId: "1" })).toBe(
      "FailedOperation.CertificateDeployNotExist",
    );
  });
});

describe("a rollback", () => {
  it("puts the old certificate back, under a record of its own", async () => {
    const id = await start();
    test.wait(minute);
    const { DeployRecordId: undone } = await test.call(updateCertificateRecordRollback, { DeployRecordId: id });
    expect(undone).not.toBe(id);
    test.wait(minute);
    expect(await statusesOf(undone)).toEqual([4, 4, 4, 4, 4]);
    expect(await record(undone)).toMatchObject({ SuccessTotalCount: 5, RunningTotalCount: 0 });
    expect(served()).toEqual(Array.from({ length: 5 }, () => test.boundId));
    expect(await statusesOf(id)).toEqual([4, 4, 4, 4, 4]);
    const again = (DeployRecordId: number) => test.refusal(updateCertificateRecordRollback, { DeployRecordId });
    expect(await again(id)).toBe("FailedOperation.CertificateDeployRollbackStatusInvalid");
    expect(await again(undone)).toBe("FailedOperation.CertificateDeployDetailRollbackStatusInvalid");
    expect(await again(1)).toBe("FailedOperation.InvalidParam");
  });

  it("fails where the old certificate is gone", async () => {
    const id = await start();
    test.wait(minute);
    await test.call(deleteCertificate, { CertificateId: test.boundId });
    const { DeployRecordId } = await test.call(updateCertificateRecordRollback, { DeployRecordId: id });
    test.wait(minute);
    expect(await statusesOf(DeployRecordId)).toEqual([5, 5, 5, 5, 5]);
    expect(served()).toEqual(Array.from({ length: 5 }, () => nextId));
  });
});

describe("a binding task", () => {
  const begin = async (CertificateIds: string[], IsCache = 1): Promise<string[]> => {
    const { CertTaskIds } = await test.call(createCertificateBindResourceSyncTask, { CertificateIds, IsCache });
    return CertTaskIds.map(({ TaskId }: { TaskId: string }) => TaskId);
  };
  const result = (TaskIds: string[]) => test.call(describeCertificateBindResourceTaskResult, { TaskIds });
  const detail = (TaskId = "", params = {}) =>
    test.call(describeCertificateBindResourceTaskDetail, { TaskId, ...params });

  it("counts what uses the certificate", async () => {
    const tasks = await begin([test.boundId, nextId]);
    expect((await result(tasks)).SyncTaskBindResourceResult).toMatchObject([
      { Status: 0, BindResourceResult: null, CacheTime: null },
      { Status: 0 },
    ]);
    test.wait(15 * second);
    const { SyncTaskBindResourceResult: results } = await result(tasks);
    expect(results[0]).toMatchObject({ Status: 1, Error: null, CacheTime: "2026-04-01 11:00:15" });
    expect(results[0].BindResourceResult.slice(0, 4)).toEqual([
      {
        ResourceType: "clb",
        BindResourceRegionResult: [
          { Region: "ap-singapore", TotalCount: 1, Error: "" },
          { Region: "ap-hongkong", TotalCount: 1, Error: "" },
        ],
      },
      { ResourceType: "cdn", BindResourceRegionResult: [{ Region: "", TotalCount: 1, Error: "" }] },
      { ResourceType: "teo", BindResourceRegionResult: [{ Region: "", TotalCount: 1, Error: "" }] },
      { ResourceType: "waf", BindResourceRegionResult: null },
    ]);
  });

  it("tells each resource in full, filtered and by page", async () => {
    const [task] = await begin([test.boundId]);
    expect(await detail(task)).toMatchObject({ Status: 0, CLB: null, CDN: null, TEO: null });
    test.wait(minute);
    const found = await detail(task);
    expect(found).toMatchObject({
      Status: 1,
      CDN: [{ TotalCount: 1, InstanceList: [{ Domain: "static.example.com", Status: "online" }] }],
      TEO: [{ InstanceList: [{ Host: "www.example.com", CertId: test.boundId, Status: "Deployed" }] }],
    });
    expect(found.CLB).toMatchObject([
      {
        Region: "ap-singapore",
        InstanceList: [{ Listeners: [{ SniSwitch: 1, Certificate: null, Rules: [{ IsMatch: true }, {}] }] }],
      },
      { Region: "ap-hongkong", InstanceList: [{ Listeners: [{ Certificate: { CertId: test.boundId } }] }] },
    ]);
    const filtered = await detail(task, { ResourceTypes: ["CLB"], Regions: ["ap-hongkong"], Limit: "10", Offset: "1" });
    expect(filtered).toMatchObject({
      CLB: [{ Region: "ap-hongkong", InstanceList: null, TotalCount: 1 }],
      CDN: null,
      TEO: null,
    });
  });

  it("is reused while it runs, and for half an hour if that is wanted", async () => {
    const first = await begin([test.boundId], 0);
    expect(await begin([test.boundId], 0)).toEqual(first);
    test.wait(10 * minute);
    expect(await begin([test.boundId])).toEqual(first);
    const second = await begin([test.boundId], 0);
    expect(second).not.toEqual(first);
    test.wait(40 * minute);
    expect(await begin([test.boundId])).not.toEqual(second);
  });

  it("keeps what it found when things change afterwards", async () => {
    const [task] = await begin([test.boundId]);
    test.wait(minute);
    await result([task ?? ""]);
    for (const domain of test.account.ssl.cdnDomains) domain.certificateId = nextId;
    expect((await detail(task)).CDN).toMatchObject([{ InstanceList: [{ CertId: test.boundId }] }]);
  });

  it("keeps its result, however fast the sandbox's time passes for a slow reader", async () => {
    const tasks = await begin([test.boundId]);
    test.wait(minute);
    await result(tasks);
    test.wait(1_000 * day);
    expect((await result(tasks)).SyncTaskBindResourceResult).toMatchObject([{ Status: 1 }]);
  });

  it("fails when the certificate goes meanwhile, and is refused for what is not there", async () => {
    const tasks = await begin([nextId]);
    await test.call(deleteCertificate, { CertificateId: nextId });
    test.wait(minute);
    expect((await result(tasks)).SyncTaskBindResourceResult).toMatchObject([
      { Status: 2, Error: { Code: "FailedOperation.CertificateNotFound" } },
    ]);
    const gone = { CertificateIds: [nextId], IsCache: 1 };
    expect(await test.refusal(createCertificateBindResourceSyncTask, gone)).toBe("FailedOperation.CertificateNotFound");
    const code = "FailedOperation.CertificateSyncTaskIdInvalid";
    expect(await test.refusal(describeCertificateBindResourceTaskResult, { TaskIds: ["1"] })).toBe(code);
    expect(await test.refusal(describeCertificateBindResourceTaskDetail, { TaskId: "1" })).toBe(code);
  });
});

describe("the EdgeOne hosts for a certificate", () => {
  const hosts = async (params: object) => {
    const { InstanceList } = await test.call(describeHostTeoInstanceList, { CertificateId: nextId, ...params });
    return InstanceList.map(({ Host, CertId }: { Host: string; CertId: string | null }) => [Host, CertId]);
  };
  const matching = (FilterValue: "0" | "1") => ({ Filters: [{ FilterKey: "domainMatch" as const, FilterValue }] });

  it("are those that it covers, or the others", async () => {
    const both = [
      ["www.example.com", test.boundId],
      ["shop.example.com", null],
    ];
    expect(await hosts({})).toEqual(both);
    expect(await hosts(matching("1"))).toEqual(both);
    expect(await hosts(matching("0"))).toEqual([]);
    expect(await hosts({ CertificateId: test.idOf("mail"), ...matching("0") })).toHaveLength(2);
    expect(await hosts({ OldCertificateId: test.boundId })).toEqual(both.slice(0, 1));
    expect(await hosts({ Offset: 1, Limit: 1 })).toEqual(both.slice(1));
  });

  it("are told for certificates that can be deployed", async () => {
    const refusedFor = (CertificateId: string) => test.refusal(describeHostTeoInstanceList, { CertificateId });
    expect(await refusedFor("nothing1")).toBe("FailedOperation.CertificateNotFound");
    expect(await refusedFor(test.idOf("sandbox root"))).toBe("FailedOperation.CertificateNotAvailable");
  });
});
