/**
 * What stands in a reply where a secret was. Later the secret will be kept in this process under a reference; until
 * then it is dropped.
 */
export const WITHHELD = "[withheld: may hold a private key or password]";

/**
 * The same value without its secret members, wherever in it they stand. Going by name rather than by place also
 * catches a member that a cloud adds to a reply where its documents have none.
 */
export function withhold(value: unknown, names: ReadonlySet<string>): unknown {
  if (Array.isArray(value)) return value.map((item) => withhold(item, names));
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, member]) => [
      name,
      names.has(name) && member !== null && member !== "" ? WITHHELD : withhold(member, names),
    ]),
  );
}
