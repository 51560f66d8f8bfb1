import type { DiagnosisTable } from "./diagnosis.js";
import { underGatewayNames } from "./huawei.js";

/** Likely causes of Huawei Cloud's codes; for their order see `causes-tencent-common.ts`. */

const liveCauses: DiagnosisTable = {
  "LIVE.100011001": {
    causes: [
      "Key and certificate are not a pair, or the chain is incomplete or out of order.",
      "tls_certificate is given beside certificate and certificate_key, and only it counts.",
      "source is scm without cert_id, or user without the PEM texts.",
      "domain holds a scheme, a port or a wildcard.",
    ],
    checks: [
      "inspect_certificate with certificate, private_key and domains.",
      "The error_msg beside the code: it may name the field.",
    ],
  },
  "LIVE.100011003": {
    causes: [
      "The IAM user has Live permissions for another project or region.",
      "The user may only read Live.",
      "project_id is that of another account.",
    ],
  },
  "LIVE.100011005": {
    causes: ["A passing fault of Live."],
    checks: ["Live console: which certificate the domain has.", "check_served_certificate: what it serves now."],
  },
  "LIVE.100011009": {
    causes: ["The AK is of a deleted or disabled user.", "The domain account of the key has never used Live."],
  },
  "LIVE.100011013": {
    causes: ["The account is new.", "The key belongs to another account than the one that was verified."],
    checks: ["Account Center: state of the real-name verification."],
  },
  "LIVE.100011014": {
    causes: [
      "The token (HW_AUTH_TOKEN) is older than 24 hours.",
      "The token was issued for another project or region than the call's.",
      "AK and SK were rotated.",
    ],
  },
  "LIVE.103011019": {
    causes: [
      "The domain belongs to another project or region than project_id and the endpoint.",
      "The ingest domain was given where the streaming domain is meant, or the other way round.",
      "The domain was deleted in Live and exists in DNS only.",
    ],
    checks: ["Live console, Domains, in the configured region: the exact name.", "My Credentials: the project's id."],
  },
  "LIVE.103011022": {
    causes: ["The domain was added or changed minutes ago.", "The domain is disabled or awaits a review."],
    checks: ["Live console, Domains: the domain's status."],
  },
};

const gatewayCauses: DiagnosisTable = {
  "0101": {
    causes: ["The configured region has no Live.", "A custom endpoint lacks or doubles a part of the path."],
  },
  "0201": {
    causes: ["Live was slow or restarting.", "Certificate and key together are larger than the gateway takes."],
    checks: ["The HTTP status: 4xx is about the request, 5xx about the cloud.", "check_served_certificate afterwards."],
  },
  "0301": {
    causes: [
      "The AK is unknown: of another cloud (LTAI… is Alibaba's, AKID… Tencent's), deleted or cut.",
      "The SK belongs to another AK, or a blank was copied along.",
      "The clock is off: the message then names signature time and server time.",
      "A temporary AK is used without its security token.",
    ],
    checks: [
      "The message: 'ak … not exist', 'verify … fail' or 'signature expired' tell these apart.",
      "The output of date -u against a clock that is right.",
      "Console, My Credentials, Access Keys: the AK is listed and enabled.",
    ],
    retry: "No, not until key or clock are corrected; each failed try brings the lock of the key nearer.",
  },
  "0303": {
    causes: ["An app key of API Gateway was configured instead of an AK and SK.", "The clock is off."],
  },
  "0308": {
    causes: [
      "Many domains are set one after the other without a pause (150 calls a minute and user).",
      "Another program uses the same user.",
    ],
  },
};

export const huaweiCauses: DiagnosisTable = { ...liveCauses, ...underGatewayNames(gatewayCauses) };
