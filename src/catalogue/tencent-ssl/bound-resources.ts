import { z } from "zod";
import { joined, nameInWords, ownWords, type SafeText, safe, termInWords } from "../../lib/escape-text.js";
import { optionalList, optionalText, optionalTexts } from "../lenient.js";

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

/** Resources of one product, in one region if it has regions; `certificateId` is the certificate that was looked up. */
type Namer = (instance: unknown, certificateId: string) => Place[];

const told = (parts: readonly (string | null | undefined)[]) => parts.flatMap((part) => (part ? [part] : []));
const place = (
  path: readonly (string | null | undefined)[],
  domains: readonly (string | null | undefined)[] = [],
): Place => ({ path: told(path), domains: told(domains) });

/** Products whose resource is named by a few of its own members; the domain is the last. */
const flat = (...names: readonly string[]): Namer => {
  const members = z.record(z.unknown());
  return (instance) => {
    const parsed = members.safeParse(instance);
    if (!parsed.success) return [];
    const values = names.map((name) => ({ name, value: optionalText.parse(parsed.data[name]) }));
    const isDomain = (name: string) => name === "Domain" || name === "Host";
    const valuesOf = (domains: boolean) =>
      values.flatMap(({ name, value }) => (isDomain(name) === domains ? [value] : []));
    return [place(valuesOf(false), valuesOf(true))];
  };
};

/** Products whose instances have nested parts. */
function nested<Schema extends z.ZodTypeAny>(
  schema: Schema,
  name: (instance: z.output<Schema>, certificateId: string) => Place[],
): Namer {
  return (instance, certificateId) => {
    const parsed = schema.safeParse(instance);
    return parsed.success ? name(parsed.data, certificateId) : [];
  };
}

const bound = z.object({ CertId: optionalText, CertCaId: optionalText }).nullish().catch(undefined);

const balancer = z.object({
  LoadBalancerId: optionalText,
  Listeners: optionalList(
    z.object({
      ListenerId: optionalText,
      Certificate: bound,
      Rules: optionalList(z.object({ Domain: optionalText, Certificate: bound })),
    }),
  ),
});

/** The listeners and rules of a load balancer that use the certificate; the reply lists all of them. */
const clb = nested(balancer, ({ LoadBalancerId: id, Listeners }, certificateId) => {
  const has = (it: z.output<typeof bound>) => it?.CertId === certificateId || it?.CertCaId === certificateId;
  const places = Listeners.flatMap(({ ListenerId, Certificate, Rules }) => {
    const domainsOf = (rules: typeof Rules) => rules.map(({ Domain }) => Domain);
    const own = has(Certificate) ? [place([id, ListenerId], domainsOf(Rules))] : [];
    const rules = Rules.filter((rule) => has(rule.Certificate));
    return [...own, ...rules.map((rule) => place([id, ListenerId], domainsOf([rule])))];
  });
  return places.length > 0 ? places : [place([id])];
});

const cluster = z.object({
  ClusterId: optionalText,
  NamespaceList: optionalList(
    z.object({ Name: optionalText, SecretList: optionalList(z.object({ Name: optionalText })) }),
  ),
});
const tke = nested(cluster, ({ ClusterId, NamespaceList }) =>
  NamespaceList.flatMap(({ Name, SecretList }) => SecretList.map((secret) => place([ClusterId, Name, secret.Name]))),
);

const hosting = z.object({ InstanceList: optionalList(z.object({ Domain: optionalText })) }).nullish();
const environment = z.object({
  Environment: z.object({ ID: optionalText }).nullish(),
  AccessService: hosting,
  HostService: hosting,
});
const tcb = nested(environment, ({ Environment, AccessService, HostService }) =>
  [AccessService, HostService].flatMap((service) =>
    (service?.InstanceList ?? []).map(({ Domain }) => place([Environment?.ID], [Domain])),
  ),
);

