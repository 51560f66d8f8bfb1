import { chinese } from "./chinese.js";
import { english } from "./english.js";
import { manifest } from "./install/manifest.js";
import { packageFacts } from "./install/package.js";
import { registryEntry } from "./install/registry.js";
import { documentPaths } from "./parts.js";
import { policies } from "./policies.js";
import { type CountTokens, generatedParts, type Language, withGeneratedParts } from "./readme.js";

const languages: Readonly<Record<keyof typeof documentPaths, Language>> = { english, chinese };

/**
 * The documents that are generated from the program, completely or in part, with their expected content. `npm run docs`
 * writes them; a test compares.
 * @param read returns the current content of a file
 */
export function generatedFiles(read: (path: string) => string, tokens: CountTokens): Readonly<Record<string, string>> {
  const facts = packageFacts.parse(JSON.parse(read("package.json")));
  return {
    ...written("english", read, tokens),
    ...written("chinese", read, tokens),
    "manifest.json": json(manifest(facts)),
    "server.json": json(registryEntry(facts)),
    ...Object.fromEntries(Object.entries(policies()).map(([name, policy]) => [`policies/${name}`, json(policy)])),
  };
}

/** The documents of one language with their generated parts updated. */
function written(language: keyof typeof languages, read: (path: string) => string, tokens: CountTokens) {
  const parts = generatedParts(languages[language], tokens);
  return Object.fromEntries(documentPaths[language].map((path) => [path, withGeneratedParts(read(path), parts)]));
}

const json = (content: unknown) => `${JSON.stringify(content, null, 2)}\n`;
