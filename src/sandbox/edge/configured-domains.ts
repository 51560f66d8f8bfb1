import type { Account } from "../account.js";
import { type DeliveryDomain, type KeyPair, nameToCover } from "../delivery.js";
import type { CdnDomain, Listener } from "../tencent-ssl/bindings.js";
import { hostsOf } from "../tencent-ssl/resources.js";
import type { Host } from "../zones.js";

interface DomainConfiguration {
  /** As in a certificate: `*.` stands for one label. */
  readonly name: string;
  /** Empty while HTTPS is off, or if the cloud holds no key. */
  readonly pairs: readonly KeyPair[];
  readonly changedAt: Date;
}

/**
 * By name. If several services have a name, the first one listed here wins: DNS points at what accelerates a site,
 * not at the load balancer behind it.
 */
export function configuredDomains(account: Account): Map<string, DomainConfiguration> {
  const { ssl, cdn, dcdn, vod, live } = account;
  const all = [
    ...hostsOf(account).map(({ host }) => ofHost(host, account)),
    ...[cdn, dcdn, vod, live].flatMap((domains) => [...domains.values()].map(ofDelivery)),
    ...ssl.cdnDomains.map((domain) => ofCdn(domain, account)),
    ...ssl.loadBalancers.flatMap(({ listeners }) => listeners.flatMap((listener) => ofListener(listener, account))),
  ];
  const byName = new Map<string, DomainConfiguration>();
  for (const deployed of all) if (!byName.has(deployed.name)) byName.set(deployed.name, deployed);
  return byName;
}

function ofHost(
  { name, certificateIds, freeCertificate: free, changedAt }: Host,
  account: Account,
): DomainConfiguration {
  const pairs = certificateIds.flatMap((id) => (free?.id === id ? [free] : storedPair(id, account)));
  return { name: name.toLowerCase(), pairs, changedAt };
}

/** Huawei Live can have a pair of SM2 certificates as well; it is not served, because Node.js has no SM2. */
function ofDelivery({ name, certificate, changedAt }: DeliveryDomain): DomainConfiguration {
  return { name: nameToCover(name).toLowerCase(), pairs: certificate ? [certificate] : [], changedAt };
}

function ofCdn({ name, status, certificateId, changedAt }: CdnDomain, account: Account): DomainConfiguration {
  const pairs = status === "offline" ? [] : storedPair(certificateId, account);
  return { name: name.toLowerCase(), pairs, changedAt };
}

/** With SNI each rule has its own certificate; otherwise all use the listener's. */
function ofListener(listener: Listener, account: Account): DomainConfiguration[] {
  return listener.rules.map((rule) => {
    const { certificateId, changedAt } = listener.sni ? rule : listener;
    return { name: rule.domain.toLowerCase(), pairs: storedPair(certificateId, account), changedAt };
  });
}

/** A certificate of the SSL service, if it exists and has its key. */
function storedPair(id: string | undefined, { ssl }: Account): KeyPair[] {
  const { certificatePem, privateKeyPem } = ssl.certificates.get(id ?? "")?.material ?? {};
  return certificatePem === undefined || privateKeyPem === undefined ? [] : [{ certificatePem, privateKeyPem }];
}
