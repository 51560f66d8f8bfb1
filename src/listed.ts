import { operations } from "./catalogue/index.js";
import type { Effect, Operation } from "./catalogue/operation.js";
import type { Site } from "./catalogue/services.js";
import { toolOf } from "./mcp/tools.js";
import { isOwn, type OwnTool } from "./own-tool.js";
import { ownTools } from "./workflows/index.js";

/** A tool as a model is shown it, with all that decides whether it is shown. Plain data: see below. */
export interface ListedTool {
  readonly name: string;
  readonly service: { readonly id: string; readonly title: string };
  readonly effect: Effect;
  /** Whether it is one documented operation; else it is a tool of our own. */
  readonly documented: boolean;
  /** Tencent Cloud sites that have the operation; both when absent. */
  readonly sites?: readonly Site[];
  /** The documented operations that a tool of our own may use. */
  readonly uses: readonly Governable[];
  readonly shown: ReturnType<typeof toolOf>;
}

type Governable = Pick<ListedTool, "name" | "service" | "effect" | "sites">;

/**
 * Every tool, operations first, in documented order.
 *
 * This module is worked out when the bundle is made, which holds its outcome instead (scripts/dist.js): a server lists
 * its tools without loading what they are made of.
 */
export const listedTools: readonly ListedTool[] = [...operations, ...ownTools].map((tool) => ({
  ...governable(tool),
  documented: !isOwn(tool),
  uses: isOwn(tool) ? (tool.uses ?? []).map(governable) : [],
  shown: toolOf(tool),
}));

function governable(tool: Operation | OwnTool): Governable {
  const { name, service, effect } = tool;
  const { id, title } = service;
  return { name, service: { id, title }, effect, ...(!isOwn(tool) && tool.sites && { sites: tool.sites }) };
}
