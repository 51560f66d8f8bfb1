import type { Channel } from "../approval/channel.js";
import type { Plan } from "../approval/plan.js";
import type { ApprovalRequest } from "../approval/request.js";
import { SafeText } from "../lib/escape-text.js";
import { type Language, languages } from "../lib/language.js";
import type { PlanWaits } from "../notify/event.js";
import { planWaits } from "../setup/approval.js";

/** A plan that nobody was asked about. */
export interface KeptPlan {
  readonly plan: Plan;
  /** The same, for notifications. */
  readonly waits: PlanWaits;
}

/** A copy of the text in each language: a request forgets its plan once it can no longer be decided. */
function lasting(text: SafeText): SafeText {
  const told = new Map(languages.map((language) => [language, text.for({ language })]));
  return new SafeText(({ language }) => told.get(language) ?? "");
}

/** A channel that asks nobody: it keeps the plan that a person would have been shown, to be printed instead. */
export class PlanKeeper implements Channel {
  readonly name = "nobody";
  readonly #language: Language;
  #kept: KeptPlan | undefined;

  constructor(language: Language) {
    this.#language = language;
  }

  /** The last plan since it was last taken. */
  take(): KeptPlan | undefined {
    const kept = this.#kept;
    this.#kept = undefined;
    return kept;
  }

  async present(request: ApprovalRequest): Promise<boolean> {
    // Nobody was asked, so there is no deadline to report.
    const { until: _, plan, ...waits } = planWaits(request);
    const { id, question, warnings } = plan;
    const told = { id, question: lasting(question), warnings: warnings.map(lasting) };
    this.#kept = { plan: request.planIn(this.#language), waits: { ...waits, plan: told } };
    return false;
  }

  async close(): Promise<void> {}
}
