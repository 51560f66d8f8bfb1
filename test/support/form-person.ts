import { setTimeout } from "node:timers/promises";
import { type Person, READING_TIME } from "./assistant.js";

/** A person at the client's form who answers when the test says so. */
export class FormPerson {
  readonly messages: string[] = [];
  readonly #answers: ((approve: boolean) => void)[] = [];
  #asked: (() => void)[] = [];

  readonly person: Person = ({ message }) => {
    this.messages.push(message);
    for (const listener of this.#asked.splice(0)) listener();
    return new Promise((resolve) => {
      const confirm = /^To approve, type (.+)\.$/m.exec(message)?.[1];
      this.#answers.push((approve) => resolve({ action: "accept", content: { approve, confirm: confirm ?? "" } }));
    });
  };

  /** Resolves when that many questions have been put, and there was time to read them. */
  async hasBeenAsked(times: number): Promise<void> {
    while (this.messages.length < times) await new Promise<void>((resolve) => this.#asked.push(resolve));
    await setTimeout(READING_TIME);
  }

  answer(which: number, approve: boolean): void {
    this.#answers[which]?.(approve);
  }
}
