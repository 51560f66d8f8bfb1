import { z } from "zod";
import { limits } from "../limits.js";
import { type Aspect, changing, type PlannedChange, type Subject } from "../operation.js";
import { choice, list, struct, text } from "../params.js";
import { planned } from "../planned.js";
import { reply } from "../results.js";
import { tencentEdgeone } from "../services.js";

// Only CertId means anything as input; the other members are what the vendor's reads return (FACTS.md 3.3).
const unused = () => z.string().optional();
const reported = {
  CertId: z.string(),
  Alias: unused(),
  Type: unused(),
  ExpireTime: unused(),
  DeployTime: unused(),
  SignAlgo: unused(),
};
const serverCertInfo = struct({ ...reported, CommonName: unused() });
const certificateInfo = struct({ ...reported, Status: unused() });

const mutualTls = (description: string, max: number) =>
  struct({
    Switch: choice(["on", "off"], "on or off"),
    CertInfos: list(certificateInfo, description, { max }).optional(),
  });

const upstreamCertInfo = struct({
  UpstreamMutualTLS: mutualTls("Client certificate shown to the origin", 1).optional(),
  UpstreamCertificateVerify: struct({
    VerificationMode: choice(["disable", "custom_ca"], "Check of the origin: disable or custom_ca"),
    CustomCACerts: list(certificateInfo, "Trusted CAs").optional(),
  }).optional(),
});

const params = struct({
  ZoneId: text("Site ID"),
  Hosts: list(text("Domain"), "Domains", { min: 1, max: limits.argument.hosts }),
  Mode: choice(
    ["disable", "eofreecert", "eofreecert_manual", "sslcert"],
    "Server certificate; default unchanged. sslcert: ServerCertInfo; eofreecert: apply for a free one by " +
      "automatic proof; eofreecert_manual: a free one already issued; disable: none",
  ).optional(),
  ServerCertInfo: list(serverCertInfo, "For sslcert: CertId").optional(),
  ApplyType: choice(["none", "apply"], "Deprecated: use Mode").optional(),
  ClientCertInfo: mutualTls("CAs of visitors' certificates", 20).optional(),
  UpstreamCertInfo: upstreamCertInfo.optional(),
});
type Params = z.output<typeof params>;

type Certificates = readonly { readonly CertId: string }[] | undefined;

function ids(certificates: Certificates, before: string): string {
  const named = (certificates ?? []).map(({ CertId }) => CertId).join(", ");
  return named && `${before} ${named}`;
}

/** Undefined where it is left as it is. */
function serverCertificate({ Mode, ServerCertInfo, ApplyType }: Params): string | undefined {
  switch (Mode) {
    case undefined:
      return ApplyType === "apply" ? "possibly a free certificate, as ApplyType asks" : undefined;
    case "disable":
      return "none: HTTPS off";
    case "eofreecert":
      return "a free certificate, applied for now";
    case "eofreecert_manual":
      return "the free certificate issued earlier";
    case "sslcert":
      return ids(ServerCertInfo, "certificate") || "not given";
  }
}

function clientCas({ ClientCertInfo: client }: Params): string | undefined {
  return client && `${client.Switch}${ids(client.CertInfos, ", CA")}`;
}

function originSettings({ UpstreamCertInfo: upstream }: Params): string | undefined {
  const shown = upstream?.UpstreamMutualTLS;
  const check = upstream?.UpstreamCertificateVerify;
  const found: string[] = [];
  if (shown) found.push(`certificate shown: ${shown.Switch}${ids(shown.CertInfos, ", ID")}`);
  if (check) found.push(`verification: ${check.VerificationMode}${ids(check.CustomCACerts, ", CA")}`);
  return found.join("; ") || undefined;
}

function hostChanges(host: Subject, p: Params): PlannedChange[] {
  const line = (aspect: Aspect, then: string | undefined) => (then === undefined ? [] : [planned(host, aspect, then)]);
  const lines = [
    ...line("server certificate", serverCertificate(p)),
    ...line("client CAs", clientCas(p)),
    ...line("origin settings", originSettings(p)),
  ];
  return lines.length > 0 ? lines : line("server certificate", "as now");
}

