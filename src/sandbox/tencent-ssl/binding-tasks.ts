import { taskStatus } from "../../catalogue/tencent-ssl/binding-replies.js";
import { createCertificateBindResourceSyncTask } from "../../catalogue/tencent-ssl/create-certificate-bind-resource-sync-task.js";
import { describeCertificateBindResourceTaskDetail } from "../../catalogue/tencent-ssl/describe-certificate-bind-resource-task-detail.js";
import { describeCertificateBindResourceTaskResult } from "../../catalogue/tencent-ssl/describe-certificate-bind-resource-task-result.js";
import { describeHostTeoInstanceList } from "../../catalogue/tencent-ssl/describe-host-teo-instance-list.js";
import type { Account } from "../account.js";
import { covers } from "../certificate.js";
import { existing } from "../refusal.js";
import type { BoundResources } from "./bindings.js";
import { balancerMembers, cdnMembers, hostMembers } from "./bound-resources.js";
import { certificateNamesOf } from "./certificate-facts.js";
import { listOrNull, localTimeOrNull, pageOf } from "./format.js";
import { ownedCertificate, refuseUndeployable } from "./lookup.js";
import { hostsOf } from "./resources.js";
import { type ParamsOf, sslHandler } from "./ssl-handler.js";
import type { BindingTask } from "./state.js";
import { bindingCacheTime } from "./timing.js";

export const bindingTaskHandlers = [
  sslHandler(createCertificateBindResourceSyncTask, create),
  sslHandler(describeCertificateBindResourceTaskResult, result),
  sslHandler(describeCertificateBindResourceTaskDetail, detail),
  sslHandler(describeHostTeoInstanceList, hostList),
];

function create(params: ParamsOf<typeof createCertificateBindResourceSyncTask>, account: Account) {
  const ids = [...new Set(params.CertificateIds)];
  for (const id of ids) ownedCertificate(account, id);
  const taskFor = (id: string) => reusableTask(account, id, params.IsCache === 1) ?? startTask(account, id);
  return { CertTaskIds: ids.map((id) => ({ CertId: id, TaskId: taskFor(id).id })) };
}

/** A running task, or one that ended recently if the cache is allowed. */
function reusableTask({ ssl, clock }: Account, certificateId: string, cache: boolean): BindingTask | undefined {
  return [...ssl.bindingTasks.values()].findLast(
    ({ certificateId: other, outcome }) =>
      other === certificateId && (outcome === undefined || (cache && clock.since(outcome.at) < bindingCacheTime)),
  );
}

/** Tasks that are kept, whatever their age: more than an inventory of a large account starts. */
const MAX_TASKS = 10_000;

function startTask({ ssl, clock }: Account, certificateId: string): BindingTask {
  const task: BindingTask = { id: ssl.ids.task(), certificateId, startedAt: clock.now() };
  ssl.bindingTasks.set(task.id, task);
  const [oldest] = ssl.bindingTasks.keys();
  if (oldest !== undefined && ssl.bindingTasks.size > MAX_TASKS) ssl.bindingTasks.delete(oldest);
  return task;
}

function result({ TaskIds }: ParamsOf<typeof describeCertificateBindResourceTaskResult>, account: Account) {
  return {
    SyncTaskBindResourceResult: TaskIds.map((id) => {
      const task = taskOf(account, id);
      const isGone = statusOf(task) === taskStatus.failed;
      return {
        TaskId: id,
        BindResourceResult: task.outcome?.resources === undefined ? null : countsOf(task.outcome.resources),
        Status: statusOf(task),
        Error: isGone ? { Code: "FailedOperation.CertificateNotFound", Message: "The certificate is gone." } : null,
        CacheTime: localTimeOrNull(task.outcome?.at),
      };
    }),
  };
}

