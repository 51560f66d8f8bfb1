import { itemStatus } from "../../catalogue/tencent-ssl/record-replies.js";
import type { Account } from "../account.js";
import { CloudError } from "../refusal.js";
import type { Binding } from "./bindings.js";
import { certificateNamesOf, isDeployable } from "./certificate-facts.js";
import type { Deployment, DeploymentItem, ItemStatus } from "./state.js";
import { deployInterval, deployTime, reached } from "./timing.js";

type Plan = Omit<Deployment, "id" | "createdAt" | "items">;

export function startUpdate(account: Account, plan: Omit<Plan, "kind">, bindings: readonly Binding[]): Deployment {
  const targets = bindings.map((binding) => ({ binding }));
  return start(account, { ...plan, kind: "update" }, targets);
}

/** Restores the old certificate everywhere that `update` replaced it. */
export function startRollback(account: Account, update: Deployment): Deployment {
  const { items, oldCertificateId, newCertificateId } = update;
  const done = items.filter(({ status }) => status === itemStatus.deployed);
  const swapped = { oldCertificateId: newCertificateId, newCertificateId: oldCertificateId };
  const targets = done.map((undoes) => ({ binding: undoes.binding, undoes }));
  return start(account, { ...update, ...swapped, kind: "rollback" }, targets);
}

function start(
  { ssl, clock }: Account,
  plan: Plan,
  targets: readonly Pick<DeploymentItem, "binding" | "undoes">[],
): Deployment {
  const createdAt = clock.now();
  const id = ssl.ids.deployment();
  const items = targets.map((target, place) => {
    return { ...target, id: ssl.ids.deployment(), createdAt, ...queued(place, createdAt) };
  });
  const deployment = { ...plan, id, createdAt, items };
  ssl.deployments.set(id, deployment);
  return deployment;
}

/** Queues failed items again. */
export function retry({ clock }: Account, items: readonly DeploymentItem[]): void {
  for (const [place, item] of items.entries()) Object.assign(item, queued(place, clock.now()));
}

/** The state of an item that waits for those before it. */
function queued(place: number, now: Date) {
  const wait = (place + 1) * deployInterval;
  return { status: itemStatus.waiting, error: "", updatedAt: now, queuedAt: now, wait };
}

export function isRunning({ items }: Deployment): boolean {
  return items.some(({ status }) => status === itemStatus.waiting || status === itemStatus.deploying);
}

export function runningDeployments({ ssl }: Account): Deployment[] {
  return [...ssl.deployments.values()].filter(isRunning);
}

export function pendingRecord(): CloudError {
  return new CloudError(
    "FailedOperation.CertificateDeployHasPendingRecord",
    "A deployment of the certificate is running.",
  );
}

export function settleDeployments(account: Account): void {
  for (const deployment of account.ssl.deployments.values()) {
    for (const item of deployment.items) settleItem(account, deployment, item);
  }
}

function settleItem(account: Account, deployment: Deployment, item: DeploymentItem): void {
  if (item.status === itemStatus.waiting) {
    const startedAt = reached(account.clock, item.queuedAt, item.wait);
    if (startedAt !== undefined) setItemStatus(item, itemStatus.deploying, startedAt);
  }
  if (item.status === itemStatus.deploying) {
    const finishedAt = reached(account.clock, item.queuedAt, item.wait + deployTime);
    if (finishedAt !== undefined) finish(account, deployment, item, finishedAt);
  }
}

function finish(account: Account, deployment: Deployment, item: DeploymentItem, at: Date): void {
  const { oldCertificateId, newCertificateId, kind } = deployment;
  if (!item.binding.serves(oldCertificateId)) {
    setItemStatus(item, itemStatus.nothingToDo, at);
    return;
  }
  const obstacle = obstacleTo(account, newCertificateId, item.binding);
  if (obstacle !== undefined) {
    item.error = obstacle;
    setItemStatus(item, kind === "update" ? itemStatus.failed : itemStatus.rollbackFailed, at);
    return;
  }
  item.binding.replace(oldCertificateId, newCertificateId, at);
  setItemStatus(item, kind === "update" ? itemStatus.deployed : itemStatus.rolledBack, at);
  if (item.undoes !== undefined) setItemStatus(item.undoes, itemStatus.rolledBack, at);
}

function obstacleTo({ ssl }: Account, certificateId: string, binding: Binding): string | undefined {
  const certificate = ssl.certificates.get(certificateId);
  if (certificate === undefined) return `This sandbox has no certificate ${certificateId}.`;
  if (!isDeployable(certificate)) return `Certificate ${certificateId} cannot be deployed.`;
  return binding.obstacle(certificateNamesOf(certificate));
}

function setItemStatus(item: DeploymentItem, status: ItemStatus, at: Date): void {
  item.status = status;
  item.updatedAt = at;
}
