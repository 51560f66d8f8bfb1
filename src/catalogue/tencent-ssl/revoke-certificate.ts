import { brief, formatId, safe } from "../../lib/safe-text.js";
import type { CertificateState, CurrentState, EdgeSighting } from "../current-state-types.js";
import { counted, countedNames } from "../naming.js";
import { defineChange, type Obstacle, type Warning } from "../operation.js";
import { struct, text } from "../params.js";
import { planned } from "../planned-change.js";
import { members, reply, rows, string } from "../results.js";
import { tencentSsl } from "../services.js";
import { loss, outage } from "../warnings.js";
import { verifiedByStatus } from "./describe-certificate.js";
import { codes } from "./error-codes.js";
import { certificateId, certificateSubject, checkCertificate } from "./params.js";
import { certificateWithId, firstObstacles, unlessOrdered, unlessStatus } from "./preconditions.js";
import { certificateStatus } from "./statuses.js";

/** Revocation has begun or is over (docs/cloud-behaviour.md 3.10). */
const revocationBegun = [
  certificateStatus.revoking,
  certificateStatus.revoked,
  certificateStatus.awaitingRevocationLetter,
];

/** The documents do not say whether a certificate can be revoked while it is reissued, so the cloud decides. */
const revocable = [certificateStatus.issued, certificateStatus.reissuing];

function useObstacles(id: string, { use }: CertificateState, sighting: EdgeSighting | undefined): Obstacle[] {
  const next = safe`Give them another certificate first (deploy_certificate), wait until it is served, then call again.`;
  const bound = use?.total ?? 0;
  if (bound > 0) {
    const says = safe`${certificateWithId(id)} is used by ${counted(bound, safe`cloud resource`)}, whose visitors would be refused`;
    return [{ says, next }];
  }
  const serving = sighting?.serving ?? [];
  if (serving.length === 0) return [];
  return [{ says: safe`${certificateWithId(id)} is still served by ${countedNames(safe`domain`, serving)}`, next }];
}

function unseenWarnings(state: CertificateState | undefined, sighting: EdgeSighting | undefined): Warning[] {
  const found: Warning[] = [];
  if (state?.use === undefined) {
    found.push(outage(safe`Whether cloud resources still use it could not be found out.`));
  } else if (!state.use.isWhole) found.push(outage(safe`Not all resources that may use it could be counted.`));
  if (sighting === undefined) {
    found.push(outage(safe`Whether a domain still serves it could not be looked at.`));
  } else if (sighting.unseen.length > 0) {
    found.push(outage(safe`Not seen: ${counted(sighting.unseen.length, safe`place`)} where it may still be served.`));
  }
  return found;
}

function obstacles(id: string, found: CurrentState): readonly Obstacle[] {
  const state = found.certificate(id);
  if (state === undefined) return [];
  if (revocationBegun.some(({ code }) => code === state.status)) {
    const next = safe`wait_for (revocation) shows how far it is.`;
    return [{ says: safe`${certificateWithId(id)} is revoked, or about to be, already`, next }];
  }
  const next = safe`DescribeCertificate shows its state.`;
  const byCa = safe`A person revokes it with the CA that issued it.`;
  return firstObstacles(
    unlessOrdered(id, found, safe`Tencent Cloud cannot revoke it`, byCa),
    unlessStatus(id, found, revocable, safe`there is nothing to revoke`, () => next),
    useObstacles(id, state, found.edges(id)),
  );
}

export const revokeCertificate = defineChange({
  name: "RevokeCertificate",
  service: tencentSsl,
  title: "Revoke a certificate",
  titleInChinese: "吊销证书",
  summary: "Have the CA revoke a certificate, after another has replaced it everywhere. Then wait_for (revocation).",
  effect: "destroy",
  retry: "verify-first",
  params: struct({
    CertificateId: certificateId(),
    Reason: text("Why, for the CA").optional(),
  }),
  example: { CertificateId: "8xZ3kQ1p", Reason: "key lost" },
  result: reply({
    RevokeDomainValidateAuths: rows(
      members({
        DomainValidateAuthPath: string(),
        DomainValidateAuthKey: string(),
        DomainValidateAuthValue: string(),
        DomainValidateAuthDomain: string(),
      }),
    ),
  }),
  approvalQuestion: (p) => safe`Revoke certificate ${brief(p.CertificateId)} for good?`,
  plannedChanges: (p) => {
    const subject = certificateSubject(p.CertificateId);
    return [
      planned(subject, "status", safe`revoked: browsers refuse it wherever it is still served`),
      planned(subject, "bound resources", safe`as now; any of them prevents the revocation`, {
        each: { then: safe`as now; prevents the revocation`, none: safe`none` },
      }),
      planned(subject, "served by", safe`as now; any domain that serves it prevents the revocation`),
    ];
  },
  endedCertificates: (p) => [p.CertificateId],
  confirmationText: (p) => formatId(p.CertificateId),
  warnings: (p, found) => {
    const proof = loss(safe`The CA may ask for a file at the domain before it revokes: the reply then names it.`);
    if (found === undefined) return [proof];
    return [...unseenWarnings(found.certificate(p.CertificateId), found.edges(p.CertificateId)), proof];
  },
  obstacles: ({ CertificateId: id }, found) => obstacles(id, found),
  verifyWith: (p) => verifiedByStatus(p, revocationBegun, { RevokeDomainValidateAuths: [] }),
  checks: checkCertificate,
  errors: codes(
    "FailedOperation.AuthError",
    "FailedOperation.CannotGetOrder",
    "FailedOperation.CertificateNotFound",
    "FailedOperation.InvalidCertificateSource",
    "FailedOperation.InvalidCertificateStatusCode",
    "FailedOperation.InvalidParam",
    "FailedOperation.NetworkError",
    "FailedOperation.RevokeFailed",
    "FailedOperation.RevokeResourceFailed",
    "InternalError",
    "LimitExceeded.RateLimitExceeded",
  ),
});
