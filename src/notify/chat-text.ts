import type { NotifyMessage } from "./message.js";

/*
 * The plain text of messages for a chat. No receiver gets markup, so names from certificates, tags and clouds stay
 * text, and the only link is this server's own.
 */

/**
 * Without characters that begin a tag or a link's scheme in any of the chats: `<at user_id="all">` (Feishu), `<@all>`
 * (WeCom), `<!channel>` (Slack), and `https://` by which clients make links. Their full-width forms read the same.
 */
function withoutMarkup(text: string): string {
  return text
    .replaceAll("<", "＜")
    .replaceAll(">", "＞")
    .replace(/:(?=\/\/)/g, "：");
}

/** The length of a text as its receiver counts it. */
export type Measure = (text: string) => number;

export const inBytes: Measure = (text) => Buffer.byteLength(text, "utf8");

/** Title, link and lines of each, with an empty line in between. The link comes early: what is too long is cut at its end. */
export function chatText(messages: readonly NotifyMessage[]): string {
  const textOf = ({ title, link, lines }: NotifyMessage) =>
    [withoutMarkup(title), ...(link === undefined ? [] : [link]), ...lines.map(withoutMarkup)].join("\n");
  return messages.map(textOf).join("\n\n");
}

/** How many of the waiting messages one text can hold: at least one, which is then cut. */
export function countFitting(waiting: readonly NotifyMessage[], most: number, measure: Measure): number {
  let count = 1;
  while (count < waiting.length && measure(chatText(waiting.slice(0, count + 1))) <= most) count += 1;
  return count;
}

const CUT = "…";

/** The start of a text, cut at a line's end if there is one, else between two characters. */
export function cutTo(text: string, most: number, measure: Measure): string {
  if (measure(text) <= most) return text;
  const lines = text.split("\n");
  while (lines.length > 1 && measure(`${lines.join("\n")}\n${CUT}`) > most) lines.pop();
  const kept = lines.join("\n");
  if (lines.length > 1 || measure(`${kept}\n${CUT}`) <= most) return `${kept}\n${CUT}`;
  const characters = [...kept];
  while (characters.length > 0 && measure(`${characters.join("")}${CUT}`) > most) characters.pop();
  return `${characters.join("")}${CUT}`;
}
