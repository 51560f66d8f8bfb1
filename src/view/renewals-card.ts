import { dayOf, termIn, type ViewTexts } from "./texts.js";
import { type Branch, element, type PageContent } from "./tree.js";
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
    due.length === 0 ? undefined : dueTable(due, texts),
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
    return element(
      "tr",
      {},
      element("th", { scope: "row" }, label),
      counts.map((count) => element("td", {}, String(numberIn(count) ?? ""))),
    );
  });
  return table("overview", texts.renewals, heads, rows);
}

function dueTable(due: readonly ReplyMembers[], texts: ViewTexts): Branch {
  const labels = [texts.domain, texts.certificate, texts.renewBy, texts.standingApproval];
  const rows = due.map((row) => {
    const approvals = sentencesIn(row.standing_approvals);
    const certificate = [textIn(row.name), textIn(row.certificate_id)].filter((part) => part !== undefined).join(" · ");
    const services = sentencesIn(row.services).map((service) => termIn(texts.services, service) ?? service);
    return element(
      "tr",
      { role: "row" },
      element(
        "th",
        { role: "rowheader", scope: "row" },
        sentencesIn(row.domains).map((name) => element("span", { dir: "auto" }, element("b", {}, name))),
        element("span", { class: "muted small" }, services.join(", ")),
      ),
      cell(labels[1], element("span", { dir: "auto" }, certificate)),
      cell(
        labels[2],
        element("span", {}, dayOf(textIn(row.renew_by) ?? "")),
        row.overdue === true ? element("span", { class: "mark bad" }, texts.overdue) : undefined,
      ),
      approvals.length > 0
        ? cell(
            labels[3],
            approvals.map((id) => element("span", {}, id)),
          )
        : cell(labels[3], element("span", { class: "mark warn" }, texts.personAsked)),
    );
  });
  return table("rows", texts.renewBy, labels, rows, "row");
}

const cell = (label: string | undefined, ...content: readonly PageContent[]) =>
  element("td", { role: "cell", "data-label": label }, ...content);

// Explicit roles where the phone layout makes blocks of the elements.
function table(look: string, label: string, heads: readonly string[], rows: readonly Branch[], role?: "row"): Branch {
  const isRows = role !== undefined;
  return element(
    "table",
    { class: look, role: isRows ? "table" : undefined, "aria-label": label },
    element(
      "thead",
      { role: isRows ? "rowgroup" : undefined },
      element(
        "tr",
        { role },
        heads.map((head) => element("th", { role: isRows ? "columnheader" : undefined, scope: "col" }, head)),
      ),
    ),
    element("tbody", { role: isRows ? "rowgroup" : undefined }, rows),
  );
}
