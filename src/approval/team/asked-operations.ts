import type { AskedOperation } from "../../access/rules.js";
import { domainValues } from "../../catalogue/sensitive.js";
import { parseDomainName } from "../../lib/domain-name.js";
import type { BoundCall } from "../binding.js";

/** The operations that a call sends, each with the domain names in its arguments: what rules are looked up for. */
export function operationsAsked({ operation, params, parts = [] }: BoundCall): readonly AskedOperation[] {
  const { shape } = operation.params;
  const steps = Object.keys(shape);
  const sent = parts.flatMap((part, index): AskedOperation[] => {
    if (part.effect === "read") return [];
    const step = steps[index];
    const schema = step === undefined || steps.length !== parts.length ? undefined : shape[step];
    // If it is unclear which arguments are a step's, it has all of them: more rules apply, not fewer.
    const domains =
      schema === undefined || step === undefined
        ? domainValues(operation.params, params)
        : domainValues(schema, params[step]);
    return [{ operation: part, domains: inDns(domains) }];
  });
  return sent.length > 0 ? sent : [{ operation, domains: inDns(domainValues(operation.params, params)) }];
}

/** One spelling for each name: a pattern must not be missed by a capital letter or a dot at the end. */
function inDns(domains: readonly string[]): readonly string[] {
  return [...new Set(domains.map((domain) => parseDomainName(domain)?.ascii ?? domain.toLowerCase()))];
}
