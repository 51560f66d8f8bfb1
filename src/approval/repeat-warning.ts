import { loss } from "../catalogue/warnings.js";
import { safe } from "../lib/escape-text.js";
import type { BoundCall } from "./binding.js";
import type { Execution } from "./execution.js";
import { spanInWords } from "./refusals.js";

/** The call with what a person must know first: that the same was made a moment ago, and what came of it. */
export function warnedOf<Call extends BoundCall>(
  call: Call,
  before: { readonly execution: Execution; readonly ago: number } | undefined,
): Call {
  if (before === undefined) return call;
  const { operation } = call;
  const { execution, ago } = before;
  const what = execution.effect === "purchase" ? safe`The same purchase` : safe`The same`;
  const when = spanInWords(ago);
  const done = execution.changed === "yes" ? safe`${what} was made ${when} ago.` : safe`${what} was sent ${when} ago.`;
  const warning = loss(safe`${done} ${execution.inWords}.`);
  return {
    ...call,
    operation: { ...operation, warnings: (params, found) => [warning, ...(operation.warnings?.(params, found) ?? [])] },
  };
}
