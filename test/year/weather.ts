import { createHash } from "node:crypto";
import type { Fault } from "./traffic-faults.js";

/** What goes wrong on a day. */
export interface Weather {
  readonly kind: "calm" | "rough" | "outage" | "slow edge" | "kill";
  /** Milliseconds that each address of the edge takes for a change. */
  readonly edgeStep: number;
  readonly faultFor: (service: string) => Fault | undefined;
}

/** How often each weather comes, in percent of days; the rest is calm. */
const shares = { rough: 20, outage: 5, "slow edge": 8, kill: 7 } as const;

const minute = 60_000;
const clouds = ["tencent", "alibaba", "huawei"] as const;

/** The weather of one day. @param random a number from 0 to 1 */
export function weatherOf(random: () => number): Weather {
  const draw = random() * 100;
  const kind = kindOf(draw);
  const calm: Weather = { kind, edgeStep: 300, faultFor: () => undefined };
  const among = (...faults: readonly Fault[]) => faults[Math.floor(random() * faults.length)];
  switch (kind) {
    case "calm":
      return calm;
    case "rough":
      // One request in twenty; once in a hundred of those, no answer at all comes.
      return {
        ...calm,
        faultFor: () =>
          random() >= 0.05 ? undefined : random() < 0.01 ? "silent" : among("unavailable", "throttled", "lost"),
      };
    case "outage": {
      const down = clouds[Math.floor(random() * clouds.length)] ?? "tencent";
      return { ...calm, faultFor: (service) => (service.startsWith(down) ? among("unavailable", "lost") : undefined) };
    }
    case "slow edge":
      return { ...calm, edgeStep: 90 * minute };
    case "kill": {
      // Before, between and after the requests that change something.
      let left = Math.floor(random() * 60);
      return {
        ...calm,
        faultFor: () => {
          left -= 1;
          return left === 0 ? among("kill before", "kill after") : undefined;
        },
      };
    }
  }
}

function kindOf(draw: number): Weather["kind"] {
  let reached = 0;
  for (const kind of ["rough", "outage", "slow edge", "kill"] as const) {
    reached += shares[kind];
    if (draw < reached) return kind;
  }
  return "calm";
}

/** Numbers from 0 to 1, the same for the same seed. */
export function randomFrom(seed: number): () => number {
  let count = 0;
  return () => {
    count += 1;
    return createHash("sha256").update(`${seed} ${count}`).digest().readUInt32BE() / 2 ** 32;
  };
}
