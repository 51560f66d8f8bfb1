import { type End, expiryWindows, windowOf } from "./expiry-windows.js";
import { type Branch, element, type PageContent } from "./html-tree.js";
import type { InventoryGroup, InventoryRow, InventoryView } from "./inventory-view.js";
import { boldLine, line, mark, pageTable, pale, tableCell, tableRow } from "./table.js";
import { dayOf, minuteIn, termIn, type ViewTexts } from "./texts.js";

/** The inventory: what could not be seen first, then counts, an overview, and expiry dates, service by service. */
export function inventoryPage(view: InventoryView, texts: ViewTexts, remark?: string, renewals?: Branch): Branch {
  const drifting = view.groups.flatMap(({ rows }) => rows.filter(({ drift }) => drift !== undefined)).length;
  return element(
    "main",
    {},
    element("h1", {}, texts.inventory),
    sentencesCard(texts.unseen, view.unseen, "card unseen", texts.unseenHint),
    element(
      "section",
      { class: "card", "aria-label": texts.counts },
      countsList(view, texts),
      drifting > 0 && element("p", {}, mark(texts.driftCount(drifting), "bad")),
      view.matching > view.shown && element("p", {}, texts.shown(view.shown, view.matching)),
      view.shown === 0 ? element("p", {}, texts.nothing) : overview(view.groups, texts),
      remark !== undefined && element("p", { class: "muted small" }, remark),
      view.listedAt !== undefined && element("p", { class: "muted small" }, texts.listedAt(minuteIn(view.listedAt))),
    ),
    renewals,
    view.groups.map((group, index) => groupCard(group, `group-${index}`, texts)),
    sentencesCard(texts.neverSeen, view.neverSeen, "card"),
    view.notes.length > 0 && element("section", { class: "card" }, sentenceList(view.notes)),
  );
}

/** Sentences of a reply, which are in English. */
function sentencesCard(
  title: string,
  sentences: readonly string[],
  className: string,
  hint?: string,
): Branch | undefined {
  if (sentences.length === 0) return undefined;
  return element(
    "section",
    { class: className, "aria-label": title },
    element("h2", {}, title),
    hint !== undefined && element("p", {}, hint),
    sentenceList(sentences),
  );
}

const sentenceList = (sentences: readonly string[]) =>
  element(
    "ul",
    { lang: "en" },
    sentences.map((sentence) => element("li", { dir: "auto" }, sentence)),
  );

function countsList({ counts }: InventoryView, texts: ViewTexts): Branch | undefined {
  if (counts.length === 0) return undefined;
  const items = counts.map(([name, count]) =>
    element(
      "div",
      {},
      element("dt", {}, termIn(texts.counted, name) ?? name.replaceAll("_", " ")),
      element("dd", {}, String(count)),
    ),
  );
  return element("dl", { class: "counts" }, items);
}

function titleOf({ service, kind }: InventoryGroup, texts: ViewTexts): string {
  const name = termIn(texts.services, service) ?? service;
  return kind === "stored" ? texts.storedAt(name) : texts.domainsOf(name);
}

/** How much ends in which window of time, service by service. */
function overview(groups: readonly InventoryGroup[], texts: ViewTexts): Branch {
  const heads = [texts.group, ...expiryWindows.map((window) => texts.windows[window])];
  const rows = groups.map((group) => {
    const cells = expiryWindows.map((window) => {
      const count = group.rows.filter((row) => windowOf(soonest(row)) === window).length;
      return element("td", { role: "cell", class: count === 0 ? "none" : `is-${window}` }, String(count));
    });
    return tableRow(titleOf(group, texts), cells);
  });
  return pageTable({ class: "overview", "aria-label": texts.overview }, heads, rows);
}

/** Whichever ends first: what the cloud lists, or what visitors get. */
function soonest({ end, edgeEnd }: InventoryRow): End | undefined {
  const isSooner =
    edgeEnd !== undefined &&
    (edgeEnd.daysLeft ?? Number.POSITIVE_INFINITY) < (end?.daysLeft ?? Number.POSITIVE_INFINITY);
  return isSooner ? edgeEnd : (end ?? edgeEnd);
}

