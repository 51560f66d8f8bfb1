import { companions, defaultCompanions } from "../catalogue/companions.js";
import { operations } from "../catalogue/index.js";
import type { Effect, Operation } from "../catalogue/operation.js";
import type { Site } from "../catalogue/services.js";
import { isOwnTool, type OwnTool } from "../pipeline/tool.js";
import { ownTools } from "../tools/index.js";
import { toolOf } from "./tools.js";

/** A tool as shown to a model, with everything that decides whether it is shown. Plain data: see below. */
export interface ToolManifestEntry {
  readonly name: string;
  readonly service: { readonly id: string; readonly title: string };
  readonly effect: Effect;
  /** Whether it is one documented operation; else it is one of our own tools. */
  readonly documented: boolean;
  /** Shown only by choice: an operation that jobs use. */
  readonly companion: boolean;
  /** Tencent Cloud sites that have the operation; both if absent. */
  readonly sites?: readonly Site[];
  /** The documented operations that one of our own tools may use. */
  readonly uses: readonly Governable[];
  readonly shown: ReturnType<typeof toolOf>;
}

type Governable = Pick<ToolManifestEntry, "name" | "service" | "effect" | "sites">;

/**
 * Every tool, operations first, in documented order, then companions.
 *
 * The bundle contains this module's result, evaluated at build time (scripts/dist.js): a server lists its tools without
 * loading their implementation.
 */
export const toolManifest: readonly ToolManifestEntry[] = [...operations, ...companions, ...ownTools].map((tool) => ({
  ...governable(tool),
  documented: !isOwnTool(tool),
  companion: !isOwnTool(tool) && companions.includes(tool) && !defaultCompanions.includes(tool),
  uses: isOwnTool(tool) ? (tool.uses ?? []).map(governable) : [],
  shown: toolOf(tool),
}));

function governable(tool: Operation | OwnTool): Governable {
  const { name, service, effect } = tool;
  const { id, title } = service;
  return { name, service: { id, title }, effect, ...(!isOwnTool(tool) && tool.sites && { sites: tool.sites }) };
}
