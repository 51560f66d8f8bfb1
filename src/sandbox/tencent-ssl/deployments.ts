import type { Account } from "../account.js";
import { Refusal } from "../refusal.js";
import { isDeployable, namesOf } from "./certificate-facts.js";
import type { Binding } from "./resources.js";
import { deployInterval, deployTime, reached } from "./timing.js";

/** Documented states of one resource in a deployment record (docs/cloud-behaviour.md 3.5). */
export const itemStatus = {
  waiting: 0,
  done: 1,
  failed: 2,
  deploying: 3,
  rolledBack: 4,
  rollbackFailed: 5,
  nothingToDo: 6,
} as const;

export type ItemStatus = (typeof itemStatus)[keyof typeof itemStatus];

export interface DeploymentItem {
  readonly id: number;
  readonly binding: Binding;
  readonly createdAt: Date;
  /** In a rollback: the finished item that it undoes. */
  readonly undoes?: DeploymentItem;
  status: ItemStatus;
  error: string;
  updatedAt: Date;
  /** When it was put in line, and how long it waits there. */
  queuedAt: Date;
  wait: number;
}

/** A record of resources that are moved from one certificate to another. */
export interface Deployment {
  readonly id: number;
  readonly kind: "update" | "rollback";
  readonly oldCertificateId: string;
  readonly newCertificateId: string;
  readonly createdAt: Date;
  readonly resourceTypes: readonly string[];
  readonly regions: readonly string[];
  readonly items: readonly DeploymentItem[];
}

type Plan = Omit<Deployment, "id" | "createdAt" | "items">;

export function startUpdate(account: Account, plan: Omit<Plan, "kind">, bindings: readonly Binding[]): Deployment {
  return start(
    account,
    { ...plan, kind: "update" },
    bindings.map((binding) => ({ binding })),
  );
}

/** Puts the old certificate back wherever `update` replaced it. */
export function startRollback(account: Account, update: Deployment): Deployment {
  const done = update.items.filter((item) => item.status === itemStatus.done);
  const plan: Plan = {
    kind: "rollback",
    oldCertificateId: update.newCertificateId,
    newCertificateId: update.oldCertificateId,
    resourceTypes: update.resourceTypes,
    regions: update.regions,
  };
  return start(
    account,
    plan,
    done.map((undoes) => ({ binding: undoes.binding, undoes })),
  );
}

function start(
  { ssl, clock }: Account,
  plan: Plan,
  targets: readonly Pick<DeploymentItem, "binding" | "undoes">[],
): Deployment {
  const now = clock.now();
  const id = ssl.ids.deployment();
  const items = targets.map(
    (target, place): DeploymentItem => ({
      ...target,
      id: ssl.ids.deployment(),
      createdAt: now,
      status: itemStatus.waiting,
      error: "",
      updatedAt: now,
      queuedAt: now,
      wait: (place + 1) * deployInterval,
    }),
  );
  const deployment = { ...plan, id, createdAt: now, items };
  ssl.deployments.set(id, deployment);
  return deployment;
}

/** Puts failed items in line again. */
export function retry({ clock }: Account, items: readonly DeploymentItem[]): void {
  for (const [place, item] of items.entries()) {
    item.status = itemStatus.waiting;
    item.error = "";
    item.queuedAt = clock.now();
    item.updatedAt = item.queuedAt;
    item.wait = (place + 1) * deployInterval;
  }
}

export function isRunning({ items }: Deployment): boolean {
  return items.some(({ status }) => status === itemStatus.waiting || status === itemStatus.deploying);
}

export function runningDeployments({ ssl }: Account): Deployment[] {
  return [...ssl.deployments.values()].filter(isRunning);
}

export function pendingRecord(): Refusal {
  return new Refusal(
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
    const begun = reached(account.clock, item.queuedAt, item.wait);
    if (begun !== undefined) move(item, itemStatus.deploying, begun);
  }
  if (item.status === itemStatus.deploying) {
    const finished = reached(account.clock, item.queuedAt, item.wait + deployTime);
    if (finished !== undefined) finish(account, deployment, item, finished);
  }
}

function finish(account: Account, deployment: Deployment, item: DeploymentItem, at: Date): void {
  const { oldCertificateId, newCertificateId, kind } = deployment;
  if (!item.binding.serves(oldCertificateId)) {
    move(item, itemStatus.nothingToDo, at);
    return;
  }
  const obstacle = obstacleTo(account, newCertificateId, item.binding);
  if (obstacle !== undefined) {
    item.error = obstacle;
    move(item, kind === "update" ? itemStatus.failed : itemStatus.rollbackFailed, at);
    return;
  }
  item.binding.replace(oldCertificateId, newCertificateId, at);
  move(item, kind === "update" ? itemStatus.done : itemStatus.rolledBack, at);
  if (item.undoes !== undefined) move(item.undoes, itemStatus.rolledBack, at);
}

function obstacleTo({ ssl }: Account, certificateId: string, binding: Binding): string | undefined {
  const certificate = ssl.certificates.get(certificateId);
  if (certificate === undefined) return `This sandbox has no certificate ${certificateId}.`;
  if (!isDeployable(certificate)) return `Certificate ${certificateId} cannot be deployed.`;
  return binding.obstacle(namesOf(certificate));
}

function move(item: DeploymentItem, status: ItemStatus, at: Date): void {
  item.status = status;
  item.updatedAt = at;
}
