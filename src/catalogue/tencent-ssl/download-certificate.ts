import { brief, safe } from "../../lib/safe-text.js";
import { defineChange } from "../operation.js";
import { struct } from "../params.js";
import { planned } from "../planned-change.js";
import { archiveString, reply, string } from "../results.js";
import { tencentSsl } from "../services.js";
import { applicationErrors, certificateErrors, codes } from "./error-codes.js";
import { certificateId, certificateSubject, keyHeldHere } from "./params.js";
import { nextForOrder, unlessStatus } from "./preconditions.js";
import { certificateStatus } from "./statuses.js";

/** docs/cloud-behaviour.md 3.2. */
const withArchive = [certificateStatus.issued, certificateStatus.revoking, certificateStatus.reissuing];

export const downloadCertificate = defineChange({
  name: "DownloadCertificate",
  service: tencentSsl,
  title: "Download a certificate",
  titleInChinese: "下载证书",
  summary: "Fetch an issued certificate as a ZIP, private key included. The archive comes back as a reference only.",
  effect: "key-export",
  retry: "read",
  params: struct({ CertificateId: certificateId() }),
  example: { CertificateId: "8xZ3kQ1p" },
  result: reply({ Content: archiveString(), ContentType: string() }),
  approvalQuestion: (p) => safe`Download certificate ${brief(p.CertificateId)} with its private key?`,
  plannedChanges: (p) => [planned(certificateSubject(p.CertificateId), "private key", keyHeldHere)],
  obstacles: ({ CertificateId: id }, found) =>
    found.certificate(id)?.isUploaded
      ? []
      : unlessStatus(id, found, withArchive, safe`there is nothing to download`, nextForOrder),
  errors: codes(certificateErrors, applicationErrors),
});