/** The first certificate named lets a read show what the host has, whether or not the call uses it. */
function changes(p: Params): PlannedChange[] {
  const fitting = p.ServerCertInfo?.[0]?.CertId;
  return p.Hosts.flatMap((host) =>
    hostChanges({ kind: "edgeone-host", zone: p.ZoneId, host, ...(fitting && { fitting }) }, p),
  );
}

/** What will be done, a phrase for each setting that is touched. */
function steps(p: Params): string[] {
  const { Mode, ServerCertInfo, ClientCertInfo: client, UpstreamCertInfo: upstream } = p;
  const phrases: string[] = [];
  if (Mode === "disable") phrases.push("remove the server certificate");
  if (Mode === "eofreecert") phrases.push("apply for a free certificate and serve it");
  if (Mode === "eofreecert_manual") phrases.push("serve the free certificate issued earlier");
  if (p.ApplyType === "apply") phrases.push("apply for a free certificate");
  if (Mode === "sslcert") phrases.push(`serve certificate${ids(ServerCertInfo, "")}`);
  if (client) phrases.push(`turn client certificates ${client.Switch}${ids(client.CertInfos, ", CA")}`);
  const shown = upstream?.UpstreamMutualTLS;
  if (shown) phrases.push(`turn the certificate shown to the origin ${shown.Switch}${ids(shown.CertInfos, ", ID")}`);
  const check = upstream?.UpstreamCertificateVerify;
  if (check) phrases.push(`set origin verification to ${check.VerificationMode}${ids(check.CustomCACerts, ", CA")}`);
  return phrases.length > 0 ? phrases : ["change nothing"];
}

function warnings({ Mode, ServerCertInfo, ApplyType, ClientCertInfo, UpstreamCertInfo }: Params): string[] {
  const found: string[] = [];
  if (Mode === "disable") found.push("These hosts stop answering over HTTPS.");
  if (Mode === "eofreecert") found.push("If the free application fails, the deployment can fail with it.");
  if (Mode !== "sslcert" && ServerCertInfo) found.push("ServerCertInfo is ignored: Mode is not sslcert.");
  if (ApplyType === "apply") found.push("ApplyType is deprecated and may put a free certificate on these hosts.");
  else if (Mode === undefined) found.push("Without Mode the server certificate stays as it is.");
  if (ClientCertInfo?.Switch === "on") found.push("Visitors without a certificate of these CAs will be refused.");
  if (ClientCertInfo?.Switch === "off") found.push("Visitors are no longer asked for a certificate.");
  if (UpstreamCertInfo?.UpstreamMutualTLS?.Switch === "off") {
    found.push("EdgeOne shows no certificate to the origin, which may refuse it.");
  }
  if (UpstreamCertInfo?.UpstreamCertificateVerify?.VerificationMode === "disable") {
    found.push("EdgeOne no longer verifies the origin's certificate.");
  }
  return found;
}

