import { type Branch, element } from "./html-tree.js";
import type { JobView, TargetView } from "./job-view.js";
import { boldLine, line, mark, pageTable, pale, tableCell, tableRow } from "./table.js";
import { dayOf, minuteIn, termIn, type ViewTexts } from "./texts.js";

/**
 * A job: for each target what it has, what it gets, whether the cloud accepted that, and whether it is served.
 * @param remark what a person should know about how current it is
 */
export function jobPage(jobView: JobView, texts: ViewTexts, remark?: string): Branch {
  const { kind, job, certificate, end, targets, notes, next, watchEnded } = jobView;
  const isRollback = kind === "rollback";
  const heads = [texts.target, texts.before, texts.then, texts.accepted, texts.served];
  const sentences = [
    ...(next === undefined ? [] : [texts.labelled(texts.next_step, next)]),
    ...(watchEnded === undefined ? [] : [texts.labelled(texts.watchEnded, watchEnded)]),
    ...notes,
  ];
  const about = [...certificate, ...(end === undefined ? [] : [dayOf(end)])].join(" · ");
  return element(
    "main",
    {},
    element(
      "h1",
      {},
      isRollback ? texts.rollback : texts.deployment,
      job !== undefined && element("span", { class: "muted small" }, ` ${texts.job(job)}`),
    ),
    element(
      "section",
      { class: "card", "aria-label": texts.certificate },
      about !== "" && element("p", { dir: "auto" }, texts.labelled(isRollback ? texts.takenBack : texts.gets, about)),
      element("p", { role: "status" }, counted(targets, texts)),
      remark !== undefined && element("p", { class: "muted small" }, remark),
    ),
    targets.length > 0 &&
      element(
        "section",
        { class: "card" },
        pageTable(
          { class: "targets", "aria-label": texts.target },
          heads,
          targets.map((target) => targetRow(target, jobView, texts)),
        ),
      ),
    sentences.length > 0 &&
      element(
        "section",
        { class: "card", lang: "en" },
        sentences.map((sentence) => element("p", { dir: "auto" }, sentence)),
      ),
  );
}

/** "2 served, 1 accepted, not seen served yet" */
function counted(targets: readonly TargetView[], texts: ViewTexts): string {
  const states = [...new Set(targets.map(({ state }) => state))];
  const counts = states.map((state) => {
    const count = targets.filter((target) => target.state === state).length;
    return `${count} ${termIn(texts.states, state) ?? state}`;
  });
  return counts.join(" · ");
}

function targetRow(target: TargetView, jobView: JobView, texts: ViewTexts): Branch {
  const { name, before, putBack, acceptedAt, says } = target;
  const then =
    jobView.kind === "rollback" ? (putBack ?? texts.putBack) : (jobView.certificate[0] ?? texts.givenCertificate);
  return tableRow(boldLine(name), [
    tableCell(texts.before, line(before ?? texts.unknown)),
    tableCell(texts.then, line(then)),
    tableCell(
      texts.accepted,
      acceptedAt === undefined ? pale(isSettled(target) ? "–" : texts.notYet) : mark(minuteIn(acceptedAt), "good"),
    ),
    tableCell(
      texts.served,
      mark(termIn(texts.states, target.state) ?? target.state, classNames[target.state]),
      target.seen !== undefined && line(target.seen),
      says.length > 0 && element("span", { class: "small", lang: "en", dir: "auto" }, says.join(" ")),
    ),
  ]);
}

/** Whether nothing more is sent to it. */
const isSettled = ({ state }: TargetView) => ["unchanged", "failed", "not attempted"].includes(state);

const classNames: Readonly<Record<string, string>> = {
  served: "good",
  "put back": "good",
  unchanged: "good",
  accepted: "warn",
  "incomplete chain": "warn",
  superseded: "warn",
  "outcome unknown": "warn",
  failed: "bad",
};
