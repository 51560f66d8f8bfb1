import { changing } from "../operation.js";
import { binary, certificate, choice, flag, integer, list, privateKey, struct, text } from "../params.js";
import { created, planned } from "../planned.js";
import { array, int, members, reply, string } from "../results.js";
import { tencentSsl } from "../services.js";
import { certificateId, certificateSubject, tags } from "./params.js";

const regionalTypes = ["clb", "tke", "apigateway", "waf", "tcb", "tse", "cos"] as const;
const resourceTypes = [...regionalTypes, "cdn", "live", "ddos", "teo", "vod"] as const;

const updateSyncProgress = members({
  ResourceType: string(),
  UpdateSyncProgressRegions: array(members({ Region: string(), TotalCount: int(), OffsetCount: int(), Status: int() })),
  Status: int(),
});

const replacementOf = ({ CertificateId: id }: { readonly CertificateId?: string | undefined }) =>
  id ? `certificate ${id}` : "the given PEM certificate";

export const updateCertificateInstance = changing({
  name: "UpdateCertificateInstance",
  service: tencentSsl,
  title: "Replace a certificate on cloud resources",
  summary:
    "Serve a new certificate wherever the old one is bound. Asynchronous: repeat unchanged until DeployRecordId > 0, then poll DescribeHostUpdateRecordDetail; deploy_certificate does all of it.",
  effect: "traffic",
  retry: "look-first",
  params: struct({
    OldCertificateId: certificateId("Old certificate ID"),
    ResourceTypes: list(choice(resourceTypes, "Type"), "Resources to update"),
    CertificateId: certificateId("New certificate ID; otherwise give both PEM texts").optional(),
    Regions: list(text("Region"), "Deprecated").optional(),
    ResourceTypesRegions: list(
      struct({
        ResourceType: choice(regionalTypes, "Regional type").optional(),
        Regions: list(text("Region"), "Regions").optional(),
      }),
      "Regions of each regional type",
    ).optional(),
    CertificatePublicKey: certificate("Certificate PEM").optional(),
    CertificatePrivateKey: privateKey("Private key PEM").optional(),
    ExpiringNotificationSwitch: binary("Silence the old certificate's expiry reminders").optional(),
    Repeatable: flag("PEM: allow a duplicate").optional(),
    AllowDownload: flag("PEM: allow download").optional(),
    Tags: tags().optional(),
    ProjectId: integer("PEM: project ID").optional(),
  }),
  result: reply({
    DeployRecordId: int(),
    DeployStatus: int(),
    UpdateSyncProgress: array(updateSyncProgress),
  }),
  ask: (p) => {
    const regions = p.ResourceTypesRegions?.map((entry) => [entry.ResourceType, ...(entry.Regions ?? [])].join(" "));
    const where = regions === undefined ? "" : ` (${regions.join("; ")})`;
    return `Serve ${replacementOf(p)} on every ${p.ResourceTypes.join(", ")} resource${where} that now uses ${p.OldCertificateId}?`;
  },
  changes: (p) => {
    const served = `${p.ResourceTypes.join(", ")}: served with ${replacementOf(p)} instead`;
    const replaced = planned(certificateSubject(p.OldCertificateId), "bound resources", served);
    if (!p.CertificateId) {
      return [replaced, planned(created("Certificate given as PEM"), "existence", "uploaded")];
    }
    const besides = `as now, and those of ${p.OldCertificateId}`;
    return [replaced, planned(certificateSubject(p.CertificateId), "bound resources", besides)];
  },
  warn: (p) => {
    const warnings: string[] = [];
    // FACTS.md 4.4: Repeatable decides between a copy and CertificateExists.
    if (p.CertificatePublicKey !== undefined) {
      warnings.push(
        "Repeating this call with PEM text uploads a copy or fails; UploadCertificate first and pass its ID.",
      );
    }
    if (p.ExpiringNotificationSwitch === 1) {
      warnings.push(`Expiry reminders for ${p.OldCertificateId} stop, also where it stays in use.`);
    }
    return warnings;
  },
  errors: [
    "FailedOperation",
    "FailedOperation.AuthError",
    "FailedOperation.CertificateDeployHasPendingRecord",
    "FailedOperation.CertificateDeployInstanceEmpty",
    "FailedOperation.CertificateExists",
    "FailedOperation.CertificateHostDeployCanNotAllow",
    "FailedOperation.CertificateHostResourceInnerInterrupt",
    "FailedOperation.CertificateHostResourceInstanceHugeLimit",
    "FailedOperation.CertificateHostResourceTypeInvalid",
    "FailedOperation.CertificateInvalid",
    "FailedOperation.CertificateMatchError",
    "FailedOperation.CertificateNotAvailable",
    "FailedOperation.CertificateNotDeployInstance",
    "FailedOperation.CertificateNotFound",
    "FailedOperation.CertificateParseError",
    "FailedOperation.InvalidParam",
    "FailedOperation.NoProjectPermission",
    "FailedOperation.NoRealNameAuth",
    "FailedOperation.RoleNotFoundAuthorization",
    "InternalError",
    "InvalidParameter.WithDetailReason",
    "InvalidParameterValue.IntermediateCertNotSame",
    "LimitExceeded.RateLimitExceeded",
  ],
});
