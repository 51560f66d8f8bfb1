import { headlineOf, numbersOf, type Plan, type PlanRow, sentences } from "../plan.js";
import { html, Markup, prose } from "./markup.js";
import { style } from "./style.js";
import type { Notice, Texts } from "./texts.js";

/**
 * The page on which a person approves or declines.
 * @param csrfToken the one-time value in the form of this rendering
 */
export function approvalPage(plan: Plan, csrfToken: string, deadline: Date, texts: Texts): Markup {
  const card = planCard(plan, texts, answerForm(plan, csrfToken, deadline, texts));
  return pageDocument(`${texts.needed}: ${plan.title}`, texts, card);
}

/** All that a person has to know of a plan, and below it what they can do. */
export function planCard(plan: Plan, texts: Texts, below: Markup | readonly Markup[]): Markup {
  return html`<article class="card ${plan.effect}">${question(plan, texts)}${warnings(plan, texts)}${source(plan, texts)}${changes(plan, texts)}${details(plan, texts)}${below}</article>`;
}

/** What surrounds a page where it is not the only one. */
interface PageFrame {
  readonly style: string;
  /** In the header, beside the program's name. */
  readonly bar?: Markup | undefined;
  /** Where the page comes from. */
  readonly origin: string;
}

/** The page that says how a request ended; `about` is the plan's question if it may still be shown. */
export function noticePage(notice: Notice, texts: Texts, about?: string, more?: string): Markup {
  const { title, body } = texts.notices[notice];
  const { icon, tone } = noticeStyles[notice];
  return pageDocument(
    title,
    texts,
    html`<article class="card"><div class="notice ${tone}">${icons[icon]}
<h1>${title}</h1>${about === undefined ? undefined : html`<p class="about" lang="${texts.lang}">${prose(about)}</p>`}
<p>${more === undefined ? body : `${more} ${body}`}</p><p class="muted">${texts.close}</p></div></article>`,
  );
}

/** A whole page. */
export function pageDocument(
  title: string,
  texts: Pick<Texts, "lang" | "origin">,
  main: Markup | readonly Markup[],
  frame: PageFrame = { style, origin: texts.origin },
): Markup {
  return html`<!doctype html>
<html lang="${texts.lang}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${title} · cloudcert-mcp</title>
<style>${new Markup(frame.style)}</style>
</head>
<body>
<header>${icons.shield}<b>cloudcert-mcp</b>${frame.bar}</header>
<main>${main}</main>
<footer><p>${frame.origin}</p></footer>
</body>
</html>
`;
}

function question(plan: Plan, texts: Texts): Markup {
  const { effect, objects } = headlineOf(plan);
  return html`<section aria-labelledby="question">
<p class="eyebrow">${texts.asked}</p>
<h1 id="question" lang="${texts.lang}">${prose(plan.question)}</h1>
<p class="effect">${sentences(plan, [effect, objects])}</p>
</section>`;
}

function source(plan: Plan, texts: Texts): Markup {
  return html`<section>
<dl class="source">
<div><dt>${texts.environment}</dt><dd lang="${texts.lang}">${plan.environment}</dd></div>
<div><dt>${texts.service}</dt><dd lang="${texts.lang}">${plan.where}</dd></div>
<div><dt>${texts.account}</dt><dd><code>${plan.account}</code></dd></div>
${
  plan.asker === undefined
    ? undefined
    : html`<div><dt>${texts.asker}</dt><dd lang="${texts.lang}">${plan.asker}</dd></div>
`
}<div><dt>${texts.action}</dt><dd><code>${plan.operation}</code></dd></div>
</dl>
</section>`;
}

function warnings(plan: Plan, texts: Texts): Markup | undefined {
  if (plan.warnings.length === 0) return undefined;
  const items = plan.warnings.map(
    (warning) => html`<li>${icons.warning}<span lang="${texts.lang}">${prose(warning)}</span></li>`,
  );
  return html`<section class="warnings" aria-labelledby="warnings">
<h2 id="warnings">${texts.warnings}</h2>
<ul role="list">${items}</ul>
</section>`;
}

// The roles are the elements' implicit ones, which they lose when the phone layout makes them blocks.
function changes(plan: Plan, texts: Texts): Markup | undefined {
  if (plan.rows.length === 0) return undefined;
  const numbers = numbersOf(plan);
  return html`<section aria-labelledby="changes">
<h2 id="changes">${texts.changes}</h2>
<table role="table" aria-labelledby="changes">
<thead role="rowgroup"><tr role="row"><th role="columnheader" scope="col">${texts.object}</th>
<th role="columnheader" scope="col">${texts.now}</th><th role="columnheader" scope="col">${texts.after}</th></tr></thead>
<tbody role="rowgroup">${plan.rows.map((row) => change(row, numbers(row.object), texts))}</tbody>
</table>
</section>`;
}

