import { report, tellTargets } from "./deploy.js";
import type { Stage } from "./stage.js";
import { check, heading } from "./telling.js";

/** @returns the id of the rollback job */
export async function takeBack(deployment: string, { assistant, person }: Stage): Promise<string> {
  heading("Take it back: again one question");
  const before = person.questions.length;
  const back = await assistant.call("roll_back", { job: deployment, wait_seconds: 0 }, report);
  tellTargets(back);
  check("the person was asked once", person.questions.length === before + 1);
  return back.job;
}
