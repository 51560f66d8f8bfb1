import { z } from "zod";
import { list, text, texts } from "../../catalogue/loose.js";

/** How the resources of each product are named in a line: "clb ap-singapore lb-1/lbl-2 www.example.com". */

/** Resources of one product, in one region where it has any; `certificateId` is the one that was asked after. */
type Namer = (instance: unknown, certificateId: string) => string[];

/** Joined, without what was not told. */
const joined = (parts: readonly (string | null | undefined)[], by: string) => parts.filter(Boolean).join(by);

/** Products whose resource is named by a few members of its own. */
const flat = (...names: readonly string[]): Namer => {
  const members = z.record(z.unknown());
  return (instance) => {
    const parsed = members.safeParse(instance);
    return parsed.success
      ? [
          joined(
            names.map((name) => text.parse(parsed.data[name])),
            " ",
          ),
        ]
      : [];
  };
};

/** Products whose instances hold further parts. */
function nested<Schema extends z.ZodTypeAny>(
  schema: Schema,
  name: (instance: z.output<Schema>, certificateId: string) => string[],
): Namer {
  return (instance, certificateId) => {
    const parsed = schema.safeParse(instance);
    return parsed.success ? name(parsed.data, certificateId) : [];
  };
}

const bound = z.object({ CertId: text, CertCaId: text }).nullish().catch(undefined);

const balancer = z.object({
  LoadBalancerId: text,
  Listeners: list(
    z.object({ ListenerId: text, Certificate: bound, Rules: list(z.object({ Domain: text, Certificate: bound })) }),
  ),
});

/** Of the listeners and rules of a load balancer those that have the certificate; it comes with all of them. */
const clb = nested(balancer, ({ LoadBalancerId: id, Listeners }, certificateId) => {
  const has = (it: z.output<typeof bound>) => it?.CertId === certificateId || it?.CertCaId === certificateId;
  const lines = Listeners.flatMap((listener) => {
    const place = joined([id, listener.ListenerId], "/");
    const own = has(listener.Certificate) ? [joined([place, ...listener.Rules.map(({ Domain }) => Domain)], " ")] : [];
    const rules = listener.Rules.filter(({ Certificate }) => has(Certificate));
    return [...own, ...rules.map(({ Domain }) => joined([place, Domain], " "))];
  });
  return lines.length > 0 ? lines : [id ?? ""];
});

const cluster = z.object({
  ClusterId: text,
  NamespaceList: list(z.object({ Name: text, SecretList: list(z.object({ Name: text })) })),
});
const tke = nested(cluster, ({ ClusterId, NamespaceList }) =>
  NamespaceList.flatMap(({ Name, SecretList }) =>
    SecretList.map((secret) => joined([ClusterId, Name, secret.Name], "/")),
  ),
);

const hosting = z.object({ InstanceList: list(z.object({ Domain: text })) }).nullish();
const environment = z.object({
  Environment: z.object({ ID: text }).nullish(),
  AccessService: hosting,
  HostService: hosting,
});
const tcb = nested(environment, ({ Environment, AccessService, HostService }) =>
  [AccessService, HostService].flatMap((service) =>
    (service?.InstanceList ?? []).map(({ Domain }) => joined([Environment?.ID, Domain], " ")),
  ),
);

const gateway = z.object({ GatewayId: text, CertificateList: list(z.object({ Id: text, BindDomains: texts })) });
const tse = nested(gateway, ({ GatewayId, CertificateList }) =>
  CertificateList.map(({ Id, BindDomains }) => joined([joined([GatewayId, Id], "/"), ...BindDomains], " ")),
);

const proxy = z.object({ InstanceId: text, ListenerList: list(z.object({ ListenerId: text })) });
const gaap = nested(proxy, ({ InstanceId, ListenerList }) =>
  ListenerList.map(({ ListenerId }) => joined([InstanceId, ListenerId], "/")),
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

/** Each product has a list of regions, of which those of products without any hold one. */
const inRegions = list(
  z.object({ Region: text, InstanceList: list(z.unknown()), Environments: list(z.unknown()), Error: text }),
).catch([]);

/** A line for each place in the reply of DescribeCertificateBindResourceTaskDetail that has the certificate. */
export function resourceLines(detail: Readonly<Record<string, unknown>>, certificateId: string): string[] {
  return products.flatMap(([member, namer]) =>
    inRegions.parse(detail[member]).flatMap(({ Region, InstanceList, Environments, Error: error }) => {
      const place = joined([member.toLowerCase(), Region], " ");
      const named = [...InstanceList, ...Environments].flatMap((instance) => namer(instance, certificateId));
      const lines = named.map((name) => joined([place, name], " "));
      return error ? [...lines, `${place}: could not be looked up: ${error}`] : lines;
    }),
  );
}

/** How many instances the reply holds, counted as the task counts them. */
export function instancesIn(detail: Readonly<Record<string, unknown>>): number {
  const regions = products.flatMap(([member]) => inRegions.parse(detail[member]));
  return regions.reduce((sum, { InstanceList, Environments }) => sum + InstanceList.length + Environments.length, 0);
}
