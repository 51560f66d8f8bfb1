import { daysFrom } from "../delivery.js";
import type { Host, Zone } from "../zones.js";

export function seedZones(boundCertificateId: string, now: Date): Map<string, Zone> {
  const settings = { clientCaIds: [], changedAt: daysFrom(now, -30) };
  const hosts: Host[] = [
    { name: "www.example.com", mode: "sslcert", certificateIds: [boundCertificateId], ...settings },
    { name: "shop.example.com", mode: "disable", certificateIds: [], ...settings },
  ];
  const zone: Zone = {
    id: "zone-sandboxdemo",
    name: "example.com",
    hosts: new Map(hosts.map((host) => [host.name, host])),
  };
  return new Map([[zone.id, zone]]);
}
