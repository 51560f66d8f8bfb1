import { z } from "zod";
import { instancesIn, resourceLines } from "../../catalogue/tencent-ssl/bound-resources.js";
import { describeCertificateBindResourceTaskDetail } from "../../catalogue/tencent-ssl/describe-certificate-bind-resource-task-detail.js";
import type { ToolContext } from "../../pipeline/tool.js";
import { readWithRetry } from "../read-with-retry.js";
import { type FoundBindings, reasonIn } from "./binding-tasks.js";

/** docs/cloud-behaviour.md 3.8: per product and region. */
const instancesAtMost = 100;

/** What a row says about the resources that use its certificate. */
export interface BoundTo {
  /** In a few words; never empty, because an empty text could be taken for "none". */
  readonly bindings: string;
  /** When the cloud looked; ISO 8601. */
  readonly bindings_as_of?: string;
  /** A line for each resource. */
  readonly bound_to?: readonly string[];
}

/** The resources of a certificate by name, at most `linesAtMost`. */
export async function boundTo(
  certificateId: string,
  bindings: FoundBindings,
  linesAtMost: number,
  context: ToolContext,
): Promise<BoundTo> {
  if (bindings.state === "unknown") return { bindings: bindings.why };
  const dated = bindings.at === undefined ? {} : { bindings_as_of: bindings.at };
  if (bindings.state === "unused") return { bindings: "none", ...dated };
  const { taskId: TaskId, counts, total } = bindings;
  try {
    const params = { TaskId, Limit: String(instancesAtMost) };
    const detail = await readWithRetry(
      context,
      describeCertificateBindResourceTaskDetail,
      params,
      z.record(z.unknown()),
    );
    const lines = resourceLines(detail, certificateId);
    const unread = Math.max(0, total - instancesIn(detail));
    return { bindings: counts, ...dated, bound_to: capped(lines, linesAtMost, unread) };
  } catch (error) {
    return { bindings: `${counts}; their names could not be read: ${reasonIn(error)}`, ...dated };
  }
}

function capped(lines: readonly string[], atMost: number, unread: number): string[] {
  const more = Math.max(0, lines.length - atMost) + unread;
  return [...lines.slice(0, atMost), ...(more > 0 ? [`and ${more} more`] : [])];
}
