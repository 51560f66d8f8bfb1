import { ToolError } from "../../lib/tool-error.js";
import type { ToolContext } from "../../pipeline/tool.js";
import { type DomainReport, servedReport } from "../served-report.js";

/** Looks at each domain, and reports it like check_served_certificate. If a look is not allowed, the report says so. */
export function lookAtServed(domains: readonly string[], { tlsCheck, signal }: ToolContext): Promise<DomainReport[]> {
  return Promise.all(
    [...new Set(domains)].map(async (domain) => {
      try {
        return servedReport(await tlsCheck.inspect(domain, { signal }), undefined);
      } catch (error) {
        if (!(error instanceof ToolError) || error.details.kind === "cancelled") throw error;
        return { domain, problem: error.details.happened, served: [] };
      }
    }),
  );
}
