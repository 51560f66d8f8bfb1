import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/**
 * A document with one of its parts, between `<!-- NAME -->` and `<!-- /NAME -->`, replaced.
 * @throws {Error} naming a part that has no place in it, or several
 */
export function withPart(document: string, name: string, part: string): string {
  const place = new RegExp(`(?<=<!-- ${name} -->\\n)[\\s\\S]*?(?=<!-- /${name} -->)`);
  const [before, after, ...more] = document.split(place);
  if (after === undefined || more.length > 0) throw new Error(`There is not one place for the part "${name}"`);
  return `${before}${part}\n${after}`;
}

/** Writes a part that was measured, and so cannot be derived, into the README in each of its languages. */
export function writePart(folder: string, name: string, part: string): void {
  for (const file of readdirSync(folder).filter((entry) => /^README.*\.md$/.test(entry))) {
    const path = join(folder, file);
    writeFileSync(path, withPart(readFileSync(path, "utf8"), name, part));
  }
}
