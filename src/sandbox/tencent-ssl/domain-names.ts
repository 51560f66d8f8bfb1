const label = "[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?";
const domainName = new RegExp(`^(\\*\\.)?(${label}\\.)+[a-z][a-z0-9-]{0,61}[a-z0-9]$`, "i");

/** Whether a CA could issue for the name; it may start with `*.`. */
export function isDomainName(text: string): boolean {
  return text.length <= 253 && domainName.test(text);
}

export function isWildcard(name: string): boolean {
  return name.startsWith("*.");
}

/** The registered domain, assumed to be the last two labels: the sandbox has no list of public suffixes. */
export function mainDomainOf(name: string): string {
  return name.split(".").slice(-2).join(".");
}
