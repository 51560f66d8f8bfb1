import type { Account } from "../account.js";
import { hasEnded } from "./certificate-facts.js";
import { settleDeployments } from "./deployments.js";
import { setStatus } from "./lifecycle.js";
import { resourceBindingsOf, resourcesUsing } from "./resources.js";
import { type Application, type SslState, type StoredSslCertificate, status } from "./state.js";
import {
  bindingQueryTime,
  cancellationTime,
  deletionTime,
  proofDeadline,
  reached,
  reviewTime,
  revocationTime,
} from "./timing.js";

/**
 * Applies what is due by the account's clock. There are no timers: readers settle the state first, and past events
 * are recorded with the time at which they were due.
 */
export function advance(account: Account): void {
  for (const certificate of account.ssl.certificates.values()) settleOrder(account, certificate);
  for (const certificate of account.ssl.certificates.values()) settleValidity(account, certificate);
  settleDeployments(account);
  settleBindingTasks(account);
  settleDeletions(account);
}

function settleOrder({ clock, ssl }: Account, certificate: StoredSslCertificate): void {
  const { order, statusSince } = certificate;
  switch (certificate.status) {
    case status.reviewing:
    case status.validating: {
      if (order?.application === undefined) return;
      const { application } = order;
      const passed = isProvable(application) ? reached(clock, statusSince, reviewTime[application.method]) : undefined;
      const closed = reached(clock, application.appliedAt, proofDeadline);
      if (passed !== undefined) issue(ssl, certificate, application, passed);
      else if (closed !== undefined) setStatus(certificate, status.failed, closed);
      return;
    }
    case status.cancelling: {
      const cancelled = reached(clock, statusSince, cancellationTime);
      if (cancelled !== undefined) setStatus(certificate, status.cancelled, cancelled);
      return;
    }
    case status.revoking: {
      const revoked = reached(clock, statusSince, revocationTime);
      if (revoked !== undefined) setStatus(certificate, status.revoked, revoked);
    }
  }
}

/**
 * Names below .invalid cannot exist (RFC 2606), so their proof is never found. All other proofs count as in place:
 * the sandbox does not query DNS.
 */
function isProvable({ names }: Application): boolean {
  return !names.some((name) => name.endsWith(".invalid"));
}

function issue(ssl: SslState, certificate: StoredSslCertificate, application: Application, at: Date): void {
  certificate.material = application.result;
  certificate.validatedAt = at;
  setStatus(certificate, status.issued, at);
  ssl.log.push({ type: "domainValidationPassed", certificateId: certificate.id, at });
  ssl.log.push({ type: "issued", certificateId: certificate.id, at });
}

function settleValidity({ clock, ssl }: Account, certificate: StoredSslCertificate): void {
  if (certificate.status === status.reissuing) settleReissue(ssl, certificate);
  const notAfter = certificate.material?.parsed.notAfter;
  if (certificate.status === status.issued && notAfter !== undefined && notAfter <= clock.now()) {
    setStatus(certificate, status.expired, notAfter);
  }
}

/**
 * Once its successor is issued or has failed, the old certificate returns to issued: no document says that a reissue
 * revokes it. docs/cloud-behaviour.md 3.2 (inferred).
 */
function settleReissue(ssl: SslState, certificate: StoredSslCertificate): void {
  const successor = ssl.certificates.get(certificate.replacedBy ?? "");
  if (successor?.status === status.issued) {
    setStatus(certificate, status.issued, successor.statusSince);
  } else if (successor === undefined || hasEnded(successor)) {
    setStatus(certificate, status.issued, successor?.statusSince ?? certificate.statusSince);
    certificate.replacedBy = undefined;
  }
}

function settleBindingTasks(account: Account): void {
  for (const task of account.ssl.bindingTasks.values()) {
    const at = task.outcome === undefined ? reached(account.clock, task.startedAt, bindingQueryTime) : undefined;
    if (at === undefined) continue;
    const exists = account.ssl.certificates.has(task.certificateId);
    task.outcome = { at, resources: exists ? resourcesUsing(account, task.certificateId) : undefined };
  }
}

/** A certificate in use survives the task; on the mainland site a read of the task says so. */
function settleDeletions(account: Account): void {
  const { clock, ssl } = account;
  for (const task of ssl.deletionTasks.values()) {
    const at = task.outcome === undefined ? reached(clock, task.startedAt, deletionTime) : undefined;
    if (at === undefined) continue;
    const bindings = resourceBindingsOf(account, task.certificateId);
    task.outcome = { at, bound: bindings.flatMap(({ domains }) => domains), isBound: bindings.length > 0 };
    if (bindings.length === 0) ssl.certificates.delete(task.certificateId);
  }
}
