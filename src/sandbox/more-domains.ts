import type { Account } from "./account.js";
import { daysFrom, domainServing, type KeyPair } from "./delivery.js";
import type { Host } from "./zones.js";

/** Hosts of one added EdgeOne zone; a page of them has 200. */
const HOSTS_PER_ZONE = 250;

/**
 * Adds `count` domains below example.com, in turn to EdgeOne, Alibaba CDN, DCDN and VOD, and Huawei Live. Each serves the
 * old wildcard; EdgeOne's are spread over zones.
 */
export function addDomains(account: Account, storefront: KeyPair, certificateId: string, count: number): void {
  const changedAt = daysFrom(account.clock.now(), -30);
  for (let index = 0; index < count; index += 1) {
    const name = `site-${String(index).padStart(5, "0")}.example.com`;
    const domain = domainServing(storefront, name, changedAt);
    const places = [
      () =>
        addHost(account, index, { name, mode: "sslcert", certificateIds: [certificateId], clientCaIds: [], changedAt }),
      () => account.cdn.set(name, domain),
      () => account.dcdn.set(name, domain),
      () => account.vod.set(name, domain),
      () => account.live.set(name, domain),
    ];
    places[index % places.length]?.();
  }
}

function addHost({ zones }: Account, index: number, host: Host): void {
  const id = `zone-sandbox${Math.floor(index / 5 / HOSTS_PER_ZONE)}`;
  const zone = zones.get(id) ?? { id, name: "example.com", hosts: new Map<string, Host>() };
  zone.hosts.set(host.name, host);
  zones.set(id, zone);
}
