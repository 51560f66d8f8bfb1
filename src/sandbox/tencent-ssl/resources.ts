import type { Account } from "../account.js";
import { covers } from "../certificate.js";
import type { Host } from "../edgeone.js";

/** Products that the sandbox's account has resources of. */
export type ResourceType = "clb" | "cdn" | "teo";

export interface ListenerRule {
  readonly locationId: string;
  readonly domain: string;
  readonly url: string;
  certificateId: string | undefined;
  changedAt: Date;
}

/** With SNI each rule has its own certificate, else the listener has one. */
export interface Listener {
  readonly id: string;
  readonly name: string;
  readonly port: number;
  readonly protocol: "HTTPS" | "TCP_SSL";
  readonly sni: boolean;
  certificateId: string | undefined;
  changedAt: Date;
  readonly rules: readonly ListenerRule[];
}

/** A load balancer of CLB. */
export interface LoadBalancer {
  readonly id: string;
  readonly name: string;
  readonly region: string;
  readonly listeners: readonly Listener[];
}

/** A domain of Tencent Cloud's own CDN. */
export interface CdnDomain {
  readonly name: string;
  status: "online" | "offline" | "processing";
  certificateId: string | undefined;
  changedAt: Date;
}

/** One place that serves a certificate, and can be made to serve another. */
export interface Binding {
  readonly type: ResourceType;
  /** Empty for products that know no regions. */
  readonly region: string;
  readonly domains: readonly string[];
  readonly listener?: { readonly balancer: LoadBalancer; readonly listener: Listener; readonly rule?: ListenerRule };
  serves(certificateId: string): boolean;
  replace(oldId: string, newId: string, at: Date): void;
  /** Why a certificate for `names` cannot be put here now. */
  obstacle(names: readonly string[]): string | undefined;
}

/** What uses a certificate, as it was when asked. */
export interface BoundResources {
  readonly loadBalancers: readonly LoadBalancer[];
  readonly cdnDomains: readonly CdnDomain[];
  readonly hosts: readonly { readonly zoneId: string; readonly host: Host }[];
}

/** Every place that serves the certificate. */
export function bindingsOf(account: Account, certificateId: string): Binding[] {
  const { loadBalancers, cdnDomains } = account.ssl;
  const all = [
    ...loadBalancers.flatMap(balancerBindings),
    ...cdnDomains.map(cdnBinding),
    ...hostsOf(account).map(hostBinding),
  ];
  return all.filter((binding) => binding.serves(certificateId));
}

/** A copy that later changes do not reach. */
export function resourcesUsing(account: Account, certificateId: string): BoundResources {
  const serves = (binding: Binding) => binding.serves(certificateId);
  return structuredClone({
    loadBalancers: account.ssl.loadBalancers.filter((balancer) => balancerBindings(balancer).some(serves)),
    cdnDomains: account.ssl.cdnDomains.filter((domain) => serves(cdnBinding(domain))),
    hosts: hostsOf(account).filter(({ host }) => serves(hostBinding({ host }))),
  });
}

export function hostsOf(account: Account): { readonly zoneId: string; readonly host: Host }[] {
  return [...account.zones.values()].flatMap((zone) =>
    [...zone.hosts.values()].map((host) => ({ zoneId: zone.id, host })),
  );
}

/** CLB takes any certificate: whether it covers the domains is not looked at. */
function balancerBindings(balancer: LoadBalancer): Binding[] {
  const { region } = balancer;
  return balancer.listeners.flatMap((listener): Binding[] => [
    {
      type: "clb",
      region,
      domains: listener.sni ? [] : listener.rules.map(({ domain }) => domain),
      listener: { balancer, listener },
      ...slot(listener),
    },
    ...listener.rules.map(
      (rule): Binding => ({
        type: "clb",
        region,
        domains: [rule.domain],
        listener: { balancer, listener, rule },
        ...slot(rule),
      }),
    ),
  ]);
}

function slot(
  holder: Pick<CdnDomain, "certificateId" | "changedAt">,
): Pick<Binding, "serves" | "replace" | "obstacle"> {
  return {
    serves: (id) => holder.certificateId === id,
    replace: (_oldId, newId, at) => {
      holder.certificateId = newId;
      holder.changedAt = at;
    },
    obstacle: () => undefined,
  };
}

function cdnBinding(domain: CdnDomain): Binding {
  return {
    type: "cdn",
    region: "",
    domains: [domain.name],
    ...slot(domain),
    obstacle: (names) =>
      domain.status === "online" ? mismatch(names, domain.name) : `Domain ${domain.name} is ${domain.status}.`,
  };
}

function hostBinding({ host }: { readonly host: Host }): Binding {
  return {
    type: "teo",
    region: "",
    domains: [host.name],
    serves: (id) => host.certificateIds.includes(id),
    replace: (oldId, newId, at) => {
      host.certificateIds = [...new Set(host.certificateIds.map((id) => (id === oldId ? newId : id)))];
      host.mode = "sslcert";
      host.changedAt = at;
    },
    obstacle: (names) => mismatch(names, host.name),
  };
}

function mismatch(names: readonly string[], domain: string): string | undefined {
  return covers(names, domain) ? undefined : `The certificate does not cover ${domain}.`;
}
