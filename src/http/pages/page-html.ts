import { answerForm, pageDocument, planCard } from "../../approval/page/html.js";
import { html, type Markup, prose } from "../../approval/page/markup.js";
import { textsIn } from "../../approval/page/texts.js";
import { approvalCounts, declineCounts, hasAnswered } from "../../approval/team/decisions.js";
import type { TeamQuestion } from "../../approval/team/question.js";
import type { Person } from "../../identity/person.js";
import type { Language } from "../../lib/language.js";
import { partition } from "../../lib/lists.js";
import type { ContentFault } from "../../secrets/references/refuse.js";
import { describeFault } from "./fault-texts.js";
import { teamStyle } from "./page-style.js";
import { type PageNotice, type PageTexts, pageTextsIn } from "./page-texts.js";
import type { StoredUpload } from "./upload.js";

/** Who sees a page, and what their forms carry. */
export interface Viewer {
  readonly language: Language;
  readonly person: Person;
  /** For the form that logs out. */
  readonly logoutToken: string;
  readonly uploads: boolean;
}

/** Whether an answer of this person would still count. */
export function canDecide(question: TeamQuestion, person: Person): boolean {
  return typeof declineCounts(question, person) !== "string" && !hasAnswered(question, person);
}

export function listPage(questions: readonly TeamQuestion[], viewer: Viewer): Markup {
  const texts = pageTextsIn[viewer.language];
  const [open, ended] = partition(questions, ({ state }) => state === "open");
  const [waiting, others] = partition(open, (question) => canDecide(question, viewer.person));
  return framedPage(texts.questions, viewer, [
    html`<h1>${texts.questions}</h1>`,
    listCard(texts.waiting, waiting, texts, viewer.language, texts.nothing),
    ...(others.length > 0 ? [listCard(texts.others, others, texts, viewer.language)] : []),
    ...(ended.length > 0 ? [listCard(texts.ended, ended, texts, viewer.language)] : []),
  ]);
}

/** What the viewer can do: answer, or only decline; or log in anew first. */
type AnswerForm = { readonly token: string; readonly mayApprove: boolean } | { readonly loginAgain: string };

/** @param form absent if the viewer cannot answer it now */
export function questionPage(question: TeamQuestion, viewer: Viewer, form: AnswerForm | undefined): Markup {
  const { language, person } = viewer;
  const texts = pageTextsIn[language];
  const plan = question.plans[language];
  const below = [progressCard(question, person, texts, form)];
  if (form !== undefined && "token" in form)
    below.push(answerForm(plan, form.token, question.expiresAt, textsIn[language], form.mayApprove));
  return framedPage(plan.title, viewer, planCard(plan, textsIn[language], below));
}

export function uploadPage(accounts: readonly string[], token: string, viewer: Viewer, fault?: ContentFault): Markup {
  const texts = pageTextsIn[viewer.language];
  const options = accounts.map((name) => html`<option>${name}</option>`);
  return framedPage(
    texts.uploadTitle,
    viewer,
    html`<article class="card"><section><h1>${texts.uploadTitle}</h1><p>${texts.uploadIntro}</p></section>${
      fault === undefined ? undefined : faultCard(fault, viewer.language)
    }<form method="post" enctype="multipart/form-data" aria-label="${texts.uploadTitle}">
<input type="hidden" name="csrfToken" value="${token}"><div class="fields">
<div><label for="account">${texts.account}</label><select id="account" name="account">${options}</select></div>
<div><label for="file">${texts.file}</label><input type="file" id="file" name="file" required></div>
<div><label for="password">${texts.password}</label><input type="password" id="password" name="password" autocomplete="off"></div>
<div class="buttons"><button type="submit" class="plain">${texts.send}</button></div>
</div></form></article>`,
  );
}

function faultCard(fault: ContentFault, language: Language): Markup {
  const { says, conversion } = describeFault(fault, language);
  const lines = conversion?.commands.map((command) => html`<li><code>${command}</code></li>`) ?? [];
  const list = lines.length === 0 ? undefined : html`<p>${conversion?.introduction}</p><ul role="list">${lines}</ul>`;
  const afterwards = conversion?.afterwards.map((sentence) => html`<p>${prose(sentence)}</p>`);
  return html`<section class="warnings" role="alert"><p>${prose(says)}</p>${list}${afterwards}</section>`;
}

