/**
 * Whether `pattern` names the operation. `*` stands for any run of characters; a pattern with a slash is held against
 * the service too: `Delete*`, `alibaba-cdn/*`, `tencent-ssl/Update*`.
 */
export function matches(pattern: string, { name, service }: { name: string; service: { id: string } }): boolean {
  return matchesText(pattern, pattern.includes("/") ? `${service.id}/${name}` : name);
}

/** Whether `pattern` is all of `text`, in whatever letter case; `*` stands for any run of characters. */
export function matchesText(pattern: string, text: string): boolean {
  const literal = pattern.split("*").map((part) => part.replace(/[.+?^${}()|[\]\\]/g, "\\$&"));
  return new RegExp(`^${literal.join(".*")}$`, "i").test(text);
}
