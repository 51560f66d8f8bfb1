import type { z } from "zod";
import { formatId, formatName, joined, type SafeText, safe, verbatim } from "../../lib/safe-text.js";
import type { boundResources } from "./types-resources.js";

/** A place in a cloud product that uses a certificate. */
export interface BoundResource {
  /** The product, by the name of its list: "clb". */
  readonly type: string;
  /** Empty if the product has no regions. */
  readonly region: string;
  /** From the outermost part to the resource itself: a load balancer and its listener. */
  readonly path: readonly string[];
  readonly domains: readonly string[];
}

/** A part of the list that the cloud could not look up. */
interface Unread {
  readonly type: string;
  readonly region: string;
  readonly error: string;
}

type Place = Pick<BoundResource, "path" | "domains">;

const nonEmpty = (parts: readonly (string | null | undefined)[]) => parts.flatMap((part) => (part ? [part] : []));
const placeAt = (
  path: readonly (string | null | undefined)[],
  domains: readonly (string | null | undefined)[] = [],
): Place => ({ path: nonEmpty(path), domains: nonEmpty(domains) });

/** The reply of DescribeCertificateBindResourceTaskDetail. */
type Detail = z.objectOutputType<typeof boundResources, z.ZodTypeAny>;

/** The listeners and rules of a load balancer that use the certificate; the reply lists all of them. */
function balancerPlaces(
  { LoadBalancerId: id, Listeners }: Detail["CLB"][number]["InstanceList"][number],
  certificateId: string,
): Place[] {
  const has = (it: (typeof Listeners)[number]["Certificate"]) =>
    it?.CertId === certificateId || it?.CertCaId === certificateId;
  const places = Listeners.flatMap(({ ListenerId, Certificate, Rules }) => {
    const domainsOf = (rules: typeof Rules) => rules.map(({ Domain }) => Domain);
    const own = has(Certificate) ? [placeAt([id, ListenerId], domainsOf(Rules))] : [];
    const rules = Rules.filter((rule) => has(rule.Certificate));
    return [...own, ...rules.map((rule) => placeAt([id, ListenerId], domainsOf([rule])))];
  });
  return places.length > 0 ? places : [placeAt([id])];
}

/** A region of a product; a product without regions has a list of one. */
interface Region<Instance> {
  readonly Region?: string | null | undefined;
  readonly InstanceList: readonly Instance[];
  readonly Error?: string | null | undefined;
}

/** The resources of one product; `certificateId` is the certificate that was looked up. */
function product<Instance>(
  type: string,
  regions: readonly Region<Instance>[],
  placesIn: (instance: Instance, certificateId: string) => Place | Place[],
) {
  return {
    found: (certificateId: string): (BoundResource | Unread)[] =>
      regions.flatMap(({ Region, InstanceList, Error: error }) => {
        const where = { type, region: Region ?? "" };
        const named = InstanceList.flatMap((it) => placesIn(it, certificateId)).map((it) => ({ ...where, ...it }));
        return error ? [...named, { ...where, error }] : named;
      }),
    count: regions.reduce((sum, { InstanceList }) => sum + InstanceList.length, 0),
  };
}

const byDomain = ({ Domain }: { readonly Domain?: string | null | undefined }) => placeAt([], [Domain]);
const byId = ({ InstanceId }: { readonly InstanceId?: string | null | undefined }) => placeAt([InstanceId]);

