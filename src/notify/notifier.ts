import { randomUUID } from "node:crypto";
import { messageOf } from "../lib/failure.js";
import { withoutPersonalData } from "../lib/personal-data.js";
import type { Notify } from "./event.js";
import { type MessageContext, notifyMessageOf } from "./message.js";
import type { Outbox, OutboxOptions } from "./outbox.js";

export interface NotifierOptions extends Pick<OutboxOptions, "now" | "log">, Omit<MessageContext, "guard"> {
  /** Masks every known secret. */
  readonly redact: (text: string) => string;
}

/** Puts the events of one account into words, for every receiver. */
export function notifierTo(
  outboxes: readonly Pick<Outbox, "add">[],
  { now, redact, log, ...about }: NotifierOptions,
): Notify {
  const context = { ...about, guard: (text: string) => withoutPersonalData(redact(text)) };
  return (event) => {
    if (outboxes.length === 0) return;
    try {
      const message = notifyMessageOf(event, `msg_${randomUUID()}`, now(), context);
      for (const outbox of outboxes) outbox.add(message);
    } catch (error) {
      log(`notify: ${event.type} could not be put in words: ${messageOf(error)}. Nothing else is affected.`);
    }
  };
}
