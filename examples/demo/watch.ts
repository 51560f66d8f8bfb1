import { setTimeout } from "node:timers/promises";
import { z } from "zod";
import type { Bought } from "./buy.js";
import { sites } from "./sites.js";
import type { Stage } from "./stage.js";
import { check, heading, quote, tell } from "./telling.js";

const looked = z.object({
  domains: z.array(
    z.object({
      domain: z.string(),
      status: z.string(),
      served: z.array(
        z.object({ addresses: z.array(z.string()), certificates: z.array(z.object({ as_expected: z.boolean() })) }),
      ),
    }),
  ),
});
type Domain = z.output<typeof looked>["domains"][number];

/** In milliseconds; a rollout at the sandbox's edge takes longer. */
const PAUSE = 300;
const LOOKS = 20;

/** Looks right after the clouds accepted, until some addresses show the new certificate and others do not. */
export async function watchItSpread({ id }: Bought, { assistant }: Stage): Promise<void> {
  heading("Is it live yet?");
  for (let look = 0; look < LOOKS; look++) {
    const question = { domains: sites, certificate_id: id };
    const { domains } = await assistant.call("check_served_certificate", question, looked, "without progress");
    for (const { domain, status, served } of domains) {
      tell(`${domain.padEnd(20)} ${status.padEnd(18)} ${addressesIn(served)}`);
    }
    const spreading = domains.find(({ status }) => status === "propagating");
    if (spreading !== undefined) return check(`${spreading.domain} is seen between old and new`, isBetween(spreading));
    await setTimeout(PAUSE);
  }
  throw new Error("no domain was ever seen between old and new");
}

const isNew = ({ certificates }: Domain["served"][number]) => certificates.some(({ as_expected }) => as_expected);
const isBetween = ({ served }: Domain) => served.some(isNew) && !served.every(isNew);

/** "2 new, 1 old". */
function addressesIn(served: Domain["served"]): string {
  return served
    .map(
      (group) => `${group.addresses.length} ${isNew(group) ? "new" : group.certificates.length > 0 ? "old" : "none"}`,
    )
    .join(", ");
}

const settled = z.object({
  state: z.string(),
  says: z.string(),
  details: z.object({ targets: z.array(z.object({ target: z.string(), state: z.string() })) }),
});

/** Waits until a job's targets are seen at the edge. */
export async function waitUntilServed(job: string, { assistant }: Pick<Stage, "assistant">): Promise<void> {
  const { state, says, details } = await assistant.call("wait_for", { what: "deployment", id: job }, settled);
  tell(`state ${state}: ${says}`);
  quote(
    "  ",
    details.targets.map(({ target, state: at }) => `${target}: ${at}`),
  );
  check("each target was seen at every address of its edge", state === "done");
}
