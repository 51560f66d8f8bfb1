import { noHttps } from "../../catalogue/serving.js";
import { isSameLeaf } from "../../certificates/fingerprint.js";
import type { Expectation } from "../../certificates/sent-chain.js";
import type { JobTarget } from "../../jobs/job.js";
import { SafeText, safe } from "../../lib/safe-text.js";
import type { ToolContext } from "../../pipeline/tool.js";
import type { Deployer, Rollback, TargetActions, WayBack } from "./deployer.js";
import { appliedAtEdge, observeOrSetting } from "./observed-state.js";

/* How a domain gets a certificate, no HTTPS, or back what its edge served. */

/** What a domain without HTTPS serves. */
export const httpsOff: Expectation = { sha256: noHttps };

/** Makes a domain serve something, or nothing, of which the edge shows what it has. */
export function actionsAtEdge(expected: Expectation, step: TargetActions["step"], context: ToolContext): TargetActions {
  return {
    observe: (at) => observeOrSetting(at, expected, context),
    verifyApplied: (at) => appliedAtEdge(at, expected, context),
    step,
  };
}

/** How a domain gets back what its edge served, or no HTTPS. */
export async function backAtEdge(
  { before, service }: JobTarget,
  off: NonNullable<Deployer["off"]>,
  { deployment, deploymentContext, previousOf }: Rollback,
): Promise<WayBack> {
  const { served = [], none } = before ?? {};
  if (none) return backToOff(off(safe`no HTTPS, as before`, deploymentContext));
  const [leaf, ...more] = served;
  if (leaf === undefined) return { cannot: safe`what it served before could not be seen` };
  if (more.length > 0) return { cannot: safe`its addresses served several certificates before` };
  const previous = await previousOf(leaf, service);
  if (previous instanceof SafeText) return { cannot: previous };
  const { chain, ...facts } = previous.facts;
  // If only the chain changed, what is served now would pass as the previous state.
  const exact = isSameLeaf(facts, deployment.certificate) && chain && { ...chain, exact: true };
  return { previous: exact ? { ...previous, facts: { ...facts, chain: exact } } : previous };
}

export const backToOff = (actions: TargetActions): WayBack => ({ expected: httpsOff, putsBack: "no HTTPS", actions });
