import type { PolicySubject } from "../catalogue/operation.js";
import { matches } from "../catalogue/policy-patterns.js";
import { serviceIds } from "../catalogue/services.js";
import { toolManifest } from "../mcp/tool-manifest.js";

/** The part of a tool that a choice depends on. */
export interface Choosable extends PolicySubject {
  readonly documented: boolean;
  readonly companion: boolean;
}

/** Services that have tools by default; the group of any other one is its companions. */
const withOwnTools: ReadonlySet<string> = new Set(
  toolManifest.filter(({ documented, companion }) => documented && !companion).map(({ service }) => service.id),
);

/** Named groups of tools; any other name is a pattern of tool names. */
const groups: Readonly<Record<string, (tool: Choosable) => boolean>> = {
  jobs: ({ documented }) => !documented,
  companions: ({ companion }) => companion,
  read: ({ effect, companion }) => effect === "read" && !companion,
  ...Object.fromEntries(
    serviceIds.map((id) => [
      id,
      ({ service, companion }: Choosable) => service.id === id && !(companion && withOwnTools.has(id)),
    ]),
  ),
};

export const groupNames: readonly string[] = Object.keys(groups);

/** Whether one of the chosen groups, names and patterns includes the tool. */
export function isChosen(chosen: readonly string[], tool: Choosable): boolean {
  return chosen.some((choice) => (Object.hasOwn(groups, choice) ? groups[choice]?.(tool) : matches(choice, tool)));
}
