import { randomUUID } from "node:crypto";
import { messageOf } from "../lib/failure.js";
import { withoutPersonalData } from "../lib/personal-data.js";
import type { NotifyEvent } from "./event.js";
import { type MessageContext, notifyMessageOf } from "./message.js";
import type { Outbox, OutboxOptions } from "./outbox.js";

export interface NotifierOptions extends Pick<OutboxOptions, "now" | "log">, Omit<MessageContext, "guard"> {
  /** Masks every known secret. */
  readonly redact: (text: string) => string;
}

/** Puts the events of one account into words, for every receiver. */
export class Notifier {
  readonly #outboxes: readonly Pick<Outbox, "add">[];
  readonly #options: NotifierOptions;

  constructor(outboxes: readonly Pick<Outbox, "add">[], options: NotifierOptions) {
    this.#outboxes = outboxes;
    this.#options = options;
  }

  /** Returns at once and never throws: nothing depends on notifications. */
  readonly notify = (event: NotifyEvent): void => {
    if (this.#outboxes.length === 0) return;
    const { now, redact, log } = this.#options;
    try {
      const guard = (text: string) => withoutPersonalData(redact(text));
      const message = notifyMessageOf(event, `msg_${randomUUID()}`, now(), { ...this.#options, guard });
      for (const outbox of this.#outboxes) outbox.add(message);
    } catch (error) {
      log(`notify: ${event.type} could not be put in words: ${messageOf(error)}. Nothing else is affected.`);
    }
  };
}
