import type { Account } from "../account.js";
import { covers } from "../certificate.js";
import type { Host } from "../zones.js";
import type { Binding, BoundResources, CdnDomain, LoadBalancer } from "./bindings.js";

/** Every place that serves the certificate. */
export function resourceBindingsOf(account: Account, certificateId: string): Binding[] {
  const { loadBalancers, cdnDomains } = account.ssl;
  const all = [
    ...loadBalancers.flatMap(balancerBindings),
    ...cdnDomains.map(cdnBinding),
    ...hostsOf(account).map(hostBinding),
  ];
  return all.filter((binding) => binding.serves(certificateId));
}

/** A copy, unaffected by later changes. */
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

/** CLB accepts any certificate; it does not check that it covers the domains. */
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
