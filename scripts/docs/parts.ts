import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/** Documents that have a Chinese version, without folder and extension: docs/NAME.md and docs/zh-CN/NAME.md. */
const translatedDocuments = [
  "access-policies",
  "approval",
  "benchmarks",
  "clients",
  "compatibility",
  "evidence",
  "jobs",
  "limits",
  "notifications",
  "operations",
  "references",
  "sandbox",
  "settings",
  "team-operations",
  "team-server",
  "troubleshooting",
  "unattended",
  "views",
] as const;

/** Every document for users, by language: paths from the project's root, in the same order for each. */
export const documentPaths = {
  english: ["README.md", ...translatedDocuments.map((name) => `docs/${name}.md`)],
  chinese: ["README.zh-CN.md", ...translatedDocuments.map((name) => `docs/zh-CN/${name}.md`)],
} as const;

const placeOf = (name: string) => new RegExp(`(?<=<!-- ${name} -->\\n)[\\s\\S]*?(?=<!-- /${name} -->)`, "g");

/** Whether `document` has a place for the part, between `<!-- NAME -->` and `<!-- /NAME -->`. */
export function hasPart(document: string, name: string): boolean {
  return placeOf(name).test(document);
}

/**
 * Replaces one part of a document, between `<!-- NAME -->` and `<!-- /NAME -->`.
 * @throws {Error} naming a part that has no place in it, or several
 */
export function withPart(document: string, name: string, part: string): string {
  const [before, after, ...more] = document.split(placeOf(name));
  if (after === undefined || more.length > 0) throw new Error(`There is not one place for the part "${name}"`);
  return `${before}${part}\n${after}`;
}

/**
 * Writes a measured part, which cannot be generated, into the document of each language that has a place for it.
 * @throws {Error} naming a part for which no document has a place
 */
export function writePart(folder: string, name: string, part: string): void {
  const paths = Object.values(documentPaths)
    .flat()
    .map((file) => join(folder, file));
  const places = paths.filter((path) => hasPart(readFileSync(path, "utf8"), name));
  if (places.length === 0) throw new Error(`No document has a place for the part "${name}"`);
  for (const path of places) writeFileSync(path, withPart(readFileSync(path, "utf8"), name, part));
}
