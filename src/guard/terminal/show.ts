import { visible } from "../../visible.js";
import { effectInWords, type Plan, type PlanRow } from "../plan.js";
import { mayReorder, padTo, widthOf, wrap } from "./columns.js";

export type Style = "bold" | "dim" | "red" | "yellow";

/** What a plan is laid out on. */
export interface Sheet {
  readonly width: number;
  paint(style: Style, text: string): string;
}

const INDENT = "  ";

/** A plan as a person judges it: where and what, warnings, now → then, and the question. */
export function planLines(plan: Plan, sheet: Sheet): string[] {
  const changes = plan.rows.length === 0 ? detailLines(plan, sheet) : rowLines(plan.rows, sheet);
  const paragraphs = [headLines(plan, sheet), warningLines(plan, sheet), changes, questionLines(plan, sheet)];
  return paragraphs.filter((lines) => lines.length > 0).flatMap((lines) => ["", ...lines]);
}

/** Everything else that is known: facts about the objects, and every argument that will be sent. */
export function detailLines({ facts, details }: Plan, sheet: Sheet): string[] {
  return [...pairLines("Facts", facts, sheet), ...pairLines("Arguments", details, sheet)];
}

/** Plans as a numbered list, one line each or a few. */
export function listLines(plans: readonly Pick<Plan, "where" | "question">[], sheet: Sheet): string[] {
  return plans.flatMap((plan, index) =>
    hanging(`${INDENT}${index + 1}. `, visible(`${plan.where}: ${plan.question}`), sheet),
  );
}

function headLines({ title, operation, where, account, effect }: Plan, sheet: Sheet): string[] {
  const grave = effect === "destroy" || effect === "purchase";
  const style = grave ? "red" : effect === "traffic" ? "yellow" : "bold";
  return [
    ...wrap(visible(`${title} (${operation})`), sheet.width).map((line) => sheet.paint("bold", line)),
    ...wrap(visible(`${where}, account ${account}`), sheet.width),
    sheet.paint(style, effectInWords[effect]),
  ];
}

function warningLines({ warnings }: Plan, sheet: Sheet): string[] {
  return warnings
    .flatMap((warning) => hanging("! ", visible(warning), sheet))
    .map((line) => sheet.paint("yellow", line));
}

function questionLines({ question }: Plan, sheet: Sheet): string[] {
  return wrap(visible(question), sheet.width).map((line) => sheet.paint("bold", line));
}

/** As a table where it fits on the sheet, else each change on lines of its own. */
function rowLines(rows: readonly PlanRow[], sheet: Sheet): string[] {
  const cells = rows.map(({ object, aspect, now, then }) => [`${object}, ${aspect}`, now, then].map(visible));
  // On some terminals text that runs right to left would swap "now" and "then".
  const steady = !cells.flat().some(mayReorder);
  const table = steady ? tableLines(cells, sheet) : undefined;
  return table ?? cells.flatMap((row) => stackedLines(row, sheet));
}

function tableLines(cells: readonly (readonly string[])[], sheet: Sheet): string[] | undefined {
  const header = ["", "now", "then"];
  const widths = header.map((_, column) => Math.max(...[header, ...cells].map((row) => widthOf(row[column] ?? ""))));
  const lineOf = (row: readonly string[]) =>
    `${INDENT}${row.map((cell, column) => padTo(cell, widths[column] ?? 0)).join(INDENT)}`.trimEnd();
  const width = widths.reduce((sum, column) => sum + INDENT.length + column, 0);
  return width > sheet.width ? undefined : [sheet.paint("dim", lineOf(header)), ...cells.map(lineOf)];
}

function stackedLines([what = "", now = "", then = ""]: readonly string[], sheet: Sheet): string[] {
  return [
    ...hanging(INDENT, what, sheet),
    ...hanging(`${INDENT}${INDENT}now   `, now, sheet),
    ...hanging(`${INDENT}${INDENT}then  `, then, sheet),
  ];
}

function pairLines(heading: string, pairs: Plan["facts"], sheet: Sheet): string[] {
  if (pairs.length === 0) return [];
  const lines = pairs.flatMap(([name, value]) => hanging(INDENT, visible(`${name}: ${value}`), sheet));
  return [sheet.paint("dim", heading), ...lines];
}

/** The text after its label; further lines start where the text does. */
function hanging(label: string, text: string, { width }: Sheet): string[] {
  const [first = "", ...rest] = wrap(text, width - label.length);
  return [label + first, ...rest.map((line) => " ".repeat(label.length) + line)];
}