const productsIn = (detail: Detail) => [
  product("clb", detail.CLB, balancerPlaces),
  product("cdn", detail.CDN, byDomain),
  product("waf", detail.WAF, byDomain),
  product("ddos", detail.DDOS, ({ InstanceId, Domain }) => placeAt([InstanceId], [Domain])),
  product("live", detail.LIVE, byDomain),
  product("vod", detail.VOD, byDomain),
  product("tke", detail.TKE, ({ ClusterId, NamespaceList }) =>
    NamespaceList.flatMap(({ Name, SecretList }) =>
      SecretList.map((secret) => placeAt([ClusterId, Name, secret.Name])),
    ),
  ),
  product("apigateway", detail.APIGATEWAY, ({ ServiceId, Domain }) => placeAt([ServiceId], [Domain])),
  product(
    "tcb",
    detail.TCB.map(({ Environments, ...region }) => ({ ...region, InstanceList: Environments })),
    ({ Environment, AccessService, HostService }) =>
      [...(AccessService?.InstanceList ?? []), ...(HostService?.InstanceList ?? [])].map(({ Domain }) =>
        placeAt([Environment?.ID], [Domain]),
      ),
  ),
  product("teo", detail.TEO, ({ ZoneId, Host }) => placeAt([ZoneId], [Host])),
  product("tse", detail.TSE, ({ GatewayId, CertificateList }) =>
    CertificateList.map(({ Id, BindDomains }) => placeAt([GatewayId, Id], BindDomains)),
  ),
  product("cos", detail.COS, ({ Bucket, Domain }) => placeAt([Bucket], [Domain])),
  product("tdmq", detail.TDMQ, byId),
  product("mqtt", detail.MQTT, byId),
  product("gaap", detail.GAAP, ({ InstanceId, ListenerList }) =>
    ListenerList.map(({ ListenerId }) => placeAt([InstanceId, ListenerId])),
  ),
  product("scf", detail.SCF, byDomain),
];

/** Each place in the reply that uses the certificate. */
export function boundResourcesIn(detail: Detail, certificateId: string): readonly (BoundResource | Unread)[] {
  return productsIn(detail).flatMap(({ found }) => found(certificateId));
}

/** One line for each: "clb ap-singapore lb-1/lbl-2 www.example.com". */
export function resourceLines(detail: Detail, certificateId: string): string[] {
  return boundResourcesIn(detail, certificateId).map((it) => {
    const where = nonEmpty([it.type, it.region]);
    if ("error" in it) return `${where.join(" ")}: could not be looked up: ${it.error}`;
    return [...where, ...nonEmpty([it.path.join("/")]), ...it.domains].join(" ");
  });
}

const productNames: Readonly<Partial<Record<string, SafeText>>> = {
  clb: safe`Load balancer`,
  cdn: safe`CDN domain`,
  waf: safe`WAF domain`,
  ddos: safe`Anti-DDoS`,
  live: safe`Live domain`,
  vod: safe`VOD domain`,
  tke: safe`TKE secret`,
  apigateway: safe`API gateway`,
  tcb: safe`CloudBase`,
  teo: safe`EdgeOne host`,
  tse: safe`Cloud native gateway`,
  cos: safe`COS bucket`,
};

/** "Load balancer"; the cloud's own name for products not listed here. */
export const productName = (type: string): SafeText => productNames[type] ?? verbatim(type);

const brands: Readonly<Partial<Record<string, string>>> = {
  ddos: "Anti-DDoS",
  live: "Live",
  apigateway: "API Gateway",
  tcb: "CloudBase",
  teo: "EdgeOne",
};

/** The vendor's product name, the same in every language: "CLB", "EdgeOne". */
export const productBrand = (type: string): SafeText => formatId(brands[type] ?? type.toUpperCase());

/** "Load balancer lb-1/lbl-2, www.example.com (ap-singapore)". */
export function describeResource({ type, region, path, domains }: BoundResource): SafeText {
  const parts = [...(path.length > 0 ? [joined(path.map(formatName), verbatim("/"))] : []), ...domains.map(formatName)];
  const named = safe`${productName(type)} ${joined(parts)}`;
  return region === "" ? named : safe`${named} (${formatName(region)})`;
}

/** Number of instances in the reply, counted as the task counts them. */
export function instancesIn(detail: Detail): number {
  return productsIn(detail).reduce((sum, { count }) => sum + count, 0);
}
