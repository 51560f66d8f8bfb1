import { escapeHtml, escapeInvisibleLines } from "../../lib/invisible.js";

/** HTML that is safe to send: written in this program or escaped. */
export class Markup {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }
}

type Content = string | Markup | readonly Markup[] | undefined;

/** Builds HTML from a template: inserted text is escaped, `undefined` becomes nothing. */
export function html(parts: TemplateStringsArray, ...contents: readonly Content[]): Markup {
  return new Markup(parts.map((part, index) => part + render(contents[index])).join(""));
}

function render(content: Content): string {
  if (content === undefined) return "";
  // Safe as element content and in quoted attributes, and with misleading characters visible.
  if (typeof content === "string") return escapeHtml(escapeInvisibleLines(content));
  return content instanceof Markup ? content.text : content.map(({ text }) => text).join("");
}

/** Longest name kept in one piece; a longer one would leave gaps. */
const ONE_PIECE = 24;

/** Text whose ids and domain names do not break at hyphens, so they can be compared. */
export function prose(text: string): Markup {
  return html`${text.split(/(\s+)/).map((word) => (/\S[-.:/]\S/.test(word) ? name(word) : html`${word}`))}`;
}

function name(word: string): Markup {
  const pieces = word.length > ONE_PIECE ? word.split(/(?<=[.:/])/) : [word];
  return html`${pieces.map((piece) => html`<span class="word">${piece}</span>`)}`;
}
