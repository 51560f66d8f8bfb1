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