/** One line for each thing that was stored. */
export function uploadedPage(stored: readonly StoredUpload[], viewer: Viewer): Markup {
  const texts = pageTextsIn[viewer.language];
  const lines = stored.map(
    ({ what, reference, facts }) =>
      html`<li><p class="muted">${texts[what]}${facts === "" ? "" : `, ${facts}`}</p><code>${reference}</code></li>`,
  );
  return framedPage(
    texts.uploaded,
    viewer,
    html`<article class="card"><section><h1>${texts.uploaded}</h1><p>${texts.uploadedIntro}</p></section>
<section><ul class="list" role="list">${lines}</ul></section></article>`,
  );
}

/** A page for whoever comes; it shows nothing of anybody's. */
export function pageNotice(notice: PageNotice, language: Language): Markup {
  const texts = pageTextsIn[language];
  const { title, body } = texts.notices[notice];
  const login = notice === "logged out" || notice === "not logged in" || notice === "unavailable";
  return pageDocument(
    title,
    texts,
    html`<article class="card"><div class="notice"><h1>${title}</h1><p>${body}</p>
<p><a href="${login ? "/login" : "/approvals"}">${login ? texts.logIn : texts.back}</a></p></div></article>`,
    { style: teamStyle, origin: texts.origin },
  );
}

function framedPage(title: string, viewer: Viewer, main: Markup | readonly Markup[]): Markup {
  const { language, person, logoutToken, uploads } = viewer;
  const texts = pageTextsIn[language];
  const bar = html`<nav><a href="/approvals">${texts.questions}</a>${
    uploads ? html`<a href="/upload">${texts.upload}</a>` : undefined
  }<span>${person.name}</span><form method="post" action="/logout"><input type="hidden" name="csrfToken" value="${logoutToken}"><button type="submit">${texts.logOut}</button></form></nav>`;
  return pageDocument(title, texts, main, { style: teamStyle, bar, origin: texts.origin });
}

function listCard(
  title: string,
  questions: readonly TeamQuestion[],
  texts: PageTexts,
  language: Language,
  ifNone?: string,
): Markup {
  const items = questions.map((question) => {
    const { id, asker, plans, expiresAt, state, account } = question;
    const facts = [
      texts.askedBy(personShown(asker.name, asker.id)),
      account,
      ...(state === "open" ? [progressOf(question, texts), texts.until(expiresAt)] : [texts.states[state]]),
    ];
    return html`<li><a href="/approvals/${id}">${prose(plans[language].question)}</a><p class="muted">${facts.join(" · ")}</p></li>`;
  });
  const list = items.length > 0 ? html`<ul class="list" role="list">${items}</ul>` : html`<p>${ifNone ?? ""}</p>`;
  return html`<section class="card"><div><h2>${title}</h2>${list}</div></section>`;
}

/** Names are not unique, and their owners choose them. */
function personShown(name: string, id: string): string {
  return `${name} (${id})`;
}

/** Who has answered, and what the viewer can do. */
function progressCard(question: TeamQuestion, person: Person, texts: PageTexts, form: AnswerForm | undefined): Markup {
  const { decisions, state } = question;
  const answers = decisions.map(
    ({ answer, id, name, at }) => html`<li>${texts.answered[answer](personShown(name, id), at)}</li>`,
  );
  // Who asks waits for others, whatever the rules say of them.
  const why = person.id === question.asker.id ? "own question" : approvalCounts(question, person);
  const own = hasAnswered(question, person)
    ? texts.youAnswered
    : typeof why === "string"
      ? texts.whyNot[why]
      : undefined;
  return html`<section class="told"><h2>${state === "open" ? progressOf(question, texts) : texts.states[state]}</h2>${
    answers.length === 0 ? undefined : html`<ul role="list" aria-label="${texts.answers}">${answers}</ul>`
  }${state !== "open" || own === undefined ? undefined : html`<p>${own}</p>`}${
    form !== undefined && "loginAgain" in form
      ? html`<p>${texts.again}</p><a class="button" href="${form.loginAgain}">${texts.logInAgain}</a>`
      : undefined
  }</section>`;
}

/** Of the requirement that lacks most. */
function progressOf({ requirements, decisions }: TeamQuestion, texts: PageTexts): string {
  const each = requirements.map(({ approvers }, index) => ({
    approvers,
    given: decisions.filter(({ countsFor }) => countsFor.includes(index)).length,
  }));
  const [least] = each.toSorted((a, b) => b.approvers - b.given - (a.approvers - a.given));
  return texts.given(least?.given ?? 0, least?.approvers ?? 0);
}
