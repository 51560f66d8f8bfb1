import { brief, capitalized, formatId, joined, type SafeText, safe } from "../../lib/safe-text.js";
import type { CurrentState } from "../current-state-types.js";
import { tencentHostErrors } from "../errors/tencent-edgeone.js";
import { counted, countedNames, fitQuestion, uniqueNames } from "../naming.js";
import { defineChange, type EdgeoneHost, type Obstacle, type PlannedChange, type Warning } from "../operation.js";
import { planned } from "../planned-change.js";
import { reply } from "../results.js";
import { tencentEdgeone } from "../services.js";
import { noHttps, resourceId, type Serving } from "../serving.js";
import { codes } from "../tencent-ssl/error-codes.js";
import { certificateWithId, describeHost, nothingToDo, unlessDeployable } from "../tencent-ssl/preconditions.js";
import { caution, loss, outage } from "../warnings.js";
import { checkHostArguments, hostCertificateUses } from "./host-checks.js";
import { type Certificates, certIdsIn, type HostsParams, hostsParams } from "./params.js";

/** The full ids, preceded by `before`; empty if there are none. */
function ids(certificates: Certificates, before: SafeText): SafeText {
  const named = certIdsIn(certificates).map(formatId);
  return named.length === 0 ? safe`` : safe`${before} ${joined(named)}`;
}

/** Undefined if it is left unchanged. */
function serverCertificate({ Mode, ServerCertInfo, ApplyType }: HostsParams): SafeText | undefined {
  switch (Mode) {
    case undefined:
      return ApplyType === "apply" ? safe`possibly a free certificate, as ApplyType asks` : undefined;
    case "disable":
      return safe`none: HTTPS off`;
    case "eofreecert":
      return safe`a free certificate, applied for now`;
    case "eofreecert_manual":
      return safe`the free certificate issued earlier`;
    case "sslcert":
      return certIdsIn(ServerCertInfo).length > 0 ? ids(ServerCertInfo, safe`certificate`) : safe`not given`;
  }
}

function clientCas({ ClientCertInfo: client }: HostsParams): SafeText | undefined {
  return client && safe`${onOrOff(client)}${ids(client.CertInfos, safe`, CA`)}`;
}

const onOrOff = ({ Switch }: { readonly Switch: "on" | "off" }) => (Switch === "on" ? safe`on` : safe`off`);

type OriginCheck = NonNullable<NonNullable<HostsParams["UpstreamCertInfo"]>["UpstreamCertificateVerify"]>;

const originCheck = ({ VerificationMode }: OriginCheck) =>
  VerificationMode === "disable" ? safe`disable` : safe`custom_ca`;

function originSettings({ UpstreamCertInfo: upstream }: HostsParams): SafeText | undefined {
  const shown = upstream?.UpstreamMutualTLS;
  const check = upstream?.UpstreamCertificateVerify;
  const found: SafeText[] = [];
  if (shown) found.push(safe`certificate shown: ${onOrOff(shown)}${ids(shown.CertInfos, safe`, ID`)}`);
  if (check) found.push(safe`verification: ${originCheck(check)}${ids(check.CustomCACerts, safe`, CA`)}`);
  return found.length === 0 ? undefined : joined(found, safe`; `);
}

function hostChanges(host: EdgeoneHost, p: HostsParams): PlannedChange[] {
  const line = (aspect: PlannedChange["aspect"], then: SafeText | undefined, brings?: PlannedChange["brings"]) =>
    then === undefined ? [] : [planned(host, aspect, then, brings && { brings })];
  const serverIds = p.Mode === "sslcert" ? certIdsIn(p.ServerCertInfo) : [];
  const clientCaIds = certIdsIn(p.ClientCertInfo?.CertInfos);
  const lines = [
    ...line("server certificate", serverCertificate(p), serverIds.length > 0 ? { ids: serverIds } : undefined),
    ...line("client CAs", clientCas(p), clientCaIds.length > 0 ? { ids: clientCaIds } : undefined),
    ...line("origin settings", originSettings(p)),
  ];
  return lines.length > 0 ? lines : line("server certificate", safe`as now`);
}

