import { companions, defaultCompanions } from "../../src/catalogue/companions.js";
import { operations } from "../../src/catalogue/index.js";
import type { Effect, Operation } from "../../src/catalogue/operation.js";
import { type ServiceId, sites } from "../../src/catalogue/services.js";
import { type OptionName, options } from "../../src/config/options.js";
import { helpLines } from "../../src/config/read.js";
import { type TeamOptionName, teamOptions } from "../../src/config/team-options.js";
import { groupNames, isChosen } from "../../src/config/toolsets.js";
import { type ToolManifestEntry, toolManifest } from "../../src/mcp/tool-manifest.js";
import { ownTools } from "../../src/tools/index.js";
import { type Editor, installLinks } from "./install/links.js";
import { hasPart, withPart } from "./parts.js";

/** The language of a document, as far as its generated parts need it. */
export interface Language {
  readonly heads: Readonly<Record<"operations" | "jobs" | "groups", readonly string[]>>;
  readonly effects: Readonly<Record<Effect, string>>;
  /** The labels of the rows for what is shown without a choice, and for all tools. */
  readonly byDefault: string;
  readonly all: string;
  /** What each tool that is not a single operation does, by its name; longer than its title. */
  readonly jobs: Readonly<Record<string, string>>;
  serviceTitle(service: { readonly id: ServiceId; readonly title: string }): string;
  toolTitle(tool: { readonly title: string; readonly titleInChinese?: string }): string;
  optionHelp(name: OptionName, help: string): string;
  teamOptionHelp(name: TeamOptionName, help: string): string;
  install(editor: Editor): string;
}

/** Counts the tokens of a text in a model's context. */
export type CountTokens = (text: string) => number;

/** The generated parts, by the name of their place in a document. */
export function generatedParts(language: Language, tokens: CountTokens): Readonly<Record<string, string>> {
  return {
    install: installList(language),
    operations: operationsTable(language, [...operations, ...defaultCompanions]),
    companions: operationsTable(
      language,
      companions.filter((each) => !defaultCompanions.includes(each)),
    ),
    jobs: jobsTable(language),
    groups: groupsTable(language, tokens),
    settings: settingsList(helpLines(options, language.optionHelp)),
    "team settings": settingsList(helpLines(teamOptions, language.teamOptionHelp)),
  };
}

/** Fills in those of `parts` that the document has a place for. */
export function withGeneratedParts(document: string, parts: Readonly<Record<string, string>>): string {
  return Object.entries(parts).reduce(
    (text, [name, part]) => (hasPart(text, name) ? withPart(text, name, part) : text),
    document,
  );
}

/** Links that install the server in an editor. */
function installList({ install }: Language): string {
  return installLinks.map((link) => `- [${install(link.editor)}](${link.web}): \`${link.own}\``).join("\n");
}

function operationsTable(language: Language, shown: readonly Operation[]): string {
  return table(
    language.heads.operations,
    shown.map((operation) => operationRow(operation, language)),
  );
}

export function operationRow(operation: Operation, { effects, serviceTitle, toolTitle }: Language): readonly string[] {
  return [code(operation.name), serviceTitle(operation.service), toolTitle(operation), effects[operation.effect]];
}

/** The tools that are not single operations. */
function jobsTable({ heads, effects, jobs }: Language): string {
  return table(
    heads.jobs,
    ownTools.map(({ name, effect }) => {
      const use = jobs[name];
      if (use === undefined) throw new Error(`scripts/docs does not say what ${name} does`);
      return [code(name), use, effects[effect]];
    }),
  );
}

/** The groups of `--tools`, with the size of their part of the list on each site of Tencent Cloud. */
function groupsTable({ heads, byDefault, all }: Language, tokens: CountTokens): string {
  const row = (name: string, keep: (tool: ToolManifestEntry) => boolean) => {
    const sizes = sites.flatMap((site) => {
      const shown = toolManifest.filter((tool) => keep(tool) && (tool.sites?.includes(site) ?? true));
      return [String(shown.length), tokens(JSON.stringify(shown.map((tool) => tool.shown))).toLocaleString("en")];
    });
    return [name, ...sizes];
  };
  const rows = groupNames.map((group) => row(code(group), (tool) => isChosen([group], tool)));
  return table(heads.groups, [row(byDefault, ({ companion }) => !companion), ...rows, row(all, () => true)]);
}

function settingsList(lines: readonly string[]): string {
  return ["```text", ...lines.map((line) => line.trim()), "```"].join("\n");
}

const code = (text: string) => `\`${text}\``;

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.join(" | ")} |`;
  return [line(head), `|${"---|".repeat(head.length)}`, ...rows.map(line)].join("\n");
}
