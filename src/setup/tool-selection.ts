import { isOffered, type PolicyRule, violatedRule } from "../approval/policy.js";
import type { PolicySubject } from "../catalogue/operation.js";
import { type Service, type Site, serviceIds, services } from "../catalogue/services.js";
import { type Credentials, halvesFor, hasSettingFor } from "../cloud/credentials.js";
import type { Configuration } from "../config/options.js";
import { isChosen } from "../config/toolsets.js";
import type { ToolManifestEntry } from "../mcp/tool-manifest.js";

interface Offerable extends PolicySubject {
  readonly sites?: readonly Site[];
}

/**
 * The `tools` that the operator lets this server use: of the chosen services, else of those with credentials, else of
 * all, so new users see what there is and each call says what to set.
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
 * What excludes an operation from everything that this server sends, for a tool, a job or a plan, in a few words.
 * Missing credentials do not count.
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

/** One of our own tools, and its operations that --allow or --deny exclude. */
export interface RestrictedTool {
  readonly tool: string;
  readonly without: readonly string[];
}

/** The offered tools that lack operations. Services left out by choice are not reported. */
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

/** The offered tools that a client is shown; jobs may use operations that are not shown. */
export function visibleTools(
  offered: readonly ToolManifestEntry[],
  { tools: chosen }: Pick<Configuration, "tools">,
): readonly ToolManifestEntry[] {
  return offered.filter((tool) => (chosen.length === 0 ? !tool.companion : isChosen(chosen, tool)));
}

/** The services that the operator chose, else those with credentials or with half of one, which calls report, else all. */
export function enabledServices(chosen: Configuration["services"], credentials: Credentials): ReadonlySet<Service> {
  if (chosen !== undefined) return new Set(services.filter(({ id }) => chosen.includes(id)));
  const withCredentials = services.filter(
    ({ cloud }) => hasSettingFor(credentials, cloud) || halvesFor(credentials, cloud).length > 0,
  );
  return new Set(withCredentials.length > 0 ? withCredentials : services);
}
