import { type Branch, element } from "./html-tree.js";
import { boldLine, line, mark, pageTable, tableCell, tableRow } from "./table.js";
import { dayOf, termIn, type ViewTexts } from "./texts.js";
import { membersIn, numberIn, type ReplyMembers, rowsIn, sentencesIn, textIn } from "./values.js";

/**
 * What is to be renewed when, and what a year costs under each rule.
 * @param reply of plan_renewals, with all pages; undefined if it is something else
 */
export function renewalsCard(reply: unknown, texts: ViewTexts): Branch | undefined {
  const members = membersIn(reply);
  const rules = rowsIn(members.rules);
  if (rules.length === 0) return undefined;
  const due = rowsIn(members.renewals);
  const days = numberIn(members.due_within_days) ?? 0;
  return element(
    "section",
    { class: "card", "aria-labelledby": "renewals" },
    element("h2", { id: "renewals" }, texts.renewals),
    element("p", {}, texts.renewalRule),
    rulesTable(rules, texts),
    element("p", {}, due.length === 0 ? texts.nothingDue(days) : texts.dueWithin(due.length, days)),
    due.length > 0 && dueTable(due, texts),
    element("p", { class: "muted small" }, texts.renewalTimes),
  );
}

function rulesTable(rules: readonly ReplyMembers[], texts: ViewTexts): Branch {
  const heads = [texts.longest, texts.renewalsAYear, texts.proofsAYear, texts.questionsAYear];
  const rows = rules.map((rule) => {
    const from = textIn(rule.from);
    const longest = numberIn(rule.longest_days) ?? 0;
    const label = from === undefined ? texts.shortLived(longest) : texts.ruleFrom(longest, from);
    const counts = [rule.renewals_a_year, rule.proofs_a_year, rule.questions_a_year];
    const cells = counts.map((count) => tableCell(undefined, String(numberIn(count) ?? "")));
    return tableRow(label, cells);
  });
  return pageTable({ class: "overview", "aria-label": texts.renewals }, heads, rows);
}

function dueTable(due: readonly ReplyMembers[], texts: ViewTexts): Branch {
  const labels = [texts.domain, texts.certificate, texts.renewBy, texts.standingApproval];
  const rows = due.map((row) => {
    const approvals = sentencesIn(row.standing_approvals);
    const certificate = sentencesIn([row.name, row.certificate_id]).join(" · ");
    const services = sentencesIn(row.services).map((service) => termIn(texts.services, service) ?? service);
    const head = [
      sentencesIn(row.domains).map(boldLine),
      element("span", { class: "muted small" }, services.join(", ")),
    ];
    return tableRow(head, [
      tableCell(texts.certificate, line(certificate)),
      tableCell(
        texts.renewBy,
        element("span", {}, dayOf(textIn(row.renew_by) ?? "")),
        row.overdue === true && mark(texts.overdue, "bad"),
      ),
      tableCell(
        texts.standingApproval,
        approvals.length > 0 ? approvals.map((id) => element("span", {}, id)) : mark(texts.personAsked, "warn"),
      ),
    ]);
  });
  return pageTable({ class: "rows", "aria-label": texts.renewBy }, labels, rows);
}