/** Counts per product and region; null for products without resources in the account. */
function countsOf({ loadBalancers, cdnDomains, hosts }: BoundResources) {
  const inRegion = (region: string) => loadBalancers.filter((balancer) => balancer.region === region).length;
  const counts = [
    { ResourceType: "clb", BindResourceRegionResult: regionsOf(loadBalancers).map((it) => total(it, inRegion(it))) },
    { ResourceType: "cdn", BindResourceRegionResult: [total("", cdnDomains.length)] },
    { ResourceType: "teo", BindResourceRegionResult: [total("", hosts.length)] },
  ];
  const others = ["waf", "live", "vod", "ddos", "tke", "apigateway", "tcb"];
  return [...counts, ...others.map((type) => ({ ResourceType: type, BindResourceRegionResult: null }))];
}

function total(region: string, count: number) {
  return { Region: region, TotalCount: count, Error: "" };
}

function regionsOf(instances: readonly { readonly region: string }[]): string[] {
  return [...new Set(instances.map(({ region }) => region))];
}

function detail(params: ParamsOf<typeof describeCertificateBindResourceTaskDetail>, account: Account) {
  const task = taskOf(account, params.TaskId);
  const resources = task.outcome?.resources;
  return {
    ...noResources,
    ...(resources && listsOf(resources, params, task.certificateId, account)),
    Status: statusOf(task),
    CacheTime: localTimeOrNull(task.outcome?.at),
  };
}

/** Products without resources in the sandbox's account. */
const products = "CLB CDN WAF DDOS LIVE VOD TKE APIGATEWAY TCB TEO TSE COS TDMQ MQTT GAAP SCF".split(" ");
const noResources = Object.fromEntries(products.map((product) => [product, null]));

/** Pages count per product and region (docs/cloud-behaviour.md 3.8). */
function listsOf(
  { loadBalancers, cdnDomains, hosts }: BoundResources,
  params: ParamsOf<typeof describeCertificateBindResourceTaskDetail>,
  certificateId: string,
  account: Account,
) {
  const { Offset, Limit, ResourceTypes = [], Regions = [] } = params;
  const wanted = (type: string) => ResourceTypes.length === 0 || ResourceTypes.some((it) => it.toLowerCase() === type);
  const section = <Instance>(instances: readonly Instance[], members: (instance: Instance) => object) => ({
    InstanceList: listOrNull(pageOf(instances, Number(Offset ?? 0), Number(Limit ?? 10)).map(members)),
    TotalCount: instances.length,
    Error: "",
  });
  const regions = regionsOf(loadBalancers).filter((region) => Regions.length === 0 || Regions.includes(region));
  const balancers = regions.map((region) => ({
    Region: region,
    ...section(
      loadBalancers.filter((balancer) => balancer.region === region),
      (it) => balancerMembers(it, account),
    ),
  }));
  const membersOf = (it: BoundResources["hosts"][number]) => hostMembers(it, certificateId, account);
  return {
    CLB: wanted("clb") ? listOrNull(balancers) : null,
    CDN: wanted("cdn") && cdnDomains.length > 0 ? [section(cdnDomains, cdnMembers)] : null,
    TEO: wanted("teo") && hosts.length > 0 ? [section(hosts, membersOf)] : null,
  };
}

function taskOf({ ssl }: Account, id: string): BindingTask {
  return existing(ssl.bindingTasks.get(id), "FailedOperation.CertificateSyncTaskIdInvalid", `task ${id}`);
}

function statusOf({ outcome }: BindingTask): number {
  if (outcome === undefined) return taskStatus.running;
  return outcome.resources === undefined ? taskStatus.failed : taskStatus.done;
}

/** Reads EdgeOne's own state: the answer is never old, and the cache is not needed. */
function hostList(params: ParamsOf<typeof describeHostTeoInstanceList>, account: Account) {
  const { CertificateId, OldCertificateId: oldId, Filters = [], Offset = 0, Limit = 10 } = params;
  const certificate = ownedCertificate(account, CertificateId);
  refuseUndeployable(certificate);
  const names = certificateNamesOf(certificate);
  const matching = !Filters.some(({ FilterValue }) => FilterValue === "0");
  const hosts = hostsOf(account).filter(
    ({ host }) => covers(names, host.name) === matching && (!oldId || host.certificateIds.includes(oldId)),
  );
  const page = pageOf(hosts, Offset, Limit);
  return {
    InstanceList: page.map((it) => hostMembers(it, oldId || it.host.certificateIds[0], account)),
    TotalCount: hosts.length,
  };
}
