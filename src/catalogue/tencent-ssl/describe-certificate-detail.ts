import { reading } from "../operation.js";
import { struct } from "../params.js";
import { array, bool, int, keyString, record, reply, string } from "../results.js";
import { tencentSsl } from "../services.js";
import { certificateId } from "./params.js";
import { certBasicInfo, certificateMembers, rootCertificates } from "./types-certificate.js";

export const describeCertificateDetail = reading({
  name: "DescribeCertificateDetail",
  service: tencentSsl,
  title: "Look up a certificate in full",
  summary:
    "Everything about a certificate; PEM and chain with detail full. Its private key comes back as a vault: reference.",
  effect: "read",
  retry: "read",
  params: struct({ CertificateId: certificateId() }),
  result: reply({
    ...certificateMembers,
    CertificatePrivateKey: keyString(),
    CertificatePublicKey: string(),
    TypeName: string(),
    RootCert: record(rootCertificates),
    EncryptCert: string(),
    EncryptPrivateKey: keyString(),
    CertFingerprint: string(),
    EncryptCertFingerprint: string(),
    EncryptAlgorithm: string(),
    CertChainInfo: array(certBasicInfo),
    DomainType: int(),
    CertType: string(),
    UseCrossSignRoot: bool(),
    HostingStatus: int(),
  }),
  errors: [
    "FailedOperation",
    "FailedOperation.AuthError",
    "FailedOperation.CannotGetOrder",
    "FailedOperation.CertificateInvalid",
    "FailedOperation.CertificateNotFound",
    "FailedOperation.InvalidParam",
    "FailedOperation.NoProjectPermission",
    "FailedOperation.NoRealNameAuth",
    "InternalError",
    "InternalError.BackendResponseEmpty",
    "LimitExceeded.RateLimitExceeded",
    "ResourceNotFound.Manager",
  ],
});
