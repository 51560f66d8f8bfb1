import { describeHostUpdateRecord } from "../../catalogue/tencent-ssl/describe-host-update-record.js";
import { describeHostUpdateRecordDetail } from "../../catalogue/tencent-ssl/describe-host-update-record-detail.js";
import { itemStatus } from "../../catalogue/tencent-ssl/record-replies.js";
import { updateCertificateRecordRetry } from "../../catalogue/tencent-ssl/update-certificate-record-retry.js";
import { updateCertificateRecordRollback } from "../../catalogue/tencent-ssl/update-certificate-record-rollback.js";
import type { Account } from "../account.js";
import { CloudError, existing } from "../refusal.js";
import { keyAlgorithmOf } from "./certificate-facts.js";
import { isRunning, pendingRecord, retry, runningDeployments, startRollback } from "./deployments.js";
import { latestFirst, listOrNull, localTime, pageOf, preciseTime } from "./format.js";
import { invalidParam } from "./lookup.js";
import { type ParamsOf, sslHandler } from "./ssl-handler.js";
import type { Deployment, DeploymentItem, ItemStatus } from "./state.js";

export const updateRecordHandlers = [
  sslHandler(describeHostUpdateRecord, list),
  sslHandler(describeHostUpdateRecordDetail, describe),
  sslHandler(updateCertificateRecordRetry, retryFailed),
  sslHandler(updateCertificateRecordRollback, rollBack),
];

function list(params: ParamsOf<typeof describeHostUpdateRecord>, account: Account) {
  const { CertificateId: newId, OldCertificateId: oldId, Offset = 0, Limit = 10 } = params;
  const matching = latestFirst(account.ssl.deployments.values(), ({ createdAt }) => createdAt).filter(
    ({ newCertificateId, oldCertificateId }) =>
      (!newId || newId === newCertificateId) && (!oldId || oldId === oldCertificateId),
  );
  return { TotalCount: matching.length, DeployRecordList: listOrNull(pageOf(matching, Offset, Limit).map(rowOf)) };
}

function rowOf(deployment: Deployment) {
  const { items, createdAt } = deployment;
  const updated = Math.max(...items.map(({ updatedAt }) => updatedAt.getTime()));
  return {
    Id: deployment.id,
    CertId: deployment.newCertificateId,
    OldCertId: deployment.oldCertificateId,
    ResourceTypes: deployment.resourceTypes,
    Regions: listOrNull(deployment.regions),
    Status: statusOf(deployment),
    CreateTime: localTime(createdAt),
    UpdateTime: localTime(new Date(updated)),
  };
}

/** The documents do not list the states of a record; it reports the worst state of its items. */
function statusOf({ items }: Deployment): ItemStatus {
  const { deploying, waiting, failed, rollbackFailed, rolledBack, deployed, nothingToDo } = itemStatus;
  const order = [deploying, waiting, failed, rollbackFailed, rolledBack, deployed];
  return order.find((status) => items.some((item) => item.status === status)) ?? nothingToDo;
}

function describe(params: ParamsOf<typeof describeHostUpdateRecordDetail>, account: Account) {
  const deployment = existing(
    account.ssl.deployments.get(Number(params.DeployRecordId)),
    "FailedOperation.CertificateDeployNotExist",
    `deployment record ${params.DeployRecordId}`,
  );
  const { items } = deployment;
  const { deployed, rolledBack, nothingToDo, failed, rollbackFailed, deploying, waiting } = itemStatus;
  const count = (...statuses: ItemStatus[]) => items.filter(({ status }) => statuses.includes(status)).length;
  const page = pageOf(items, Number(params.Offset ?? 0), Number(params.Limit ?? 10));
  return {
    TotalCount: items.length,
    RecordDetailList: byType(page, deployment, account),
    SuccessTotalCount: count(deployed, rolledBack, nothingToDo),
    FailedTotalCount: count(failed, rollbackFailed),
    RunningTotalCount: count(deploying),
    PendingTotalCount: count(waiting),
  };
}

function byType(page: readonly DeploymentItem[], deployment: Deployment, account: Account) {
  const types = [...new Set(page.map(({ binding }) => binding.type))];
  return types.map((type) => ({
    ResourceType: type,
    List: page.flatMap((item) => (item.binding.type === type ? [itemMembers(item, deployment, account)] : [])),
    TotalCount: deployment.items.filter(({ binding }) => binding.type === type).length,
  }));
}

