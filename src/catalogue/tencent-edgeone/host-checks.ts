import { safe } from "../../lib/safe-text.js";
import { type StoredUse, storedElsewhere } from "../certificate-arguments.js";
import { type Finding, finding, warning } from "../finding.js";
import { checkCertificateId } from "../tencent-ssl/params.js";
import { isOfEdgeone } from "./listed-hosts.js";
import type { HostsParams } from "./params.js";

/** Checks the arguments of ModifyHostsCertificate before a person is asked. */
export function checkHostArguments(p: HostsParams): Finding[] {
  return [...checkZone(p), ...checkUpstream(p), ...checkClientCas(p), ...checkServerCertificates(p)];
}

/** docs/cloud-behaviour.md 3.1. */
const zoneForm = /^zone-[a-z0-9]+$/;

function checkZone({ ZoneId }: HostsParams): Finding[] {
  if (zoneForm.test(ZoneId)) return [];
  const says = 'A site ID begins with "zone-", followed by small letters and digits.';
  return [finding("ZoneId", says, { prevents: "ResourceUnavailable.ZoneNotFound" })];
}

function checkUpstream({ UpstreamCertInfo: upstream }: HostsParams): Finding[] {
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

function checkClientCas({ ClientCertInfo: client }: HostsParams): Finding[] {
  if (client?.Switch !== "on") return [];
  if (!client.CertInfos?.length) {
    const prevents = "InvalidParameterValue.CertificateVerifyClientNeedCert";
    return [finding("ClientCertInfo.CertInfos", "Mutual TLS with visitors needs a CA certificate.", { prevents })];
  }
  return client.CertInfos.flatMap(({ CertId }, index) =>
    checkCertificateId(`ClientCertInfo.CertInfos.${index}.CertId`, CertId, "ResourceUnavailable.CertNotFound"),
  );
}

function checkServerCertificates({ Mode, ServerCertInfo: certificates }: HostsParams): Finding[] {
  if (Mode !== "sslcert") return [];
  if (!certificates?.length) {
    const prevents = "InvalidParameter.InvalidCertInfo";
    return [finding("ServerCertInfo", "Mode sslcert needs a certificate in ServerCertInfo.", { prevents })];
  }
  return certificates.flatMap(({ CertId }, index) =>
    isOfEdgeone(CertId) ? [] : checkCertificateId(`ServerCertInfo.${index}.CertId`, CertId),
  );
}

/** docs/cloud-behaviour.md 4.1. */
const verdicts = {
  expired: { prevents: "FailedOperation.CertificateHasExpired" },
  uncovered: { prevents: "InvalidParameter.CertNotMatchDomain" },
};

export function hostCertificateUses({ Mode, Hosts: domains, ServerCertInfo = [] }: HostsParams): readonly StoredUse[] {
  return (Mode === "sslcert" ? ServerCertInfo : []).map(({ CertId: id }, index) => ({
    parameter: `ServerCertInfo.${index}.CertId`,
    id,
    domains,
    verdicts,
    ...(isOfEdgeone(id) && storedElsewhere(safe`EdgeOne's own`)),
  }));
}
