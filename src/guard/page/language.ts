import { chinese, english, type Texts } from "./texts.js";

/** The texts in the language that the browser asks for: English or Simplified Chinese, English when in doubt. */
export function textsFor(acceptLanguage: string | undefined): Texts {
  const wanted = (acceptLanguage ?? "")
    .split(",")
    .map(parseRange)
    .filter(({ quality }) => quality > 0)
    .sort((a, b) => b.quality - a.quality);
  for (const { tag } of wanted) {
    // Browsers set to Traditional Chinese list plain "zh" behind it, if their owner reads that too.
    if (/^zh(-(cn|sg|my|hans(-.*)?))?$/.test(tag)) return chinese;
    if (/^en(-.*)?$/.test(tag)) return english;
  }
  return english;
}

function parseRange(range: string): { tag: string; quality: number } {
  const [tag = "", ...parameters] = range.split(";").map((part) => part.trim().toLowerCase());
  const quality = parameters.find((parameter) => parameter.startsWith("q="))?.slice(2);
  return { tag, quality: quality === undefined ? 1 : Number(quality) || 0 };
}
