import type { RequestedOperation } from "../../access/rules.js";
import type { ChangeOperation } from "../../catalogue/operation.js";
import { domainValues, holdsDomains } from "../../catalogue/sensitive.js";
import { parseDomainName } from "../../lib/domain-name.js";
import type { PlannedCall } from "../call-binding.js";

/**
 * What rules are looked up for: the operations that a call sends, each with the domain names in its arguments; and
 * those that may be sent without asking once it is approved, with all of its domain names.
 */
export function operationsToApprove({ operation, params, parts = [] }: PlannedCall): readonly RequestedOperation[] {
  const { shape } = operation.params;
  const steps = Object.keys(shape);
  const all = inDns(domainValues(operation.params, params));
  const sent = parts.flatMap((part, index): RequestedOperation[] => {
    if (part.effect === "read") return [];
    const step = steps[index];
    const schema = step === undefined || steps.length !== parts.length ? undefined : shape[step];
    // If it is unclear which arguments are a step's, it has all of them: more rules apply, not fewer.
    const isUnclear = schema === undefined || step === undefined;
    return [{ operation: part, domains: isUnclear ? all : inDns(domainValues(schema, params[step])) }];
  });
  const later = operation.letsThrough?.(params) ?? [];
  return [
    ...(sent.length > 0 ? sent : [{ operation, domains: all }]),
    ...later.flatMap((each) => sentLater(each, all)),
  ];
}

/** As a later call will be looked up: with each of the names; and without one if its arguments hold none. */
function sentLater(operation: ChangeOperation, domains: readonly string[]): readonly RequestedOperation[] {
  const named = { operation, domains };
  return holdsDomains(operation.params) ? [named] : [named, { operation, domains: [] }];
}

/**
 * One spelling for each name, so that a capital letter or a final dot does not evade a pattern. Text that is not a
 * domain name may mean any domain to a cloud, so it becomes `*`.
 */
function inDns(domains: readonly string[]): readonly string[] {
  return [...new Set(domains.map((domain) => parseDomainName(domain)?.ascii ?? "*"))];
}
