import { type Assistant, saysYes, startAssistant } from "../support/assistant.js";
import { Workshop } from "./workshop.js";

/** A workshop, and a server on the sandbox that reads its files, before a person who approves. */
export class Desk {
  readonly made = new Workshop();
  /** What the person was shown. */
  readonly questions: string[] = [];
  #assistant: Assistant | undefined;

  get assistant(): Assistant {
    if (this.#assistant === undefined) throw new Error("the desk is not open yet");
    return this.#assistant;
  }

  /**
   * @param make fills the workshop
   * @param speed of the sandbox: changes of one domain in a row need one at which each is over before the next
   */
  async open(make: (made: Workshop) => void, speed = 600): Promise<void> {
    make(this.made);
    this.#assistant = await startAssistant(["--sandbox", "--sandbox-speed", `${speed}`, "--files", this.made.folder], {
      person: (question) => {
        this.questions.push(question.message);
        return saysYes?.(question) ?? { action: "cancel" };
      },
    });
  }

  async close(): Promise<void> {
    await this.#assistant?.close();
    this.made.close();
  }
}
