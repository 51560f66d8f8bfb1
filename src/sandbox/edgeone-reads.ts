import { describeAccelerationDomains } from "../catalogue/tencent-edgeone/describe-acceleration-domains.js";
import { describeZones } from "../catalogue/tencent-edgeone/describe-zones.js";
import type { X509 } from "../certificates/x509.js";
import type { Account } from "./account.js";
import { isSm2, parseSandboxCertificate } from "./certificate.js";
import { bucketSecret } from "./credentials.js";
import { isoSeconds } from "./delivery.js";
import { deploymentOf, servedBy } from "./edgeone-hosts.js";
import { type Handler, handler } from "./handler.js";
import { existing } from "./refusal.js";
import { findCertificate } from "./tencent-ssl/lookup.js";
import type { Host, Zone } from "./zones.js";

/** A private bucket as origin: its access keys come with the list of domains (docs/cloud-behaviour.md 4.2). */
const bucket = {
  OriginType: "AWS_S3",
  Origin: "media.s3.example.com",
  PrivateAccess: "on",
  PrivateParameters: [
    { Name: "AccessKeyId", Value: "sandbox-bucket-id" },
    { Name: "SecretAccessKey", Value: bucketSecret },
  ],
};

/** What EdgeOne lists: its sites, and their domains with the certificates of each (docs/cloud-behaviour.md 4.2). */
export const edgeoneReads: readonly Handler[] = [
  handler(describeZones, ({ Offset = 0, Limit = 20, Filters = [] }, { zones }) => {
    const found = [...zones.values()].filter((zone) => Filters.every((filter) => matches(zoneMembers(zone), filter)));
    return { TotalCount: found.length, Zones: found.slice(Offset, Offset + Limit).map(zoneOf) };
  }),
  handler(describeAccelerationDomains, ({ ZoneId, Offset = 0, Limit = 20, Filters = [] }, account) => {
    const { zones } = account;
    const zone = existing(zones.get(ZoneId), "ResourceNotFound", `site ${ZoneId}`, zones.keys());
    const found = [...zone.hosts.values()]
      .filter((host) => Filters.every((filter) => matches({ "domain-name": host.name }, filter)))
      .sort((a, b) => (a.name < b.name ? -1 : 1));
    return {
      TotalCount: found.length,
      AccelerationDomains: found.slice(Offset, Offset + Limit).map((host) => domainOf(zone, host, account)),
    };
  }),
];

interface Filter {
  readonly Name: string;
  readonly Values: readonly string[];
  readonly Fuzzy?: boolean | undefined;
}

function matches(members: Readonly<Record<string, string>>, { Name, Values, Fuzzy = false }: Filter): boolean {
  const value = members[Name];
  return value !== undefined && Values.some((wanted) => (Fuzzy ? value.includes(wanted) : value === wanted));
}

const zoneMembers = (zone: Zone) => ({ "zone-id": zone.id, "zone-name": zone.name });

function zoneOf(zone: Zone) {
  return {
    ZoneId: zone.id,
    ZoneName: zone.name,
    AliasZoneName: "",
    Area: "global",
    Type: "partial",
    Status: "active",
    CnameStatus: "finished",
    ActiveStatus: "active",
    LockStatus: "enable",
    Paused: false,
    Tags: [],
  };
}

function signAlgoOf(leaf: X509): string {
  if (isSm2(leaf)) return "SM2";
  return leaf.publicKey?.asymmetricKeyType === "ec" ? "ECC" : "RSA";
}

function upstreamOf({ upstreamIds, originCaIds }: Host) {
  const listed = (ids: readonly string[]) => ids.map((id) => ({ CertId: id }));
  const mode = originCaIds?.length ? "custom_ca" : "disable";
  return {
    ...(upstreamIds && { UpstreamMutualTLS: { Switch: "on", CertInfos: listed(upstreamIds) } }),
    ...(originCaIds && {
      UpstreamCertificateVerify: { VerificationMode: mode, CustomCACerts: listed(originCaIds) },
    }),
  };
}

function domainOf(zone: Zone, host: Host, account: Account) {
  const deployed = deploymentOf(host, account);
  const described = (id: string, certificatePem: string | undefined) => {
    const parsed = certificatePem === undefined ? undefined : parseSandboxCertificate(certificatePem);
    return {
      CertId: id,
      Alias: account.ssl.certificates.get(id)?.alias ?? "",
      Type: host.freeCertificate?.id === id ? "default" : "upload",
      ExpireTime: parsed === undefined ? "" : isoSeconds(parsed.notAfter),
      DeployTime: isoSeconds(host.changedAt),
      SignAlgo: parsed === undefined ? "" : signAlgoOf(parsed.leaf),
      Status: deployed,
    };
  };
  const list = servedBy(host, account).map(({ id, certificatePem }) => described(id, certificatePem));
  const authorities = host.clientCaIds.map((id) =>
    described(id, findCertificate(account, id)?.material?.certificatePem),
  );
  return {
    ZoneId: zone.id,
    DomainName: host.name,
    DomainStatus: deployed === "processing" ? "process" : "online",
    Cname: `${host.name}.eo.dnse4.com`,
    IdentificationStatus: "finished",
    OriginDetail: bucket,
    Certificate: {
      Mode: host.mode,
      List: list.length === 0 ? null : list,
      ...((host.upstreamIds || host.originCaIds) && { UpstreamCertInfo: upstreamOf(host) }),
      ClientCertInfo: { Switch: authorities.length > 0 ? "on" : "off", CertInfos: authorities },
    },
    CreatedOn: isoSeconds(host.changedAt),
    ModifiedOn: isoSeconds(host.changedAt),
  };
}
