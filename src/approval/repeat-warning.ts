import { loss } from "../catalogue/warnings.js";
import { safe } from "../lib/escape-text.js";
import type { BoundCall } from "./binding.js";
import type { Execution } from "./execution.js";
import { spanInWords } from "./refusals.js";

/** Adds a warning to the call that the same call was made recently, and its outcome. */
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
