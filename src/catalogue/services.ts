/*
 * The services: their names, hosts and rate limits.
 * Hosts: docs/cloud-behaviour.md 1.1. Rates: as stated on each vendor's page.
 */

export const clouds = ["tencent", "alibaba", "huawei"] as const;
export type Cloud = (typeof clouds)[number];

/** As a person calls them. */
export const cloudTitles: Readonly<Record<Cloud, string>> = {
  tencent: "Tencent Cloud",
  alibaba: "Alibaba Cloud",
  huawei: "Huawei Cloud",
};

/** The ids of the credentials that sign calls, or the roles that they sign for; not secrets. */
export type Signers = Partial<Readonly<Record<Cloud, string>>>;

export const serviceIds = [
  "tencent-ssl",
  "tencent-edgeone",
  "alibaba-cdn",
  "alibaba-dcdn",
  "alibaba-vod",
  "alibaba-cas",
  "huawei-live",
  "huawei-scm",
] as const;

/** What has an address of its own: each service, and the second store of one. */
export const endpointIds = [...serviceIds, "alibaba-cas-intl"] as const;
export type ServiceId = (typeof endpointIds)[number];

/** The services that store certificates and serve none. */
export const storeIds = ["tencent-ssl", "alibaba-cas", "alibaba-cas-intl", "huawei-scm"] as const;

/** The services that serve certificates to visitors. */
export type DeliveryServiceId = Exclude<ServiceId, (typeof storeIds)[number]>;
/** The products of Alibaba Cloud, whose domains serve a certificate. */
export type AlibabaEdge = Extract<DeliveryServiceId, `alibaba-${string}`>;

/** Tencent Cloud runs two separate sites with separate accounts; the other clouds ignore this. */
export const sites = ["intl", "mainland"] as const;
export type Site = (typeof sites)[number];

export interface Service {
  readonly id: ServiceId;
  readonly cloud: Cloud;
  /** Starts every tool description. */
  readonly title: string;
  /** API version, as the vendor writes it on the wire. */
  readonly version: string;
  /** The service's name in the cloud's access policies. */
  readonly inPolicies: string;
  readonly hosts: Hosts;
  /** Calls that the vendor allows: `calls` in `perSeconds`, per operation or for the whole account. */
  readonly rate: { readonly calls: number; readonly perSeconds: number; readonly per: "operation" | "account" };
}

/** One whose domains serve visitors. */
export type DeliveryService = Service & { readonly id: DeliveryServiceId };
export type AlibabaService = DeliveryService & { readonly id: AlibabaEdge };

interface Hosts {
  /** Host if no region is chosen; one per site for Tencent Cloud. */
  readonly default: string | Readonly<Record<Site, string>>;
  /** Host of a region, with `{region}` for its name. Absent if one host serves all regions. */
  readonly regional?: string;
  /** Regions that do not follow the rule. */
  readonly exceptions?: Readonly<Record<string, string>>;
}

export const tencentSsl: Service = {
  id: "tencent-ssl",
  cloud: "tencent",
  title: "Tencent Cloud SSL",
  version: "2019-12-05",
  inPolicies: "ssl",
  hosts: {
    default: { intl: "ssl.intl.tencentcloudapi.com", mainland: "ssl.tencentcloudapi.com" },
    regional: "ssl.{region}.tencentcloudapi.com",
  },
  rate: { calls: 10, perSeconds: 1, per: "operation" },
};

export const tencentEdgeone: DeliveryService = {
  id: "tencent-edgeone",
  cloud: "tencent",
  title: "Tencent Cloud EdgeOne",
  version: "2022-09-01",
  inPolicies: "teo",
  hosts: { default: { intl: "teo.intl.tencentcloudapi.com", mainland: "teo.tencentcloudapi.com" } },
  rate: { calls: 20, perSeconds: 1, per: "operation" },
};

/** One regional gateway serves every region outside mainland China (official SDK's endpoint map). */
const cdnAbroad = "cdn.ap-southeast-1.aliyuncs.com";

export const alibabaCdn: AlibabaService = {
  id: "alibaba-cdn",
  cloud: "alibaba",
  title: "Alibaba Cloud CDN",
  version: "2018-05-10",
  inPolicies: "cdn",
  hosts: {
    default: "cdn.aliyuncs.com",
    exceptions: {
      "ap-northeast-1": cdnAbroad,
      "ap-south-1": cdnAbroad,
      "ap-southeast-1": cdnAbroad,
      "ap-southeast-2": cdnAbroad,
      "ap-southeast-3": cdnAbroad,
      "ap-southeast-5": cdnAbroad,
      "eu-central-1": cdnAbroad,
      "eu-west-1": cdnAbroad,
      "me-east-1": cdnAbroad,
      "us-east-1": cdnAbroad,
      "us-west-1": cdnAbroad,
    },
  },
  rate: { calls: 30, perSeconds: 1, per: "account" },
};

