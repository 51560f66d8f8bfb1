const namedAtMost = 8;

/** "A, B and 3 more" */
export function enumerated(names: readonly string[]): string {
  const [named, more] = [names.slice(0, namedAtMost), names.length - namedAtMost];
  return more > 0 ? `${named.join(", ")} and ${more} more` : named.join(", ");
}
