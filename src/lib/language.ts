import type { EnvironmentVariables } from "./environment.js";
import { isTimeZone, type Zoned } from "./moment.js";
import type { Redact } from "./redacted-start.js";

/* The person's language and time zone, from the environment. */

export const languages = ["en", "zh-CN"] as const;
export type Language = (typeof languages)[number];

/** Who reads a text. */
export interface Reader extends Zoned {
  readonly language: Language;
  /** Is applied to texts by others before they are cut; absent if whoever renders the text has no secrets to mask. */
  readonly redact?: Redact;
}

/** Records, logs and models get English and UTC. */
export const forTheRecord: Reader = { language: "en" };

/** The language of this environment; the system's if the environment sets none. */
function languageOf({ LC_ALL, LC_MESSAGES, LANG }: EnvironmentVariables): Language {
  // "zh_CN.UTF-8", "zh_CN@pinyin"; C and POSIX are English.
  const [name = ""] = (LC_ALL || LC_MESSAGES || LANG || system().locale).split(/[.@]/);
  return languageNamed(name) ?? "en";
}

const system = () => Intl.DateTimeFormat().resolvedOptions();

/**
 * The time zone of this computer; UTC where `TZ` names none: Node.js then has a name that it does not take itself
 * (Etc/Unknown, of `TZ=""`), or nothing in spite of its type (`TZ=CST-8`).
 */
export function localTimeZone(): string {
  const { timeZone = "" } = system();
  return isTimeZone(timeZone) ? timeZone : "UTC";
}

/**
 * The reader at this process; the language is `chosen` by a setting, else by the environment. Both are found out when a
 * text is written: Node.js loads its locales then, and most calls write none.
 */
export function readerIn(env: EnvironmentVariables, chosen?: Language): Reader {
  return {
    get language() {
      return chosen ?? languageOf(env);
    },
    get timeZone() {
      return localTimeZone();
    },
  };
}

/** The language that a browser asks for in `Accept-Language`: English if in doubt. */
export function languageAccepted(header: string | undefined): Language {
  const wanted = (header ?? "")
    .split(",")
    .map(parseRange)
    .filter(({ quality }) => quality > 0)
    .sort((a, b) => b.quality - a.quality);
  return wanted.map(({ tag }) => languageNamed(tag)).find((known) => known !== undefined) ?? "en";
}

/** Only Simplified Chinese: readers of Traditional Chinese list plain "zh" after it if they read that too. */
function languageNamed(name: string): Language | undefined {
  const tag = name.replaceAll("_", "-").toLowerCase();
  if (/^zh(-(cn|sg|my|hans(-.*)?))?$/.test(tag)) return "zh-CN";
  return /^en(-.*)?$/.test(tag) ? "en" : undefined;
}

function parseRange(range: string): { tag: string; quality: number } {
  const [tag = "", ...parameters] = range.split(";").map((part) => part.trim().toLowerCase());
  const quality = parameters.find((parameter) => parameter.startsWith("q="))?.slice(2);
  return { tag, quality: quality === undefined ? 1 : Number(quality) || 0 };
}
