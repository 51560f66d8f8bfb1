import type { Warning } from "../../catalogue/operation.js";
import { caution } from "../../catalogue/warnings.js";
import { groupedBy } from "../../lib/lists.js";
import { inQuotes, safe } from "../../lib/safe-text.js";
import type { LocatedTarget } from "./find-targets.js";
import type { TargetPlan } from "./target-plan.js";
import { describeTarget, nameTargets } from "./targets.js";

/** What to know of targets that get a request although their cloud says that they are not simply in service. */
export function domainStateWarnings(found: readonly LocatedTarget[], targetPlans: readonly TargetPlan[]): Warning[] {
  const open = new Set(targetPlans.flatMap(({ target, step }) => (step === undefined ? [] : [target.name])));
  const stated = found.flatMap(({ service, domains: [domain] = [], zone_id: zoneId, state }) => {
    const name = describeTarget({ service, domain, zoneId });
    return state !== undefined && open.has(String(name)) ? [{ name, state }] : [];
  });
  return [...groupedBy(stated, ({ state }) => state.said).values()].map((group) => {
    const targets = nameTargets(group.map(({ name }) => name));
    const [{ said, isPassing } = { said: "", isPassing: false }] = group.map(({ state }) => state);
    return caution(
      isPassing
        ? safe`Its cloud says ${inQuotes(said)} of ${targets}: it may refuse a change until that has ended, so better wait first.`
        : safe`Its cloud says ${inQuotes(said)} of ${targets}: it may refuse the change, and visitors may be served nothing.`,
    );
  });
}
