import type { modifyHostsCertificate } from "../catalogue/tencent-edgeone/modify-hosts-certificate.js";
import type { X509 } from "../certificates/x509.js";
import type { Account } from "./account.js";
import { covers } from "./certificate.js";
import { CloudError, existing } from "./refusal.js";
import { findCertificate } from "./tencent-ssl/lookup.js";
import type { ParamsOf } from "./tencent-ssl/ssl-handler.js";

/* EdgeOne's requirements for the certificates of a host (docs/cloud-behaviour.md 4.1). */

type Params = ParamsOf<typeof modifyHostsCertificate>;
type CertificateReferences = Params["ServerCertInfo"];
type MutualTls = NonNullable<Params["ClientCertInfo"]>;

/** A certificate this close to its end is refused; the period is inferred (docs/cloud-behaviour.md 4.1). */
const nearExpiryMs = 24 * 3600 * 1000;

/** Ids of the certificates for `host` to serve. */
export function serverCertificates(references: CertificateReferences, host: string, account: Account): string[] {
  if (references === undefined || references.length === 0) {
    throw new CloudError("InvalidParameter.InvalidCertInfo", "Mode sslcert needs a certificate in ServerCertInfo.");
  }
  for (const { CertId } of references) checkServerCertificate(CertId, host, account);
  return references.map(({ CertId }) => CertId);
}

/** Ids of the CAs that visitors' certificates must come from; undefined to leave them unchanged. */
export function clientCas(mutualTls: Params["ClientCertInfo"], account: Account): string[] | undefined {
  if (mutualTls === undefined) return undefined;
  return mutualTls.Switch === "off" ? [] : checkedCas(mutualTls.CertInfos, clientCaCodes, account);
}

/** The sandbox's account is not on the allow list for mutual TLS with the origin. Inferred: the form is checked before. */
function refuseOriginMutualTls({ Switch, CertInfos }: MutualTls): never {
  if (Switch === "on" && !CertInfos?.length) {
    throw new CloudError(
      "InvalidParameterValue.CertificateVerifyUpstreamClientNeedCert",
      "Mutual TLS with the origin needs a client certificate.",
    );
  }
  throw new CloudError(
    "OperationDenied.NotInUpstreamMTLSWhiteList",
    "Mutual TLS with the origin is open to accounts on the allow list only.",
  );
}

/** Ids of the CAs that the origin's certificate must come from; an absent or empty member keeps what is set. */
export function originCas(upstream: Params["UpstreamCertInfo"], account: Account): string[] | undefined {
  const { UpstreamMutualTLS: mutualTls, UpstreamCertificateVerify: check } = upstream ?? {};
  if (mutualTls !== undefined) refuseOriginMutualTls(mutualTls);
  if (check === undefined) return undefined;
  return check.VerificationMode === "disable" ? [] : checkedCas(check.CustomCACerts, originCaCodes, account);
}

/**
 * A host that asks visitors for certificates must offer one of the same kind. The sandbox's SSL service does not
 * accept SM2 certificates, so it is always RSA or ECC.
 */
export function refuseMissingFamily(clientCaIds: readonly string[], served: readonly unknown[]): void {
  if (clientCaIds.length > 0 && served.length === 0) {
    throw new CloudError(
      "InvalidParameterValue.ServerCertInfoNeedContainRSAorECC",
      "A host that asks visitors for certificates needs an RSA or ECC server certificate.",
    );
  }
}

/** docs/cloud-behaviour.md 4.1 lists two codes for an unknown id; by their texts, this one is about edge HTTPS. */
function checkServerCertificate(id: string, host: string, account: Account): void {
  const { material } = existing(
    findCertificate(account, id),
    "FailedOperation.CertificateNotFound",
    `certificate ${id}`,
  );
  const { parsed } = material ?? {};
  if (parsed === undefined) {
    throw new CloudError("InvalidParameter.InvalidCertInfo", `Certificate ${id} has not been issued.`);
  }
  if (parsed.isCa) {
    throw new CloudError("InvalidParameter.InvalidHttpsCertInfo", `Certificate ${id} is a CA certificate.`);
  }
  const remainingMs = parsed.notAfter.getTime() - account.clock.now().getTime();
  if (remainingMs <= 0) throw new CloudError("FailedOperation.CertificateHasExpired", `Certificate ${id} has expired.`);
  if (remainingMs < nearExpiryMs)
    throw new CloudError("InvalidParameter.CertToExpire", `Certificate ${id} is about to expire.`);
  if (isTooShort(parsed.leaf)) {
    throw new CloudError("InvalidParameter.CertTooShortKeySize", `The key of certificate ${id} is too short.`);
  }
  if (!covers(parsed.names, host)) {
    throw new CloudError("InvalidParameter.CertNotMatchDomain", `Certificate ${id} does not cover ${host}.`);
  }
}

/** The codes for no CA at all, and for one that does not fit. */
interface CaCodes {
  readonly none: string;
  readonly noCa: string;
  readonly unreadable: string;
  readonly expired: string;
}

const clientCaCodes: CaCodes = {
  none: "InvalidParameterValue.CertificateVerifyClientNeedCert",
  noCa: "InvalidParameterValue.CertificateVerifyClientMustCa",
  unreadable: "InvalidParameter.EdgeClientCertCheckError",
  expired: "FailedOperation.EdgeClientCertificateHasExpired",
};

const originCaCodes: CaCodes = {
  none: "InvalidParameterValue.CertificateVerifyUpstreamVerifyCustomCANeedCert",
  noCa: "InvalidParameterValue.CertificateVerifyUpstreamVerifyCustomCAMustCA",
  unreadable: "InvalidParameter.UpstreamVerifyCertCheckError",
  expired: "FailedOperation.UpstreamVerifyCustomCACertificateHasExpired",
};

function checkedCas(references: CertificateReferences, codes: CaCodes, account: Account): string[] {
  if (!references?.length) throw new CloudError(codes.none, "The check of certificates needs at least one CA.");
  return references.map(({ CertId: id }) => {
    const certificate = existing(findCertificate(account, id), "ResourceUnavailable.CertNotFound", `certificate ${id}`);
    if (certificate.kind !== "CA") throw new CloudError(codes.noCa, `Certificate ${id} is not a CA certificate.`);
    const { parsed } = certificate.material ?? {};
    if (parsed === undefined) throw new CloudError(codes.unreadable, `Certificate ${id} cannot be read.`);
    if (parsed.notAfter <= account.clock.now()) throw new CloudError(codes.expired, `Certificate ${id} has expired.`);
    return id;
  });
}

/** The documented minimum: RSA, DSA and DH 2048 bits, EC 225. */
function isTooShort({ publicKey }: X509): boolean {
  const { modulusLength, namedCurve } = publicKey?.asymmetricKeyDetails ?? {};
  if (modulusLength !== undefined) return modulusLength < 2048;
  const curveBits = /\d{3}/.exec(namedCurve ?? "")?.[0]; // prime256v1, secp384r1
  return curveBits !== undefined && Number(curveBits) < 225;
}
