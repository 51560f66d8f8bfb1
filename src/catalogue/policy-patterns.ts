/**
 * Whether `pattern` matches the operation. `*` stands for any run of characters; a pattern with a slash also matches
 * the service: `Delete*`, `alibaba-cdn/*`, `tencent-ssl/Update*`.
 */
export function matches(pattern: string, { name, service }: { name: string; service: { id: string } }): boolean {
  return matchesText(pattern, pattern.includes("/") ? `${service.id}/${name}` : name);
}

/** Whether `pattern` matches the whole text, ignoring case; `*` stands for any run of characters. */
export function matchesText(pattern: string, text: string): boolean {
  const literal = pattern.split("*").map((part) => part.replace(/[.+?^${}()|[\]\\]/g, "\\$&"));
  return new RegExp(`^${literal.join(".*")}$`, "i").test(text);
}

/** Whether some text matches both patterns, as {@link matchesText} understands them. */
export function overlap(one: string, other: string): boolean {
  const [a, b] = [[...one.toLowerCase()], [...other.toLowerCase()]];
  // For each length of a start of `b`: whether some text matches it and the start of `a` until now.
  let row = [true];
  for (const character of b) row.push(row.at(-1) === true && character === "*");
  for (const character of a) {
    const next: boolean[] = [];
    for (const [length, before] of row.entries()) {
      const [shorter = false, both = false] = [next[length - 1], row[length - 1]];
      // A star takes what the other pattern has, or nothing.
      const isStar = character === "*" || b[length - 1] === "*";
      next.push(isStar ? before || shorter || both : both && b[length - 1] === character);
    }
    row = next;
  }
  return row.at(-1) ?? false;
}
