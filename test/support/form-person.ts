import { setTimeout } from "node:timers/promises";
import { accepting, type Person, READING_TIME } from "./assistant.js";

/** A person at the client's form who answers when the test says so. */
export class FormPerson {
  readonly messages: string[] = [];
  readonly #answers: ((approve: boolean) => void)[] = [];
  #asked: (() => void)[] = [];

  readonly person: Person = (question) => {
    this.messages.push(question.message);
    for (const listener of this.#asked.splice(0)) listener();
    return new Promise((resolve) => {
      const { action, content } = accepting(question);
      this.#answers.push((approve) => resolve({ action, content: { ...content, approve } }));
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