/** The first certificate named lets a read show what the host has, whether or not the call uses it. */
function plannedChanges(p: HostsParams): PlannedChange[] {
  const listingCertificateId = p.ServerCertInfo?.[0]?.CertId;
  const known = {
    ...(listingCertificateId && { listingCertificateId }),
    ...(p.Mode === "sslcert" && { given: certIdsIn(p.ServerCertInfo) }),
  };
  return p.Hosts.flatMap((host) => hostChanges({ kind: "edgeone-host", zone: p.ZoneId, host, ...known }, p));
}

function serving(host: string, { ZoneId, Mode, ServerCertInfo = [] }: HostsParams): Serving {
  const [first, ...more] = Mode === "sslcert" ? certIdsIn(ServerCertInfo) : [];
  return {
    id: resourceId("tencent-edgeone", host, ZoneId),
    service: "tencent-edgeone",
    name: describeHost(ZoneId, host),
    domain: host,
    certificate: Mode === "disable" ? noHttps : undefined,
    certificateId: first,
    besideIds: more,
  };
}

/** A short phrase for each setting that the call changes. */
function phrasesFor(p: HostsParams, width: number): SafeText {
  const { Mode, ServerCertInfo, ClientCertInfo: client, UpstreamCertInfo: upstream } = p;
  const phrases: SafeText[] = [];
  if (Mode === "disable") phrases.push(safe`remove the server certificate`);
  if (Mode === "eofreecert") phrases.push(safe`get and serve a free certificate`);
  if (Mode === "eofreecert_manual") phrases.push(safe`serve the earlier free certificate`);
  if (Mode === "sslcert") phrases.push(safe`serve ${describeServerCertificates(ServerCertInfo, width)}`);
  if (Mode !== "eofreecert" && p.ApplyType === "apply") phrases.push(safe`apply for a free certificate`);
  if (client) phrases.push(safe`turn client certificates ${onOrOff(client)}`);
  const shown = upstream?.UpstreamMutualTLS;
  if (shown) phrases.push(safe`turn origin certificate ${onOrOff(shown)}`);
  const check = upstream?.UpstreamCertificateVerify;
  if (check) phrases.push(safe`set origin check to ${originCheck(check)}`);
  return phrases.length > 0 ? joined(phrases, safe`; `) : safe`change nothing`;
}

function describeServerCertificates(certificates: Certificates, width: number): SafeText {
  const [id, ...more] = certIdsIn(certificates);
  if (id === undefined) return safe`no certificate`;
  return more.length === 0 && width > 0
    ? safe`certificate ${brief(id, width)}`
    : counted(more.length + 1, safe`certificate`);
}

/** Verb first, with as much of the names as fits. */
function approvalQuestion(p: HostsParams): SafeText {
  const hosts = p.Hosts;
  return fitQuestion((width) => {
    if (width === 0) return capitalized(safe`${phrasesFor(p, width)} on ${counted(hosts.length, safe`host`)}?`);
    const named = countedNames(safe`host`, hosts, width * 2, width);
    return capitalized(safe`${phrasesFor(p, width)} on ${named} (EdgeOne site ${brief(p.ZoneId, width)})?`);
  });
}

/** Server certificates where only CA certificates are accepted (docs/cloud-behaviour.md 4.1). */
function notOfCas({ ClientCertInfo }: HostsParams, found: CurrentState): readonly Obstacle[] {
  return certIdsIn(ClientCertInfo?.CertInfos)
    .filter((id) => found.certificate(id)?.isCa === false)
    .map((id) => ({
      says: safe`${certificateWithId(id)} is a server certificate, not a CA's, so it cannot verify visitors`,
      next: safe`Name the certificate of the CA that issues the visitors' certificates (DescribeCertificates, CertificateType CA).`,
    }));
}

function obstacles(p: HostsParams, found: CurrentState): readonly Obstacle[] {
  return [...notOfCas(p, found), ...serverObstacles(p, found)];
}

