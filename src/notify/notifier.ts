import { randomUUID } from "node:crypto";
import { withoutPersonalData } from "../catalogue/personal.js";
import { messageOf } from "../lib/failure.js";
import type { NotifyEvent } from "./event.js";
import { type MessageContext, notifyMessageOf } from "./message.js";
import { Outbox, type OutboxOptions } from "./outbox.js";
import type { Receiver } from "./receiver.js";

export interface NotifierOptions extends OutboxOptions, Omit<MessageContext, "guard"> {
  /** Masks every known secret. */
  readonly redact: (text: string) => string;
}

/** Sends events to every receiver, in the background. */
export class Notifier {
  readonly #outboxes: readonly Outbox[];
  readonly #options: NotifierOptions;

  constructor(receivers: readonly Receiver[], options: NotifierOptions) {
    this.#outboxes = receivers.map((receiver) => new Outbox(receiver, options));
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

  /** Allows waiting messages `ms` milliseconds to be sent; nothing is sent after that. */
  async close(ms: number): Promise<void> {
    const limit = this.#options.timeLimit(ms);
    await Promise.all(this.#outboxes.map((outbox) => outbox.close(limit)));
  }
}
