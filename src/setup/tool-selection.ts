import { isOffered, type PolicyRule, violatedRule } from "../approval/policy.js";
import type { Effect } from "../catalogue/operation.js";
import { type Service, type Site, serviceIds, services } from "../catalogue/services.js";
import { type Credentials, isSetFor } from "../cloud/credentials.js";
import type { Configuration } from "../config/options.js";
import { isChosen } from "../config/toolsets.js";
import type { ToolManifestEntry } from "../mcp/tool-manifest.js";

interface Offerable {
  readonly name: string;
  readonly service: { readonly id: string };
  readonly effect: Effect;
  readonly sites?: readonly Site[];
}

/**
 * Those of `tools` that the operator lets this server use: of the services chosen, else of those that have credentials,
 * else of all, so that a newcomer sees what there is and each call says what to set.
 */
export function enabledTools<Tool extends Offerable>(
  tools: readonly Tool[],
  { services: chosen, site, ...policy }: Configuration,
  credentials: Credentials,
): readonly Tool[] {
  const offered = [...enabledServices(chosen, credentials)].map(({ id }) => id);
  const without: readonly string[] = serviceIds.filter((id) => !offered.includes(id));
  return tools.filter(
    (tool) => !without.includes(tool.service.id) && (tool.sites?.includes(site) ?? true) && isOffered(policy, tool),
  );
}

const exclusions: Readonly<Record<PolicyRule | "service" | "site", string>> = {
  denied: "its operator does not allow it",
  "read-only": "this server only reads",
  "purchases are off": "purchases are off",
  service: "its service is not among those that the operator chose",
  site: "the chosen site of Tencent Cloud does not have it",
};

/**
 * What excludes an operation from all that this server sends, be it for a tool, a job or a plan; in a few words. That a
 * service has no credentials is none of these.
 */
export function exclusionOf(
  operation: Offerable,
  { services: chosen, site, ...policy }: Configuration,
): string | undefined {
  const { service, sites } = operation;
  if (chosen?.every((id) => id !== service.id)) return exclusions.service;
  if (sites?.includes(site) === false) return exclusions.site;
  const violated = violatedRule(policy, operation);
  return violated && exclusions[violated];
}

/** A tool of our own and those of its operations that --allow or --deny exclude. */
export interface RestrictedTool {
  readonly tool: string;
  readonly without: readonly string[];
}

/** The offered tools that have to do without operations; that a whole service was left out by choice is no news. */
export function restrictedTools(
  configuration: Configuration,
  offered: readonly ToolManifestEntry[],
): readonly RestrictedTool[] {
  const isDenied = (operation: Offerable) => exclusionOf(operation, configuration) === exclusions.denied;
  return offered.flatMap(({ name: tool, uses }) => {
    const without = uses.filter(isDenied).map(({ name }) => name);
    return without.length === 0 ? [] : [{ tool, without }];
  });
}

/** Those of the offered tools that a client is shown; a job may use operations that are not among them. */
export function visibleTools(
  offered: readonly ToolManifestEntry[],
  { tools: chosen }: Pick<Configuration, "tools">,
): readonly ToolManifestEntry[] {
  return chosen.length === 0 ? offered : offered.filter((tool) => isChosen(chosen, tool));
}

/** The services that the operator chose, or else has credentials for, or else all. */
export function enabledServices(chosen: Configuration["services"], credentials: Credentials): ReadonlySet<Service> {
  if (chosen !== undefined) return new Set(services.filter(({ id }) => chosen.includes(id)));
  const withCredentials = services.filter(({ cloud }) => isSetFor(credentials, cloud));
  return new Set(withCredentials.length > 0 ? withCredentials : services);
}
