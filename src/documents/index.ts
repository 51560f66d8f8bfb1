import { chinese } from "./chinese.js";
import { english } from "./english.js";
import { manifest } from "./install/manifest.js";
import { packageFacts } from "./install/package.js";
import { registryEntry } from "./install/registry.js";
import { policies } from "./policies.js";
import { type CountTokens, type Language, withGeneratedParts } from "./readme.js";

const readmes: Readonly<Record<string, Language>> = { "README.md": english, "README.zh-CN.md": chinese };

/**
 * The documents that derive from the program, in whole or in part, with what they should hold. `npm run docs` writes them; a
 * test compares.
 * @param read what a file holds now
 */
export function generatedFiles(read: (path: string) => string, tokens: CountTokens): Readonly<Record<string, string>> {
  const facts = packageFacts.parse(JSON.parse(read("package.json")));
  return {
    ...Object.fromEntries(
      Object.entries(readmes).map(([path, language]) => [path, withGeneratedParts(read(path), language, tokens)]),
    ),
    "manifest.json": json(manifest(facts)),
    "server.json": json(registryEntry(facts)),
    ...Object.fromEntries(Object.entries(policies()).map(([name, policy]) => [`policies/${name}`, json(policy)])),
  };
}

const json = (content: unknown) => `${JSON.stringify(content, null, 2)}\n`;
