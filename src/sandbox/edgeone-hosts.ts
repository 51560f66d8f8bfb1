import { randomBytes } from "node:crypto";
import type { z } from "zod";
import { modifyHostsCertificate } from "../catalogue/tencent-edgeone/modify-hosts-certificate.js";
import type { Account } from "./account.js";
import { daysFrom } from "./delivery.js";
import { propagationTime } from "./edge/propagation.js";
import { clientCas, originCas, refuseMissingFamily, serverCertificates } from "./edgeone-rules.js";
import { type Handler, handler } from "./handler.js";
import { CloudError, existing } from "./refusal.js";
import { findCertificate } from "./tencent-ssl/lookup.js";
import type { FreeCertificate, Host, HostMode } from "./zones.js";

type Params = z.output<typeof modifyHostsCertificate.params>;

type ServerCertificateChange = Partial<Pick<Host, "mode" | "certificateIds" | "freeCertificate">>;

/** Serialized with the changes of the SSL service: a check and its consequence stay together. */
export const edgeoneHandlers: readonly Handler[] = [
  handler(modifyHostsCertificate, (params, account) => account.ssl.inTurn(() => modifyHosts(params, account))),
];

/** Whether the edge already serves the host's last configuration. */
export function deploymentOf(host: Host, account: Account): "processing" | "deployed" {
  return account.clock.since(host.changedAt) < propagationTime ? "processing" : "deployed";
}

/** PEM chains of the certificates that a host serves, by id; deleted ones are left out. */
export function servedBy(host: Pick<Host, "certificateIds" | "freeCertificate">, account: Account) {
  return host.certificateIds.flatMap((id) => {
    const { freeCertificate: free } = host;
    const certificatePem =
      free?.id === id ? free.certificatePem : findCertificate(account, id)?.material?.certificatePem;
    return certificatePem === undefined ? [] : [{ id, certificatePem }];
  });
}

/** Changes all hosts or none. */
async function modifyHosts(params: Params, account: Account) {
  const hosts = hostsOf(params, account);
  refuseDifferingCas(hosts, params);
  const originCaIds = originCas(params.UpstreamCertInfo, account);
  const clientCaIds = clientCas(params.ClientCertInfo, account);
  const changes = await Promise.all(
    hosts.map(async (host) => {
      const change = {
        ...(await serverCertificateChange(host, params, account)),
        ...(clientCaIds && { clientCaIds }),
        ...(originCaIds && { originCaIds }),
      };
      const after = { ...host, ...change };
      refuseMissingFamily(after.clientCaIds, servedBy(after, account));
      return { host, change };
    }),
  );
  for (const { host, change } of changes) {
    if (Object.keys(change).length > 0) Object.assign(host, change, { changedAt: account.clock.now() });
  }
  return {};
}

function hostsOf({ ZoneId, Hosts }: Params, account: Account): Host[] {
  const { zones } = account;
  const { hosts } = existing(zones.get(ZoneId), "ResourceUnavailable.ZoneNotFound", `site ${ZoneId}`, zones.keys());
  return [...new Set(Hosts)].map((name) =>
    existing(hosts.get(name), "ResourceUnavailable.HostNotFound", `host ${name} in site ${ZoneId}`, hosts.keys()),
  );
}

/** docs/cloud-behaviour.md 4.1: hosts changed together must agree; inferred: in what the call does not change. */
function refuseDifferingCas(hosts: readonly Host[], { ClientCertInfo, UpstreamCertInfo }: Params): void {
  const differ = (idsOf: (host: Host) => readonly string[]) =>
    new Set(hosts.map((host) => [...idsOf(host)].sort().join())).size > 1;
  if (ClientCertInfo === undefined && differ(({ clientCaIds }) => clientCaIds)) {
    throw new CloudError(
      "OperationDenied.HostsClientCertificateInconsistency",
      "The hosts ask visitors for certificates of different CAs.",
    );
  }
  if (UpstreamCertInfo?.UpstreamCertificateVerify === undefined && differ(({ originCaIds = [] }) => originCaIds)) {
    throw new CloudError(
      "OperationDenied.HostsUpstreamCertificateVerifyInconsistency",
      "The hosts check the certificates of their origins by different CAs.",
    );
  }
}

async function serverCertificateChange(
  host: Host,
  { Mode, ServerCertInfo }: Params,
  account: Account,
): Promise<ServerCertificateChange> {
  switch (Mode) {
    case undefined:
      return {}; // docs/cloud-behaviour.md 4.1: the server certificate is unchanged
    case "disable":
      return { mode: Mode, certificateIds: [] };
    case "sslcert":
      return { mode: Mode, certificateIds: serverCertificates(ServerCertInfo, host.name, account) };
    case "eofreecert":
      return freeCertificateChange(Mode, await issueFreeCertificate(host, account));
    case "eofreecert_manual":
      return freeCertificateChange(Mode, existingFreeCertificate(host, account));
  }
}

function freeCertificateChange(mode: HostMode, freeCertificate: FreeCertificate): ServerCertificateChange {
  return { mode, certificateIds: [freeCertificate.id], freeCertificate };
}

async function issueFreeCertificate(host: Host, { authority, clock }: Account): Promise<FreeCertificate> {
  if (host.name.startsWith("*.")) {
    throw new CloudError(
      "InvalidParameter.CnameWildHostNotAllowApplyCertificate",
      "A site connected by CNAME gets no free certificate for a wildcard host.",
    );
  }
  const notBefore = clock.now();
  const notAfter = daysFrom(notBefore, 90);
  const issued = await authority.issue({ names: [host.name], notBefore, notAfter, key: "EC-P256" });
  return { id: `teo-${randomBytes(6).toString("hex")}`, ...issued, notAfter };
}

/**
 * The operations that apply by delegation or file proof are not offered here, so `eofreecert_manual` deploys what
 * `eofreecert` obtained earlier. The code if there is none is inferred (docs/cloud-behaviour.md 4.1).
 */
function existingFreeCertificate(host: Host, { clock }: Account): FreeCertificate {
  const free = host.freeCertificate;
  if (free === undefined || free.notAfter <= clock.now()) {
    throw new CloudError("FailedOperation.CertificateNotFound", `No free certificate was applied for ${host.name}.`);
  }
  return free;
}
