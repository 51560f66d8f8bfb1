import type { OwnToolContext } from "../../own-tool.js";
import { type Arrival, arrivalsOf } from "./arrivals.js";
import type { Ground } from "./delivery.js";
import type { Earlier } from "./earlier.js";
import { type Hosts, listHosts } from "./hosts.js";

/** What the deliveries of one job share; what is read for several of them is read once. */
export function groundFor(
  anchor: string | undefined,
  { timesBefore }: Pick<Earlier, "timesBefore">,
  context: OwnToolContext,
): Ground {
  let arrivals: Promise<readonly Arrival[]> | undefined;
  const zones = new Map<string, Promise<Hosts>>();
  return {
    context,
    anchor,
    timesBefore,
    arrivals: () => {
      arrivals ??= arrivalsOf(context);
      return arrivals;
    },
    hosts: (zone) => {
      const reading = zones.get(zone) ?? (anchor ? listHosts(anchor, zone, context) : Promise.resolve(new Map()));
      zones.set(zone, reading);
      return reading;
    },
  };
}
