import type { Cloud, Service } from "../catalogue/services.js";
import { type Check, type DoctorFinding, doctorWarning, failure, ok } from "./finding.js";

/**
 * How far off the clock may be before the cloud refuses signatures, in seconds (docs/cloud-behaviour.md 2.1, 5.1, 6.1).
 */
const allowed: Readonly<Record<Cloud, number>> = { tencent: 300, alibaba: 900, huawei: 900 };
/** More than the Date header's precision and latency explain, in seconds. */
const NOTABLE = 30;

export const clock: Check = {
  name: "clock",
  run: async ({ answers }) => {
    const told = answers.flatMap(({ service, ahead }) =>
      ahead === undefined ? [] : [{ service, seconds: Math.round(ahead / 1000) }],
    );
    const [worst] = told.toSorted((one, other) => Math.abs(other.seconds) - Math.abs(one.seconds));
    return [
      worst === undefined
        ? doctorWarning("Not compared: no service told its time.", "See endpoints, or compare the clock by hand.")
        : judged(worst.service, worst.seconds),
    ];
  },
};

function judged(service: Service, seconds: number): DoctorFinding {
  const off = Math.abs(seconds);
  if (off < NOTABLE) return ok(`Within ${Math.max(off, 1)} s of the clouds' clocks.`);
  const says = `This computer's clock is ${off} s ${seconds > 0 ? "ahead of" : "behind"} that of ${service.title}`;
  const limit = allowed[service.cloud];
  const next = "Set the clock, preferably by NTP.";
  if (off >= limit) return failure(`${says}, which refuses signatures that are off by ${limit} s.`, next);
  return doctorWarning(`${says}; signatures are refused from ${limit} s.`, next);
}
