import type { Account } from "../account.js";
import { covers } from "../certificate.js";
import { deploymentOf } from "../edgeone-hosts.js";
import type { BoundResources, CdnDomain, Listener, ListenerRule, LoadBalancer } from "./bindings.js";
import { certificateNamesOf, keyAlgorithmOf } from "./certificate-facts.js";

/* Reply members for the resources that use a certificate, under the documented names. */

export function balancerMembers({ id, name, listeners }: LoadBalancer, account: Account) {
  return {
    LoadBalancerId: id,
    LoadBalancerName: name,
    Listeners: listeners.map((listener) => listenerMembers(listener, account)),
    Forward: 1,
  };
}

function listenerMembers(listener: Listener, account: Account) {
  return {
    ListenerId: listener.id,
    ListenerName: listener.name,
    SniSwitch: listener.sni ? 1 : 0,
    Protocol: listener.protocol,
    Certificate: certificateMembers(listener.certificateId, account),
    Rules: listener.rules.map((rule) => ruleMembers(rule, account)),
    NoMatchDomains: [],
  };
}

function ruleMembers(rule: ListenerRule, account: Account) {
  const certificate = account.ssl.certificates.get(rule.certificateId ?? "");
  const matches = certificate !== undefined && covers(certificateNamesOf(certificate), rule.domain);
  return {
    LocationId: rule.locationId,
    Domain: rule.domain,
    IsMatch: matches,
    Certificate: certificateMembers(rule.certificateId, account),
    NoMatchDomains: matches ? [] : [rule.domain],
    Url: rule.url,
  };
}

function certificateMembers(id: string | undefined, { ssl }: Account) {
  if (id === undefined) return null;
  const certificate = ssl.certificates.get(id);
  return {
    CertId: id,
    DnsNames: certificate ? certificateNamesOf(certificate) : null,
    CertCaId: "",
    SSLMode: "UNIDIRECTIONAL",
  };
}

export function cdnMembers({ name, certificateId, status }: CdnDomain) {
  return { Domain: name, CertId: certificateId, Status: status, HttpsBillingSwitch: "on" };
}

const hostStatus = { processing: "Processing", deployed: "Deployed" } as const;

/** A host, and the requested certificate among those it serves. */
export function hostMembers(
  { zoneId, host }: BoundResources["hosts"][number],
  certificateId: string | undefined,
  account: Account,
) {
  const certificate = account.ssl.certificates.get(certificateId ?? "");
  return {
    Host: host.name,
    CertId: certificateId ?? null,
    ZoneId: zoneId,
    Status: hostStatus[deploymentOf(host, account)],
    Algorithm: (certificate && keyAlgorithmOf(certificate)) ?? null,
  };
}
