import { operations } from "./catalogue/index.js";
import type { Effect } from "./catalogue/operation.js";
import { helpLines } from "./config.js";
import { listedTools } from "./listed.js";
import { groupNames, isChosen } from "./toolsets.js";
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

/** Counts what a text costs in a model's context. */
export type CountTokens = (text: string) => number;

/** The README's table of the groups that `--tools` knows, with what their part of the list costs. */
export function groupsTable(tokens: CountTokens): string {
  const row = (name: string, keep: (tool: (typeof listedTools)[number]) => boolean) => {
    const shown = listedTools.filter(keep).map((tool) => tool.shown);
    return `| ${name} | ${shown.length} | ${tokens(JSON.stringify(shown)).toLocaleString("en")} |`;
  };
  const rows = groupNames.map((group) => row(`\`${group}\``, (tool) => isChosen([group], tool)));
  return ["| Group | Tools | Tokens |", "|---|--:|--:|", ...rows, row("all", () => true)].join("\n");
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
export function withGeneratedParts(readme: string, tokens: CountTokens): string {
  const parts = {
    operations: operationsTable(),
    jobs: ownToolsTable(),
    groups: groupsTable(tokens),
    settings: settingsList(),
  };
  return Object.entries(parts).reduce(
    (text, [name, part]) =>
      text.replace(
        new RegExp(`(<!-- ${name} -->\n)[\\s\\S]*?(<!-- /${name} -->)`),
        (_, start: string, end: string) => `${start}${part}\n${end}`,
      ),
    readme,
  );
}
