import type { BoundTo } from "./bound-to.js";

const namedAtMost = 10;

interface Row extends Partial<BoundTo> {
  readonly certificate_id: string;
}

/**
 * A sentence for each resource listed under several certificates: a listener and a host may have two, but a resource
 * that changed between two lookups looks the same.
 */
export function sharedIn(rows: readonly Row[]): string[] {
  const under = new Map<string, string[]>();
  for (const { certificate_id: id, bindings_as_of: at, bound_to: lines = [] } of rows) {
    const told = at === undefined ? id : `${id} (as of ${at})`;
    for (const line of new Set(lines)) under.set(line, [...(under.get(line) ?? []), told]);
  }
  const shared = [...under].filter(([line, ids]) => ids.length > 1 && !/^and \d+ more$/.test(line));
  const named = shared.slice(0, namedAtMost).map(([line, ids]) => `${line}: under ${ids.join(" and ")}.`);
  if (named.length === 0) return [];
  const more = shared.length - named.length;
  return [
    ...named,
    ...(more > 0 ? [`And ${more} more.`] : []),
    "Each has several certificates, or was changed between the look-ups: look again before you rely on it.",
  ];
}