export const alibabaDcdn: AlibabaService = {
  id: "alibaba-dcdn",
  cloud: "alibaba",
  title: "Alibaba Cloud DCDN",
  version: "2018-01-15",
  inPolicies: "dcdn",
  // One host serves the world; a configured region is ignored.
  hosts: { default: "dcdn.aliyuncs.com" },
  // Stated for the reads only (80 to 100 a second); the change is taken to be like that of CDN.
  rate: { calls: 30, perSeconds: 1, per: "account" },
};

export const alibabaVod: AlibabaService = {
  id: "alibaba-vod",
  cloud: "alibaba",
  title: "Alibaba Cloud VOD",
  version: "2017-03-21",
  inPolicies: "vod",
  // The operation exists in China (Shanghai) only; a configured region is ignored.
  hosts: { default: "vod.cn-shanghai.aliyuncs.com" },
  rate: { calls: 30, perSeconds: 1, per: "account" },
};

/**
 * One product with two stores, which do not know each other's certificates (docs/cloud-behaviour.md 5.6). The official
 * client makes up hosts for other regions, so a configured region is ignored.
 */
export const alibabaCas: Service = {
  id: "alibaba-cas",
  cloud: "alibaba",
  title: "Alibaba Cloud Certificate Management",
  version: "2020-04-07",
  inPolicies: "yundun-cert",
  hosts: { default: "cas.aliyuncs.com" },
  rate: { calls: 10, perSeconds: 1, per: "operation" },
};

/** The other store, of the international site. It is no service of its own, but has its own address. */
export const alibabaCasAbroad: Service = {
  ...alibabaCas,
  id: "alibaba-cas-intl",
  title: "Alibaba Cloud Certificate Management (Singapore)",
  hosts: { default: "cas.ap-southeast-1.aliyuncs.com" },
};

/** Addresses in place of the documented hosts. */
export type Endpoints = Partial<Readonly<Record<ServiceId, URL>>>;

/**
 * The same with an address for the second store where only the first has one: whoever sends a service elsewhere does not
 * expect calls to the real other store.
 */
export function withBothStores(endpoints: Endpoints): Endpoints {
  const { [alibabaCas.id]: given, [alibabaCasAbroad.id]: own = given } = endpoints;
  return own === undefined ? endpoints : { ...endpoints, [alibabaCasAbroad.id]: own };
}

export const huaweiLive: DeliveryService = {
  id: "huawei-live",
  cloud: "huawei",
  title: "Huawei Cloud Live",
  version: "v1",
  inPolicies: "live",
  hosts: { default: "live.cn-north-4.myhuaweicloud.com", regional: "live.{region}.myhuaweicloud.com" },
  rate: { calls: 150, perSeconds: 60, per: "account" },
};

const scmAbroad = "scm.ap-southeast-1.myhuaweicloud.com";

export const huaweiScm: Service = {
  id: "huawei-scm",
  cloud: "huawei",
  title: "Huawei Cloud Certificate Manager",
  version: "v3",
  inPolicies: "scm",
  // One host for each site. That the configured region, which is Live's, tells the site is inferred.
  hosts: {
    default: "scm.cn-north-4.myhuaweicloud.com",
    exceptions: {
      "ap-southeast-1": scmAbroad,
      "ap-southeast-2": scmAbroad,
      "ap-southeast-3": scmAbroad,
      "my-kualalumpur-1": "scm.my-kualalumpur-1.myhuaweicloud.com",
    },
  },
  // Not documented.
  rate: { calls: 10, perSeconds: 1, per: "account" },
};

export const services: readonly Service[] = [
  tencentSsl,
  tencentEdgeone,
  alibabaCdn,
  alibabaDcdn,
  alibabaVod,
  alibabaCas,
  huaweiLive,
  huaweiScm,
];

/** The host of `service`: the region's if one is set, else the site's default. */
export function hostOf({ hosts }: Pick<Service, "hosts">, site: Site, region?: string): string {
  if (region !== undefined) {
    const exception = hosts.exceptions?.[region];
    if (exception !== undefined) return exception;
    if (hosts.regional !== undefined) return hosts.regional.replace("{region}", region);
  }
  return typeof hosts.default === "string" ? hosts.default : hosts.default[site];
}
