import { Failure } from "../../failure.js";
import type { OwnToolContext } from "../../own-tool.js";
import { type DomainReport, reportOf } from "../served-report.js";

/** Looks at each domain, and tells it as check_served_certificate does. What may not be looked at is said so in its place. */
export function lookAtServed(domains: readonly string[], { edge, signal }: OwnToolContext): Promise<DomainReport[]> {
  return Promise.all(
    [...new Set(domains)].map(async (domain) => {
      try {
        return reportOf(await edge.look(domain, { signal }), undefined);
      } catch (error) {
        if (!(error instanceof Failure) || error.facts.kind === "cancelled") throw error;
        return { domain, problem: error.facts.happened, served: [] };
      }
    }),
  );
}