function itemMembers(item: DeploymentItem, deployment: Deployment, { ssl }: Account) {
  const { binding } = item;
  const { balancer, listener, rule } = binding.listener ?? {};
  const algorithmOf = (id: string) => {
    const certificate = ssl.certificates.get(id);
    return (certificate && keyAlgorithmOf(certificate)) ?? null;
  };
  return {
    Id: item.id,
    CertId: deployment.newCertificateId,
    OldCertId: deployment.oldCertificateId,
    Domains: binding.domains,
    ResourceType: binding.type,
    Region: binding.region,
    Status: item.status,
    ErrorMsg: item.error,
    CreateTime: preciseTime(item.createdAt),
    UpdateTime: preciseTime(item.updatedAt),
    InstanceId: balancer?.id ?? "",
    InstanceName: balancer?.name ?? "",
    ListenerId: listener?.id ?? "",
    ListenerName: listener?.name ?? "",
    Protocol: listener?.protocol ?? "",
    SniSwitch: listener?.sni ? 1 : 0,
    Bucket: "",
    Port: listener?.port ?? 0,
    Namespace: "",
    SecretName: "",
    EnvId: "",
    TCBType: "",
    Url: rule?.url ?? null,
    Algorithm: algorithmOf(deployment.newCertificateId),
    OldAlgorithm: algorithmOf(deployment.oldCertificateId),
    InstanceStatus: null,
    ListenerStatus: null,
  };
}

function retryFailed(params: ParamsOf<typeof updateCertificateRecordRetry>, account: Account) {
  const { deployment, items } = retryTarget(params, account);
  if (isRunning(deployment)) throw pendingRecord();
  const failed = items.filter(({ status }) => status === itemStatus.failed);
  if (failed.length === 0) {
    throw new CloudError("FailedOperation.CertificateDeployRetryStatusInvalid", "Nothing in the record has failed.");
  }
  retry(account, failed);
  return {};
}

/** The record, and the requested item or all of them. */
function retryTarget(
  { DeployRecordId: recordId, DeployRecordDetailId: itemId }: ParamsOf<typeof updateCertificateRecordRetry>,
  { ssl }: Account,
): Pick<Deployment, "items"> & { readonly deployment: Deployment } {
  if (recordId === undefined && itemId === undefined) {
    throw invalidParam("DeployRecordId or DeployRecordDetailId is needed.");
  }
  for (const deployment of ssl.deployments.values()) {
    if (recordId !== undefined && deployment.id !== recordId) continue;
    const items = deployment.items.filter(({ id }) => itemId === undefined || id === itemId);
    if (items.length > 0) return { deployment, items };
  }
  throw noSuchRecord(recordId ?? itemId);
}

function rollBack({ DeployRecordId: id }: ParamsOf<typeof updateCertificateRecordRollback>, account: Account) {
  const deployment = id === undefined ? undefined : account.ssl.deployments.get(id);
  if (deployment === undefined) throw noSuchRecord(id);
  refusePending(deployment, account);
  if (deployment.kind === "rollback") {
    throw new CloudError(
      "FailedOperation.CertificateDeployDetailRollbackStatusInvalid",
      `Record ${id} is itself a rollback.`,
    );
  }
  if (!deployment.items.some(({ status }) => status === itemStatus.deployed)) {
    throw new CloudError(
      "FailedOperation.CertificateDeployRollbackStatusInvalid",
      `Record ${id} has no deployment to roll back.`,
    );
  }
  return { DeployRecordId: startRollback(account, deployment).id };
}

/** The two certificates must not be part of another running update. */
function refusePending({ oldCertificateId, newCertificateId }: Deployment, account: Account): void {
  const involved = [oldCertificateId, newCertificateId];
  const busy = runningDeployments(account).some(
    (running) => involved.includes(running.oldCertificateId) || involved.includes(running.newCertificateId),
  );
  if (busy) throw pendingRecord();
}

/** These two operations do not list the code of the read. */
function noSuchRecord(id: number | undefined): CloudError {
  return invalidParam(`This sandbox has no deployment record ${id ?? "(not given)"}.`);
}