function change(row: PlanRow, number: string, texts: Texts): Markup {
  return html`<tr role="row">
<th role="rowheader" scope="row" lang="${texts.lang}"><b>${number}${prose(row.object)}</b><span class="muted">${row.aspect}</span></th>
<td role="cell"><span class="label" aria-hidden="true">${texts.now}</span><span lang="${texts.lang}">${prose(row.now)}</span></td>
<td role="cell" class="then"><span class="label" aria-hidden="true">${texts.after}</span><span lang="${texts.lang}">${prose(row.then)}</span></td>
</tr>`;
}

function details(plan: Plan, texts: Texts): Markup {
  return html`<details>
<summary>${texts.details}</summary>${pairs(texts.facts, plan.facts, texts)}${pairs(texts.arguments, [...plan.details, [texts.digest, plan.digest]], texts)}
</details>`;
}

function pairs(heading: string, entries: Plan["details"], texts: Texts): Markup | undefined {
  if (entries.length === 0) return undefined;
  const lines = entries.map(([name, value]) => html`<dt>${name}</dt><dd><code>${prose(value)}</code></dd>`);
  return html`<h2>${heading}</h2><dl class="pairs" lang="${texts.lang}">${lines}</dl>`;
}

export function answerForm(plan: Plan, csrfToken: string, deadline: Date, texts: Texts, mayApprove = true): Markup {
  // Enter in a text field presses the first submit button. A disabled one at the front makes Enter do nothing: nobody
  // approves or declines by accident.
  return html`<form method="post" aria-label="${texts.answer}">
<button type="submit" disabled hidden></button>
<input type="hidden" name="csrfToken" value="${csrfToken}">${plan.typed === undefined || !mayApprove ? undefined : nameField(plan.typed, texts)}
<div class="buttons">
<button type="submit" name="decision" value="decline" formnovalidate>${texts.decline}</button>${
    mayApprove ? html`<button type="submit" name="decision" value="approve">${texts.approve}</button>` : undefined
  }
</div>
<p class="deadline">${texts.deadline(deadline)}</p>
</form>`;
}

/** The browser checks the name before sending, so a typo does not use up the request. */
function nameField(name: string, texts: Texts): Markup {
  return html`<label for="typed">${texts.typeName} <code lang="${texts.lang}">${name}</code></label>
<input type="text" id="typed" name="typed" required pattern="${patternOf(name)}"
autocomplete="off" autocapitalize="none" autocorrect="off" spellcheck="false" aria-describedby="typed-hint">
<p class="mismatch" role="alert">${texts.typeMismatch}</p>
<p class="hint" id="typed-hint">${texts.typeHint}</p>`;
}

// Browsers compile patterns with the `v` flag, which forbids escaping anything else.
function patternOf(name: string): string {
  return `\\s*${name.replace(/[\\^$.*+?()[\]{}|/]/g, "\\$&")}\\s*`;
}

const icons = {
  shield: html`<svg viewBox="0 0 24 24" aria-hidden="true"><path d="M12 3 5 6v5c0 4.5 2.9 8.4 7 10 4.1-1.6 7-5.5 7-10V6z"/><path d="m9 12 2 2 4-4"/></svg>`,
  warning: html`<svg viewBox="0 0 24 24" aria-hidden="true"><path d="M12 4 2.5 20h19z"/><path d="M12 10v4.5M12 17.5v.01"/></svg>`,
  tick: html`<svg viewBox="0 0 24 24" aria-hidden="true"><circle cx="12" cy="12" r="9"/><path d="m8 12 3 3 5-6"/></svg>`,
  cross: html`<svg viewBox="0 0 24 24" aria-hidden="true"><circle cx="12" cy="12" r="9"/><path d="m9 9 6 6m0-6-6 6"/></svg>`,
  clock: html`<svg viewBox="0 0 24 24" aria-hidden="true"><circle cx="12" cy="12" r="9"/><path d="M12 7v5l3 2"/></svg>`,
};

const noticeStyles: Readonly<Record<Notice, { icon: keyof typeof icons; tone: "good" | "bad" | "plain" }>> = {
  approved: { icon: "tick", tone: "good" },
  declined: { icon: "cross", tone: "plain" },
  "wrong name": { icon: "cross", tone: "bad" },
  gone: { icon: "clock", tone: "plain" },
  expired: { icon: "clock", tone: "plain" },
  unknown: { icon: "cross", tone: "plain" },
  outdated: { icon: "cross", tone: "bad" },
};
