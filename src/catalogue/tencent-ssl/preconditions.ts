import { dayMs } from "../../lib/days.js";
import { utcMinute } from "../../lib/moment.js";
import { formatId, formatName, type SafeText, safe, verbatim } from "../../lib/safe-text.js";
import type { CertificateState, CurrentState } from "../current-state-types.js";
import type { Obstacle } from "../operation.js";
import { type CertificateStatus, certificateStatus, statusWithCode } from "./statuses.js";

/* The states that operations need, according to the documents (docs/cloud-behaviour.md 3.2). */

const { issued, reissuing, reviewFailed, cancelled } = certificateStatus;
const { awaitingRevocationLetter, freeAwaitingDocuments, migrating } = certificateStatus;

/** The documents do not say what is allowed in these states: ask the person and let the cloud decide. */
const unclear = [awaitingRevocationLetter, freeAwaitingDocuments, migrating];

/** Names a certificate in an obstacle, at the start of a sentence or within one. */
export const certificateWithId = (id: string) => safe`certificate ${formatId(id)}`;

/** What the first of these finds: obstacles in the order in which a person would clear them. */
export function firstObstacles(...found: readonly (readonly Obstacle[])[]): readonly Obstacle[] {
  return found.find(({ length }) => length > 0) ?? [];
}

/**
 * The obstacle if a certificate is in none of these states.
 * @param otherwise the rest of the sentence: "its order cannot be cancelled"
 */
export function unlessStatus(
  id: string,
  found: CurrentState,
  allowed: readonly CertificateStatus[],
  otherwise: SafeText,
  next: (state: CertificateState) => SafeText,
): readonly Obstacle[] {
  const state = found.certificate(id);
  const status = statusWithCode(state?.status);
  if (state === undefined || status === undefined || [...allowed, ...unclear].includes(status)) return [];
  const says = safe`${certificateWithId(id)} is ${status.says}, so ${otherwise}`;
  return [{ says, next: next(state) }];
}

/** The obstacle if a certificate was uploaded and has no order. */
export function unlessOrdered(
  id: string,
  found: CurrentState,
  otherwise: SafeText,
  next: SafeText,
): readonly Obstacle[] {
  if (found.certificate(id)?.isUploaded !== true) return [];
  return [{ says: safe`${certificateWithId(id)} was uploaded, not ordered here, so ${otherwise}`, next }];
}

/** The obstacle if a certificate cannot be served: not issued, or no longer valid. */
export function unlessDeployable(id: string, found: CurrentState): readonly Obstacle[] {
  const next = safe`wait_for (certificate) until it is issued, or choose another.`;
  const unissued = unlessStatus(id, found, [issued, reissuing], safe`it cannot be served`, () => next);
  const endsAt = found.certificate(id)?.endsAt;
  if (unissued.length > 0 || endsAt === undefined || endsAt > found.now) return unissued;
  const says = safe`${certificateWithId(id)} expired on ${formatStateMoment(endsAt)}, so it cannot be served`;
  return [{ says, next }];
}

/**
 * The obstacle while a one-click update is running (docs/cloud-behaviour.md 3.5), or if nothing in it has come to this.
 * @param otherwise the beginning of the sentence
 */
export function unlessEnded(
  id: number | undefined,
  found: CurrentState,
  as: "failed" | "succeeded",
  otherwise: (id: number) => SafeText,
): readonly Obstacle[] {
  const state = id === undefined ? undefined : found.deployment(id);
  if (id === undefined || state === undefined) return [];
  const { running, waiting } = state;
  if (running + waiting === 0) return state[as] > 0 ? [] : nothingToDo(otherwise(id));
  const says = safe`deployment record ${id} is still running (${running} running, ${waiting} waiting)`;
  return [{ says, next: safe`Follow it with wait_for (update, ${id}), then call again.` }];
}

/** The call would change nothing. */
export function nothingToDo(says: SafeText): readonly Obstacle[] {
  return [{ says: safe`${says}, so there is nothing to do`, next: safe`Nothing is left to do.` }];
}

/** Paid or free, documents awaited. */
export const awaitingDocuments = [certificateStatus.awaitingDocuments, freeAwaitingDocuments];

/** What to do about an order that is not waiting for documents. */
export const nextForOrder = ({ status }: CertificateState): SafeText =>
  status === reviewFailed.code || status === cancelled.code
    ? safe`ModifyCertificateResubmit reopens a paid order that failed or was cancelled.`
    : safe`wait_for (certificate) shows its progress.`;

/** Whole days until a certificate ends; undefined if its end is unknown. */
export function daysLeftOfStored(id: string, found: CurrentState): number | undefined {
  const endsAt = found.certificate(id)?.endsAt;
  return endsAt === undefined ? undefined : Math.floor((endsAt - found.now) / dayMs);
}

/** A moment for a person, in UTC. */
export const formatStateMoment = (ms: number): SafeText => verbatim(utcMinute(new Date(ms)));

export const describeHost = (zone: string, host: string) => safe`EdgeOne host ${formatName(host)} (${formatId(zone)})`;