export const modifyHostsCertificate = changing({
  name: "ModifyHostsCertificate",
  service: tencentEdgeone,
  title: "Set the certificates of EdgeOne hosts",
  summary: "Set the server certificate or mutual TLS of hosts. Accepted is not served: rollout follows.",
  effect: "traffic",
  // FACTS.md 4.4: a repeat may start a second free application.
  retry: (p) => (p.Mode?.startsWith("eofreecert") ? "look-first" : "idempotent"),
  params,
  result: reply({}),
  ask: (p) => `EdgeOne site ${p.ZoneId}, ${p.Hosts.join(", ")}: ${steps(p).join("; ")}?`,
  changes,
  warn: warnings,
  errors: [
    "FailedOperation",
    "FailedOperation.CertificateHasExpired",
    "FailedOperation.CertificateNotFound",
    "FailedOperation.EdgeClientCertificateHasExpired",
    "FailedOperation.InvalidZoneStatus",
    "FailedOperation.ModifyFailed",
    "FailedOperation.UpstreamClientCertificateHasExpired",
    "FailedOperation.UpstreamVerifyCustomCACertificateHasExpired",
    "InternalError.ConfigLocked",
    "InternalError.GetRoleError",
    "InternalError.ProxyServer",
    "InternalError.RouteError",
    "InternalError.SystemError",
    "InternalError.UnknowError",
    "InvalidParameter.ActionInProgress",
    "InvalidParameter.AliasDomainNotSupportKeyless",
    "InvalidParameter.CertNotMatchDomain",
    "InvalidParameter.CertToExpire",
    "InvalidParameter.CertTooShortKeySize",
    "InvalidParameter.CertificateConflictWithKeylessServer",
    "InvalidParameter.CnameWildHostNotAllowApplyCertificate",
    "InvalidParameter.EdgeClientCertCheckError",
    "InvalidParameter.HostStatusNotAllowApplyCertificate",
    "InvalidParameter.InvalidCertInfo",
    "InvalidParameter.InvalidHttpsCertInfo",
    "InvalidParameter.InvalidHttpsTlsVersion",
    "InvalidParameter.UpstreamClientCertCheckError",
    "InvalidParameter.UpstreamVerifyCertCheckError",
    "InvalidParameter.UpstreamVerifyCustomCACertNoInfo",
    "InvalidParameter.ZoneIsGrayPublishing",
    "InvalidParameterValue.AliasDomainNotSupportEdgeMTLS",
    "InvalidParameterValue.AliasDomainNotSupportUpstreamMTLS",
    "InvalidParameterValue.AliasDomainNotSupportUpstreamVerify",
    "InvalidParameterValue.CertificateVerifyClientMustCa",
    "InvalidParameterValue.CertificateVerifyClientNeedCert",
    "InvalidParameterValue.CertificateVerifyUpstreamClientMustRSAorECC",
    "InvalidParameterValue.CertificateVerifyUpstreamClientMustSVR",
    "InvalidParameterValue.CertificateVerifyUpstreamClientNeedCert",
    "InvalidParameterValue.CertificateVerifyUpstreamVerifyCustomCAMustCA",
    "InvalidParameterValue.CertificateVerifyUpstreamVerifyCustomCAMustRSAorECC",
    "InvalidParameterValue.CertificateVerifyUpstreamVerifyCustomCANeedCert",
    "InvalidParameterValue.ClientCertInfoQuotaLimit",
    "InvalidParameterValue.InvalidKeylessServerId",
    "InvalidParameterValue.OCDirectOriginDomainNotSupportUpstreamVerify",
    "InvalidParameterValue.ServerCertInfoNeedContainRSAorECC",
    "InvalidParameterValue.ServerCertInfoNeedContainSM2",
    "InvalidParameterValue.UpstreamClientCertInfoQuotaLimit",
    "InvalidParameterValue.UpstreamVerifyCustomCACertInfoQuotaLimit",
    "LimitExceeded.RateLimitExceeded",
    "OperationDenied",
    "OperationDenied.CertificatePrivateKeyIsEmpty",
    "OperationDenied.ConfigLocked",
    "OperationDenied.DisableZoneNotCompleted",
    "OperationDenied.ErrZoneIsAlreadyPaused",
    "OperationDenied.HostsClientCertificateInconsistency",
    "OperationDenied.HostsKeylessServerInconsistency",
    "OperationDenied.HostsUpstreamCertificateInconsistency",
    "OperationDenied.HostsUpstreamCertificateVerifyInconsistency",
    "OperationDenied.KeylessCertSwitchToFreeCertConflict",
    "OperationDenied.KeylessModeCertificatePrivateKeyNeedEmpty",
    "OperationDenied.NotInKeylessWhiteList",
    "OperationDenied.NotInUpstreamMTLSWhiteList",
    "OperationDenied.UnSupportToCloseUpstreamMTLS",
    "OperationDenied.UseUpstreamMTLSNeedOpenHttps",
    "OperationDenied.VersionControlIsGraying",
    "ResourceInUse",
    "ResourceUnavailable.CertNotFound",
    "ResourceUnavailable.HostNotFound",
    "ResourceUnavailable.ZoneNotFound",
    "UnauthorizedOperation.CamUnauthorized",
  ],
});
