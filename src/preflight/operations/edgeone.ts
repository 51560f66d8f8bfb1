import type { z } from "zod";
import { modifyHostsCertificate } from "../../catalogue/tencent-edgeone/modify-hosts-certificate.js";
import { safe } from "../../lib/escape-text.js";
import { type Finding, finding, warning } from "../finding.js";
import { checksOf } from "./binding.js";
import { certificateNotFound, checkCertificateId, checkZoneId } from "./identifiers.js";

type Params = z.output<typeof modifyHostsCertificate.params>;

export const edgeoneChecks = checksOf(
  modifyHostsCertificate,
  ({ ZoneId }) => checkZoneId("ZoneId", ZoneId),
  checkUpstream,
  checkClientCas,
  checkServerCertificates,
);

function checkUpstream({ UpstreamCertInfo: upstream }: Params): Finding[] {
  const found: Finding[] = [];
  const shown = upstream?.UpstreamMutualTLS;
  if (shown?.Switch === "on" && !shown.CertInfos?.length) {
    const prevents = "InvalidParameterValue.CertificateVerifyUpstreamClientNeedCert";
    const parameter = "UpstreamCertInfo.UpstreamMutualTLS.CertInfos";
    found.push(finding(parameter, "Mutual TLS with the origin needs a certificate.", { prevents }));
  }
  const check = upstream?.UpstreamCertificateVerify;
  // The sandbox refuses the whole feature before it checks this, so no code is named.
  if (check?.VerificationMode === "custom_ca" && !check.CustomCACerts?.length) {
    const parameter = "UpstreamCertInfo.UpstreamCertificateVerify.CustomCACerts";
    found.push(warning(parameter, safe`VerificationMode custom_ca needs a CA certificate.`));
  }
  return found;
}

function checkClientCas({ ClientCertInfo: client }: Params): Finding[] {
  if (client?.Switch !== "on") return [];
  if (!client.CertInfos?.length) {
    const prevents = "InvalidParameterValue.CertificateVerifyClientNeedCert";
    return [finding("ClientCertInfo.CertInfos", "Mutual TLS with visitors needs a CA certificate.", { prevents })];
  }
  return client.CertInfos.flatMap(({ CertId }, index) =>
    checkCertificateId(`ClientCertInfo.CertInfos.${index}.CertId`, CertId, "ResourceUnavailable.CertNotFound"),
  );
}

function checkServerCertificates({ Mode, ServerCertInfo: given }: Params): Finding[] {
  if (Mode !== "sslcert") return [];
  if (!given?.length) {
    const prevents = "InvalidParameter.InvalidCertInfo";
    return [finding("ServerCertInfo", "Mode sslcert needs a certificate in ServerCertInfo.", { prevents })];
  }
  return given.flatMap(({ CertId }, index) =>
    // EdgeOne's own certificates may be named differently: the form of their ids is not documented.
    CertId.startsWith("teo-") ? [] : checkCertificateId(`ServerCertInfo.${index}.CertId`, CertId, certificateNotFound),
  );
}