const gateway = z.object({
  GatewayId: optionalText,
  CertificateList: optionalList(z.object({ Id: optionalText, BindDomains: optionalTexts })),
});
const tse = nested(gateway, ({ GatewayId, CertificateList }) =>
  CertificateList.map(({ Id, BindDomains }) => place([GatewayId, Id], BindDomains)),
);

const proxy = z.object({
  InstanceId: optionalText,
  ListenerList: optionalList(z.object({ ListenerId: optionalText })),
});
const gaap = nested(proxy, ({ InstanceId, ListenerList }) =>
  ListenerList.map(({ ListenerId }) => place([InstanceId, ListenerId])),
);

const products: readonly (readonly [member: string, namer: Namer])[] = [
  ["CLB", clb],
  ["CDN", flat("Domain")],
  ["WAF", flat("Domain")],
  ["DDOS", flat("InstanceId", "Domain")],
  ["LIVE", flat("Domain")],
  ["VOD", flat("Domain")],
  ["TKE", tke],
  ["APIGATEWAY", flat("ServiceId", "Domain")],
  ["TCB", tcb],
  ["TEO", flat("ZoneId", "Host")],
  ["TSE", tse],
  ["COS", flat("Bucket", "Domain")],
  ["TDMQ", flat("InstanceId")],
  ["MQTT", flat("InstanceId")],
  ["GAAP", gaap],
  ["SCF", flat("Domain")],
];

/** Each product has a list of regions; products without regions have a list of one. */
const inRegions = optionalList(
  z.object({
    Region: optionalText,
    InstanceList: optionalList(z.unknown()),
    Environments: optionalList(z.unknown()),
    Error: optionalText,
  }),
).catch([]);

type Detail = Readonly<Record<string, unknown>>;

/** Each place in the reply of DescribeCertificateBindResourceTaskDetail that uses the certificate. */
export function boundResourcesIn(detail: Detail, certificateId: string): readonly (BoundResource | Unread)[] {
  return products.flatMap(([member, namer]) =>
    inRegions.parse(detail[member]).flatMap(({ Region, InstanceList, Environments, Error: error }) => {
      const where = { type: member.toLowerCase(), region: Region ?? "" };
      const places = [...InstanceList, ...Environments].flatMap((instance) => namer(instance, certificateId));
      const named = places.map((it) => ({ ...where, ...it }));
      return error ? [...named, { ...where, error }] : named;
    }),
  );
}

/** One line for each: "clb ap-singapore lb-1/lbl-2 www.example.com". */
export function resourceLines(detail: Detail, certificateId: string): string[] {
  return boundResourcesIn(detail, certificateId).map((it) => {
    const where = told([it.type, it.region]);
    if ("error" in it) return `${where.join(" ")}: could not be looked up: ${it.error}`;
    return [...where, ...told([it.path.join("/")]), ...it.domains].join(" ");
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
export const productInWords = (type: string): SafeText => productNames[type] ?? ownWords(type);

const brands: Readonly<Partial<Record<string, string>>> = {
  ddos: "Anti-DDoS",
  live: "Live",
  apigateway: "API Gateway",
  tcb: "CloudBase",
  teo: "EdgeOne",
};

/** The vendor's product name, the same in every language: "CLB", "EdgeOne". */
export const productBrand = (type: string): SafeText => termInWords(brands[type] ?? type.toUpperCase());

/** "Load balancer lb-1/lbl-2, www.example.com (ap-singapore)". */
export function resourceInWords({ type, region, path, domains }: BoundResource): SafeText {
  const parts = [
    ...(path.length > 0 ? [joined(path.map(nameInWords), ownWords("/"))] : []),
    ...domains.map(nameInWords),
  ];
  const named = safe`${productInWords(type)} ${joined(parts)}`;
  return region === "" ? named : safe`${named} (${nameInWords(region)})`;
}

/** Number of instances in the reply, counted as the task counts them. */
export function instancesIn(detail: Detail): number {
  const regions = products.flatMap(([member]) => inRegions.parse(detail[member]));
  return regions.reduce((sum, { InstanceList, Environments }) => sum + InstanceList.length + Environments.length, 0);
}
