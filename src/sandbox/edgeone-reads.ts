import { describeAccelerationDomains } from "../catalogue/tencent-edgeone/describe-acceleration-domains.js";
import { describeZones } from "../catalogue/tencent-edgeone/describe-zones.js";
import type { X509 } from "../certificates/x509.js";
import type { Account } from "./account.js";
import { isSm2, parseSandboxCertificate } from "./certificate.js";
import { bucketSecret } from "./credentials.js";
import { isoSeconds } from "./delivery.js";
import { deploymentOf, servedBy } from "./edgeone-hosts.js";
import { type Handler, handler } from "./handler.js";
import { CloudError, existing } from "./refusal.js";
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
  handler(describeZones, (params, { zones }) => {
    const { Offset = 0, Limit = 20, Filters = [], Order = "create-time", Direction = "desc" } = params;
    const found = [...zones.values()]
      .filter((zone) => Filters.every((filter) => matches(zoneFilters(zone), filter)))
      .sort(by((zone) => zoneSortKeys(zone)[Order], Direction));
    return { TotalCount: found.length, Zones: found.slice(Offset, Offset + Limit).map(zoneOf) };
  }),
  handler(describeAccelerationDomains, (params, account) => {
    const { ZoneId, Offset = 0, Limit = 20, Filters = [], Match = "all" } = params;
    const { Order = "domain-name", Direction = "asc" } = params;
    const { zones } = account;
    const zone = existing(zones.get(ZoneId), "ResourceNotFound", `site ${ZoneId}`, zones.keys());
    const accepts = (host: Host) => {
      const results = Filters.map((filter) => matches(hostFilters(host), filter));
      return results.length === 0 || (Match === "any" ? results.includes(true) : !results.includes(false));
    };
    const found = [...zone.hosts.values()]
      .filter(accepts)
      .sort(by((host) => (Order === "domain-name" ? host.name : isoSeconds(host.changedAt)), Direction));
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

/** The values of a filter by its name; those that a filter can find in part have `fuzzy`. */
type Filtered = Readonly<Record<string, { readonly values: readonly string[]; readonly fuzzy?: true }>>;

/** @throws {CloudError} for a filter that no document names: that it is refused is inferred (docs/cloud-behaviour.md 4.2) */
function matches(filtered: Filtered, { Name, Values, Fuzzy = false }: Filter): boolean {
  const member = Object.hasOwn(filtered, Name) ? filtered[Name] : undefined;
  if (member === undefined) throw new CloudError("InvalidParameterValue", `There is no filter ${Name}.`);
  const inPart = Fuzzy && member.fuzzy === true;
  return member.values.some((value) => Values.some((wanted) => (inPart ? value.includes(wanted) : value === wanted)));
}

/** Orders by text, as the documents say; rows that are equal in it stay as they are. */
function by<Row>(keyOf: (row: Row) => string, direction: "asc" | "desc") {
  const sign = direction === "asc" ? 1 : -1;
  return (one: Row, other: Row) => {
    const [left, right] = [keyOf(one), keyOf(other)];
    return left === right ? 0 : left < right ? -sign : sign;
  };
}

const zoneFilters = (zone: Zone): Filtered => {
  const { ZoneId, ZoneName, AliasZoneName, Type, Status } = zoneOf(zone);
  return {
    "zone-id": { values: [ZoneId] },
    "zone-name": { values: [ZoneName], fuzzy: true },
    "zone-type": { values: [Type] },
    status: { values: [Status] },
    // The sandbox's sites have no tags.
    "tag-key": { values: [] },
    "tag-value": { values: [] },
    "alias-zone-name": { values: [AliasZoneName], fuzzy: true },
  };
};

/** The sandbox does not know when a site was made or used. */
const zoneSortKeys = (zone: Zone) => {
  const { ZoneName, Type, Area, ActiveStatus } = zoneOf(zone);
  return {
    type: Type,
    area: Area,
    "create-time": "",
    "zone-name": ZoneName,
    "use-time": "",
    "active-status": ActiveStatus,
  };
};

/** Which of them can be found in part is not stated: here all of them. */
const hostFilters = (host: Host): Filtered => ({
  "domain-name": { values: [host.name], fuzzy: true },
  "origin-type": { values: [bucket.OriginType], fuzzy: true },
  origin: { values: [bucket.Origin], fuzzy: true },
  "backup-origin": { values: [] },
  "domain-cname": { values: [cnameOf(host)], fuzzy: true },
  "share-cname": { values: [] },
});

const cnameOf = ({ name }: Host) => `${name}.eo.dnse4.com`;

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
    Cname: cnameOf(host),
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
