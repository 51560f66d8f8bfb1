import { type Branch, element, type PageContent } from "./html-tree.js";

/* What the tables of all pages have in common. */

/** The roles are the elements' implicit ones, which they lose when the phone layout makes them blocks. */
export function pageTable(
  attributes: Readonly<Record<string, string>>,
  heads: readonly string[],
  rows: readonly Branch[],
  classNames: readonly (string | undefined)[] = [],
): Branch {
  const headCells = heads.map((head, index) =>
    element("th", { role: "columnheader", scope: "col", class: classNames[index] }, head),
  );
  return element(
    "table",
    { ...attributes, role: "table" },
    element("thead", { role: "rowgroup" }, element("tr", { role: "row" }, headCells)),
    element("tbody", { role: "rowgroup" }, rows),
  );
}

export const tableRow = (head: PageContent, cells: PageContent, className?: string) =>
  element("tr", { role: "row", class: className }, element("th", { role: "rowheader", scope: "row" }, head), cells);

/** @param label of the column, which the phone layout shows beside the content */
export const tableCell = (label: string | undefined, ...content: readonly PageContent[]) =>
  element("td", { role: "cell", "data-label": label }, content);

/** A text by others, of whatever direction. */
export const line = (text: string, className?: string) => element("span", { class: className, dir: "auto" }, text);

/** The name of a row. */
export const boldLine = (name: string) => element("span", { dir: "auto" }, element("b", {}, name));

export const mark = (text: string, className = "") => element("span", { class: `mark ${className}`.trim() }, text);

export const pale = (text: string) => element("span", { class: "muted" }, text);
