import type { Channel } from "../approval/channel.js";
import type { Plan } from "../approval/plan.js";
import type { ApprovalRequest } from "../approval/request.js";
import type { Language } from "../lib/language.js";

/** Asks nobody and keeps the plan that a person would have been shown, to be told instead. */
export class PlanKeeper implements Channel {
  readonly name = "nobody";
  readonly #language: Language;
  #plan: Plan | undefined;

  constructor(language: Language) {
    this.#language = language;
  }

  /** The last plan since it was last taken. */
  take(): Plan | undefined {
    const plan = this.#plan;
    this.#plan = undefined;
    return plan;
  }

  async present(request: ApprovalRequest): Promise<boolean> {
    this.#plan = request.planIn(this.#language);
    return false;
  }

  async close(): Promise<void> {}
}
