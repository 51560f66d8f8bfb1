import { describeCertificates } from "../../catalogue/tencent-ssl/describe-certificates.js";
import type { OwnToolContext } from "../../own-tool.js";
import { type Arrival, arrivalsOf } from "./arrivals.js";
import type { Ground } from "./delivery.js";
import type { Earlier } from "./earlier.js";
import { readStored, type Stored } from "./held.js";
import { type Hosts, listHosts } from "./hosts.js";

/** What the deliveries of one job share; what is read for several of them is read once. */
export function groundFor(
  anchor: string | undefined,
  { lastSent, lastTried }: Pick<Earlier, "lastSent" | "lastTried">,
  context: OwnToolContext,
): Ground {
  let arrivals: Promise<readonly Arrival[]> | undefined;
  const certificates = new Map<string, Promise<Stored>>();
  const zones = new Map<string, Promise<Hosts>>();
  return {
    context,
    anchor,
    lastSent,
    lastTried,
    stored: (id) => {
      const reading = certificates.get(id) ?? readStored(id, context);
      certificates.set(id, reading);
      return reading;
    },
    arrivals: () => {
      arrivals ??= arrivalsOf(context);
      return arrivals;
    },
    hosts: (zone) => {
      const reading = zones.get(zone) ?? (anchor ? listHosts(anchor, zone, context) : noHosts(context));
      zones.set(zone, reading);
      return reading;
    },
  };
}

/** @throws {Excluded} where the policy keeps a certificate to start from out of sight */
async function noHosts({ exclusionOf }: OwnToolContext): Promise<Hosts> {
  const excluded = exclusionOf(describeCertificates);
  if (excluded !== undefined) throw excluded;
  return new Map();
}
