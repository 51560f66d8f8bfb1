import type { JsonObject } from "../lib/json.js";
import type { Reader } from "../lib/language.js";
import { capped, escapeInvisible, redactedText, SafeText, safe, verbatim } from "../lib/safe-text.js";
import type { NotifyEvent } from "./event.js";
import { eventLines, eventTitle } from "./texts.js";

/** A body stays below the 20 KB that receivers of webhooks usually expect. */
const MAX_LISTED = 40;
/** Longest name in the facts, in characters. */
const MAX_FACT_LENGTH = 253;

/** An event as receivers get it: rendered once, redacted, in the language of the person. */
export interface NotifyMessage {
  /** The same at every attempt. */
  readonly id: string;
  readonly type: NotifyEvent["type"];
  /** When it happened. */
  readonly at: Date;
  /** One line; begins with the program's name, which a chat can require as its keyword. */
  readonly title: string;
  readonly lines: readonly string[];
  /** An address of this server, which the operator set: the only text that may become a link. */
  readonly link?: string;
  /** The facts, with names in snake case. */
  readonly facts: JsonObject;
}

export interface MessageContext {
  readonly reader: Reader;
  /** Whether the clouds are the sandbox, which the message must say. */
  readonly sandbox: boolean;
  /** The operator's name of the account; absent where there is only one. */
  readonly account?: string | undefined;
  /** Masks secrets and personal data. */
  readonly guard: (text: string) => string;
}

/** Renders the event at once, because a plan drops its words once it is decided. */
export function notifyMessageOf(event: NotifyEvent, id: string, at: Date, context: MessageContext): NotifyMessage {
  const { sandbox, account } = context;
  const render = (text: SafeText) => shownText(text, context);
  const where = [
    ...(sandbox ? [safe`This is the sandbox: nothing real is touched.`] : []),
    ...(account === undefined ? [] : [safe`Account ${verbatim(account)}.`]),
  ];
  const { type, ...facts } = event;
  return {
    id,
    type,
    at,
    title: render(safe`cloudcert-mcp: ${eventTitle(event)}`),
    lines: [...where, ...eventLines(event)].map(render),
    ...(event.type === "plan.waits" && event.address !== undefined && { link: event.address }),
    facts: { ...factsFrom(facts, context), sandbox, ...(account !== undefined && { account }) },
  };
}

function factsFrom(given: object, context: MessageContext): Record<string, unknown> {
  const present = Object.entries(given).filter(([, value]) => value !== undefined);
  return Object.fromEntries(
    present.flatMap(([name, value]) => {
      const fact = [snakeCase(name), factFrom(value, context)] as const;
      const leftOut = Array.isArray(value) ? value.length - MAX_LISTED : 0;
      return leftOut > 0 ? [fact, [`${snakeCase(name)}_left_out`, leftOut] as const] : [fact];
    }),
  );
}

function factFrom(value: unknown, context: MessageContext): unknown {
  if (value instanceof SafeText) return shownText(value, context);
  if (typeof value === "string") return capped(shown(value, context), MAX_FACT_LENGTH);
  if (Array.isArray(value)) return value.slice(0, MAX_LISTED).map((each) => factFrom(each, context));
  return typeof value === "object" && value !== null ? factsFrom(value, context) : value;
}

/** Masked first, because secrets are recognized only unescaped; then on one line, with invisible characters escaped. */
const shown = (text: string, { guard }: MessageContext) => escapeInvisible(guard(text));

const shownText = (text: SafeText, context: MessageContext) =>
  escapeInvisible(redactedText(text, context.guard).for(context.reader));

const snakeCase = (name: string) => name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
