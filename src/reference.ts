import { operations } from "./catalogue/index.js";
import type { Effect } from "./catalogue/operation.js";
import { helpLines } from "./config.js";
import { ownTools } from "./workflows/index.js";

/** The parts of the documents that derive from the program. `npm run docs` writes them; a test compares them. */

const inWords: Readonly<Record<Effect, string>> = {
  read: "reads",
  create: "adds",
  change: "changes a record",
  traffic: "**changes live traffic**",
  destroy: "**cannot be undone**",
  purchase: "**spends money**",
};

/** The README's table of operations, in documented order. */
export function operationsTable(): string {
  const rows = operations.map(
    ({ name, service, title, effect }) => `| \`${name}\` | ${service.title} | ${title} | ${inWords[effect]} |`,
  );
  return ["| Tool | Service | What it does | Effect |", "|---|---|---|---|", ...rows].join("\n");
}

/** The README's table of the tools that are no single operation. */
export function ownToolsTable(): string {
  const rows = ownTools.map(({ name, title, effect }) => `| \`${name}\` | ${title} | ${inWords[effect]} |`);
  return ["| Tool | What it does | Effect |", "|---|---|---|", ...rows].join("\n");
}

/** The README's list of settings. */
export function settingsList(): string {
  return ["```text", ...helpLines().map((line) => line.trim()), "```"].join("\n");
}

/** The `tools` of manifest.json. */
export function manifestTools(): { name: string; description: string }[] {
  return [
    ...operations.map(({ name, service, title }) => ({ name, description: `${service.title}: ${title}` })),
    ...ownTools.map(({ name, title }) => ({ name, description: title })),
  ];
}

/** The README with its generated parts, between `<!-- NAME -->` and `<!-- /NAME -->`, brought up to date. */
export function withGeneratedParts(readme: string): string {
  const parts = { operations: operationsTable(), jobs: ownToolsTable(), settings: settingsList() };
  return Object.entries(parts).reduce(
    (text, [name, part]) =>
      text.replace(
        new RegExp(`(<!-- ${name} -->\n)[\\s\\S]*?(\n<!-- /${name} -->)`),
        (_, start: string, end: string) => start + part + end,
      ),
    readme,
  );
}
