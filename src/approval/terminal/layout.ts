import { isIrreversible } from "../../catalogue/operation.js";
import type { Reader } from "../../lib/language.js";
import { escapeInvisible, type SafeText, safe, verbatim } from "../../lib/safe-text.js";
import { mayReorder, padTo, widthOf, wrap } from "../../lib/text-width.js";
import { headlineOf, isLarge, numbersOf, type Plan, pairIn, sentences, warningsBelow } from "../plan.js";

type Style = "bold" | "dim" | "red" | "yellow";

export interface Layout {
  readonly width: number;
  paint(style: Style, text: string): string;
}

const INDENT = "  ";

/** Lines that fit a small screen with the prompt; the top of a longer plan has scrolled away. */
const SCREEN = 20;

/**
 * A plan for a person: headline, place, now → after. After a long list the headline is repeated to be on the screen at
 * the answer.
 */
export function planLines(plan: Plan, sheet: Layout): string[] {
  const changes = plan.rows.length === 0 ? detailLines(plan, sheet) : rowLines(plan, sheet);
  const paragraphs = [whatLines(plan, sheet), whereLines(plan, sheet), changes, warningLines(plan, sheet)];
  const lines = paragraphs.filter((paragraph) => paragraph.length > 0).flatMap((paragraph) => ["", ...paragraph]);
  return lines.length > SCREEN ? [...lines, "", ...whatLines(plan, sheet)] : lines;
}

/** Verb, effect, number of objects and the worst warning. */
export function whatLines(plan: Plan, sheet: Layout): string[] {
  const { question, effect, objects, warning } = headlineOf(plan);
  const style = isIrreversible(plan.effect) ? "red" : plan.effect === "traffic" ? "yellow" : "bold";
  return [
    ...wrap(escapeInvisible(question), sheet.width).map((line) => sheet.paint("bold", line)),
    sentences(plan, [sheet.paint(style, effect), objects]),
    ...(warning === undefined ? [] : warningLine(warning, sheet)),
  ];
}

/** Everything else: facts about the objects, and every argument that will be sent. */
export function detailLines(plan: Plan, sheet: Layout): string[] {
  const { facts, details, digest } = plan;
  const all: Plan["facts"] = [...details, ["SHA-256", digest]];
  return [...pairLines(safe`Facts`, facts, plan, sheet), ...pairLines(safe`Arguments`, all, plan, sheet)];
}

/** Plans as a numbered list. */
export function listLines(plans: readonly Pick<Plan, "where" | "question">[], sheet: Layout, reader: Reader): string[] {
  return plans.flatMap(({ where, question }, index) =>
    hanging(`${INDENT}${index + 1}. `, escapeInvisible(pairIn([where, question], reader)), sheet),
  );
}

function whereLines(plan: Plan, sheet: Layout): string[] {
  const { title, operation, where, account, environment, digest } = plan;
  const lines = [
    safe`${verbatim(title)} (${verbatim(operation)})`,
    safe`${verbatim(where)}, ${verbatim(account)}`,
    safe`Environment: ${verbatim(environment)}`,
    // Nobody compares hundreds of lines by eye; the audit log has the same digest.
    ...(isLarge(plan) ? [safe`Arguments: SHA-256 ${verbatim(digest)}`] : []),
  ];
  return lines.flatMap((line) => wrap(escapeInvisible(line.for(plan)), sheet.width));
}

/** All warnings if the headline shows only one. */
function warningLines(plan: Plan, sheet: Layout): string[] {
  return warningsBelow(plan).flatMap((warning) => warningLine(warning, sheet));
}

function warningLine(warning: string, sheet: Layout): string[] {
  return hanging("! ", escapeInvisible(warning), sheet).map((line) => sheet.paint("yellow", line));
}

/** As a table if it fits, else each change on its own lines; many objects are numbered. */
function rowLines(plan: Plan, sheet: Layout): string[] {
  const numbers = numbersOf(plan);
  const cells = plan.rows.map(({ object, aspect, now, then }) =>
    [safe`${verbatim(numbers(object) + object)}, ${verbatim(aspect)}`.for(plan), now, then].map(escapeInvisible),
  );
  // Right-to-left text would swap "now" and "then" on some terminals.
  const steady = !cells.flat().some(mayReorder);
  const table = steady ? tableLines(cells, plan, sheet) : undefined;
  return table ?? cells.flatMap((row) => stackedLines(row, plan, sheet));
}

const headings = [safe`now`, safe`after`];

function tableLines(cells: readonly (readonly string[])[], reader: Reader, sheet: Layout): string[] | undefined {
  const [header = "", ...lines] = tableOf([["", ...headings.map((heading) => heading.for(reader))], ...cells]);
  const width = Math.max(...[header, ...lines].map(widthOf));
  return width > sheet.width ? undefined : [sheet.paint("dim", header), ...lines];
}

/** Columns side by side; the last one is as long as it is. */
export function tableOf(rows: readonly (readonly string[])[]): string[] {
  const columns = Math.max(0, ...rows.map((row) => row.length));
  const widths = Array.from({ length: columns }, (_, column) =>
    Math.max(...rows.map((row) => widthOf(row[column] ?? ""))),
  );
  return rows.map((row) =>
    `${INDENT}${row.map((cell, column) => padTo(cell, widths[column] ?? 0)).join(INDENT)}`.trimEnd(),
  );
}

function stackedLines([what = "", ...values]: readonly string[], reader: Reader, sheet: Layout): string[] {
  const names = headings.map((heading) => heading.for(reader));
  const width = Math.max(...names.map(widthOf)) + INDENT.length;
  return [
    ...hanging(INDENT, what, sheet),
    ...values.flatMap((value, index) => hanging(`${INDENT}${INDENT}${padTo(names[index] ?? "", width)}`, value, sheet)),
  ];
}

function pairLines(heading: SafeText, pairs: Plan["facts"], reader: Reader, sheet: Layout): string[] {
  if (pairs.length === 0) return [];
  const lines = pairs.flatMap((pair) => hanging(INDENT, escapeInvisible(pairIn(pair, reader)), sheet));
  return [sheet.paint("dim", heading.for(reader)), ...lines];
}

/** The text after its label, with a hanging indent. */
function hanging(label: string, text: string, { width }: Layout): string[] {
  const indent = widthOf(label);
  const [first = "", ...rest] = wrap(text, width - indent);
  return [label + first, ...rest.map((line) => " ".repeat(indent) + line)];
}