/** Unfit certificates, and a call that only sets a server certificate that each host already has. */
function serverObstacles(p: HostsParams, found: CurrentState): readonly Obstacle[] {
  const { Mode, ServerCertInfo, ApplyType, ClientCertInfo, UpstreamCertInfo, ZoneId } = p;
  if (Mode !== "sslcert" && Mode !== "disable") return [];
  const wanted = Mode === "disable" ? [] : [...certIdsIn(ServerCertInfo)].sort();
  const unfit = wanted.flatMap((id) => unlessDeployable(id, found));
  if (unfit.length > 0 || ApplyType === "apply" || ClientCertInfo || UpstreamCertInfo) return unfit;
  const hosts = uniqueNames(p.Hosts);
  const isSame = hosts.every((host) => found.host(ZoneId, host)?.slice().sort().join() === wanted.join());
  if (!isSame) return [];
  const has = Mode === "disable" ? safe`no server certificate` : safe`certificate ${joined(wanted.map(formatId))}`;
  return nothingToDo(safe`${countedNames(safe`EdgeOne host`, hosts)}: ${has} already`);
}

function warnings(p: HostsParams): Warning[] {
  const { Hosts, Mode, ServerCertInfo, ApplyType, ClientCertInfo, UpstreamCertInfo } = p;
  const found: Warning[] = [];
  if (Mode === "disable") {
    const isOne = uniqueNames(Hosts).length === 1;
    found.push(
      outage(isOne ? safe`This host stops answering over HTTPS.` : safe`These hosts stop answering over HTTPS.`),
    );
  }
  if (Mode === "eofreecert") {
    found.push(caution(safe`If the free application fails, the deployment can fail with it.`));
  }
  if (Mode !== "sslcert" && ServerCertInfo) found.push(caution(safe`ServerCertInfo is ignored: Mode is not sslcert.`));
  if (ApplyType === "apply") {
    found.push(loss(safe`ApplyType is deprecated and may put a free certificate on these hosts.`));
  } else if (Mode === undefined) found.push(caution(safe`Without Mode the server certificate stays as it is.`));
  if (ClientCertInfo?.Switch === "on") {
    found.push(outage(safe`Visitors without a certificate of these CAs will be refused.`));
  }
  if (ClientCertInfo?.Switch === "off") found.push(loss(safe`Visitors are no longer asked for a certificate.`));
  if (UpstreamCertInfo?.UpstreamMutualTLS?.Switch === "off") {
    found.push(outage(safe`EdgeOne shows no certificate to the origin, which may refuse it.`));
  }
  if (UpstreamCertInfo?.UpstreamCertificateVerify?.VerificationMode === "disable") {
    found.push(loss(safe`EdgeOne no longer verifies the origin's certificate.`));
  }
  return found;
}

export const modifyHostsCertificate = defineChange({
  name: "ModifyHostsCertificate",
  service: tencentEdgeone,
  title: "Set the certificates of EdgeOne hosts",
  titleInChinese: "配置 EdgeOne 域名证书",
  summary: "Set the server certificate or mutual TLS of hosts. Accepted is not served: rollout follows.",
  effect: "traffic",
  // docs/cloud-behaviour.md 1.5: a repeat may start a second free application.
  retry: (p) => (p.Mode?.startsWith("eofreecert") ? "verify-first" : "idempotent"),
  params: hostsParams,
  example: {
    ZoneId: "zone-2fgd17m17xw",
    Hosts: ["www.example.com"],
    Mode: "sslcert",
    ServerCertInfo: [{ CertId: "8xZ3kQ1p" }],
  },
  result: reply({}),
  approvalQuestion,
  plannedChanges,
  serves: (p) => (serverCertificate(p) === undefined ? [] : p.Hosts.map((host) => serving(host, p))),
  warnings,
  obstacles,
  checks: checkHostArguments,
  storedUses: hostCertificateUses,
  errors: codes(Object.keys(tencentHostErrors), "FailedOperation", "LimitExceeded.RateLimitExceeded", "ResourceInUse"),
});
