import { operations } from "./catalogue/index.js";
import type { Effect } from "./catalogue/operation.js";
import { helpLines } from "./config.js";
import { installLinksList } from "./install/links.js";
import { manifest } from "./install/manifest.js";
import { packageFacts } from "./install/package.js";
import { registryEntry } from "./install/registry.js";
import { listedTools } from "./listed.js";
import { policies } from "./policies.js";
import { groupNames, isChosen } from "./toolsets.js";
import { ownTools } from "./workflows/index.js";

/** The documents, and parts of documents, that derive from the program. `npm run docs` writes them; a test compares. */

/** Files that are generated, whole or in part, with what they should hold; `read` gives what a file holds now. */
export function generatedFiles(read: (path: string) => string, tokens: CountTokens): Readonly<Record<string, string>> {
  const facts = packageFacts.parse(JSON.parse(read("package.json")));
  return {
    "README.md": withGeneratedParts(read("README.md"), tokens),
    "manifest.json": json(manifest(facts)),
    "server.json": json(registryEntry(facts)),
    ...Object.fromEntries(Object.entries(policies()).map(([name, policy]) => [`policies/${name}`, json(policy)])),
  };
}

const json = (content: unknown) => `${JSON.stringify(content, null, 2)}\n`;

const inWords: Readonly<Record<Effect, string>> = {
  read: "reads",
  create: "adds",
  change: "changes a record",
  traffic: "**changes live traffic**",
  destroy: "**cannot be undone**",
  purchase: "**spends money**",
};

/** The README's table of operations, in documented order. */
function operationsTable(): string {
  const rows = operations.map(
    ({ name, service, title, effect }) => `| \`${name}\` | ${service.title} | ${title} | ${inWords[effect]} |`,
  );
  return ["| Tool | Service | What it does | Effect |", "|---|---|---|---|", ...rows].join("\n");
}

/** The README's table of the tools that are no single operation. */
function ownToolsTable(): string {
  const rows = ownTools.map(({ name, title, effect }) => `| \`${name}\` | ${title} | ${inWords[effect]} |`);
  return ["| Tool | What it does | Effect |", "|---|---|---|", ...rows].join("\n");
}

/** Counts what a text costs in a model's context. */
export type CountTokens = (text: string) => number;

/** The README's table of the groups that `--tools` knows, with what their part of the list costs. */
function groupsTable(tokens: CountTokens): string {
  const row = (name: string, keep: (tool: (typeof listedTools)[number]) => boolean) => {
    const shown = listedTools.filter(keep).map((tool) => tool.shown);
    return `| ${name} | ${shown.length} | ${tokens(JSON.stringify(shown)).toLocaleString("en")} |`;
  };
  const rows = groupNames.map((group) => row(`\`${group}\``, (tool) => isChosen([group], tool)));
  return ["| Group | Tools | Tokens |", "|---|--:|--:|", ...rows, row("all", () => true)].join("\n");
}

/** The README's list of settings. */
function settingsList(): string {
  return ["```text", ...helpLines().map((line) => line.trim()), "```"].join("\n");
}

/** The README with its generated parts, between `<!-- NAME -->` and `<!-- /NAME -->`, brought up to date. */
function withGeneratedParts(readme: string, tokens: CountTokens): string {
  const parts = {
    install: installLinksList(),
    operations: operationsTable(),
    jobs: ownToolsTable(),
    groups: groupsTable(tokens),
    settings: settingsList(),
  };
  return Object.entries(parts).reduce((text, [name, part]) => {
    const [before, after, ...more] = text.split(new RegExp(`(?<=<!-- ${name} -->\\n)[\\s\\S]*?(?=<!-- /${name} -->)`));
    if (after === undefined || more.length > 0) throw new Error(`The README has not one place for its part "${name}"`);
    return `${before}${part}\n${after}`;
  }, readme);
}