function groupCard(group: InventoryGroup, id: string, texts: ViewTexts): Branch {
  const isStored = group.kind === "stored";
  const labels = [
    isStored ? texts.names : texts.domain,
    texts.certificate,
    texts.ends,
    isStored ? texts.usedBy : texts.edge,
  ];
  // Nobody may have looked at what uses a certificate, or at what the edge serves.
  const isShort = group.rows.every(({ inUse, edgeEnd, drift }) => (edgeEnd ?? drift ?? inUse[0]) === undefined);
  return element(
    "section",
    { class: "card", "aria-labelledby": id },
    element(
      "details",
      { open: "" },
      element(
        "summary",
        {},
        element("h2", { id }, titleOf(group, texts)),
        element("span", { class: "muted small" }, String(group.rows.length)),
      ),
      pageTable(
        { class: isShort ? "rows short" : "rows", "aria-labelledby": id },
        isShort ? labels.slice(0, -1) : labels,
        group.rows.map((row) => rowOfInventory(row, labels, isShort, texts)),
        [undefined, "certificate", "ends"],
      ),
    ),
  );
}

function rowOfInventory(row: InventoryRow, labels: readonly string[], isShort: boolean, texts: ViewTexts): Branch {
  const { name, about, certificates, status, next, drift, edgeEnd, inUse } = row;
  const className = `is-${windowOf(row.end)}${drift === undefined ? "" : " drifts"}`;
  const cells = [
    tableCell(
      labels[1],
      lines(certificates),
      status !== undefined && mark(status),
      changing(row, texts),
      next !== undefined && element("span", { class: "muted small" }, texts.next(next)),
    ),
    tableCell(labels[2], endOfRow(row, texts)),
    !isShort &&
      tableCell(
        labels[3],
        drift !== undefined && [mark(texts.drift, "bad"), element("span", {}, termIn(texts.drifts, drift) ?? drift)],
        edgeEnd !== undefined && endAtEdge(row, edgeEnd, texts),
        lines(inUse, edgeEnd === undefined ? undefined : "muted small"),
      ),
  ];
  return tableRow([boldLine(name), lines(about, "muted small")], cells, className);
}

const lines = (texts: readonly string[], className?: string) => texts.map((text) => line(text, className));

function changing({ changed, https }: InventoryRow, texts: ViewTexts): PageContent {
  return [
    https === "off" && mark(texts.httpsOff),
    changed !== undefined && [mark(texts.changing, "warn"), element("span", { lang: "en" }, changed)],
  ];
}

function endOfRow({ end, https }: InventoryRow, texts: ViewTexts): PageContent {
  if (end === undefined) return https !== undefined && pale(texts.noEnd);
  return [endInMarks(end, texts), end.daysLeft !== undefined && bar(end.daysLeft)];
}

/** The day, and how many days are left, in the colour of how soon that is. */
const endInMarks = (end: End, texts: ViewTexts): PageContent => [
  element("span", {}, dayOf(end.at)),
  end.daysLeft !== undefined && mark(texts.daysLeft(end.daysLeft), windowOf(end)),
];

/** What visitors get; where it ends with what the cloud lists, the days are not said twice. */
function endAtEdge({ end, drift }: InventoryRow, edgeEnd: End, texts: ViewTexts): PageContent {
  const isSame = drift === undefined && end !== undefined && dayOf(end.at) === dayOf(edgeEnd.at);
  return isSame ? element("span", {}, texts.sameEnd) : endInMarks(edgeEnd, texts);
}

/** Days that the bars show; 200 is the longest that a public certificate may be valid today. */
const BAR_DAYS = 200;

/** The time left on a scale that is the same in every row; the words beside it say it, too. */
function bar(daysLeft: number): Branch {
  const left = Math.min(BAR_DAYS, Math.max(0, daysLeft));
  const rect = (className: string, width: number) =>
    element("rect", { class: className, width: String(width), height: "4", rx: "2" });
  return element(
    "svg",
    { class: "bar", viewBox: `0 0 ${BAR_DAYS} 4`, preserveAspectRatio: "none", "aria-hidden": "true" },
    rect("all", BAR_DAYS),
    rect("left", left),
  );
}
