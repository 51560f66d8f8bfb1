import type { TimeSource } from "../../src/lib/time-source.js";
import { callOnce } from "../../src/unattended/call.js";
import type { Standing } from "./approvals.js";
import { openProgram, Person } from "./program.js";
import type { QuestionPut, RunSettings } from "./run.js";

const dayIn = (ms: number) => new Intl.DateTimeFormat("en-CA", { dateStyle: "short" }).format(ms);

/** The person gives a standing approval for renewals of these domains, as an assistant proposes it. */
export async function give(
  { domains, until }: Standing,
  directory: string,
  settings: RunSettings,
  time: TimeSource,
  onQuestion: (put: QuestionPut) => void,
): Promise<void> {
  const program = await openProgram(settings, time, () => {}, new Person(time.now, onQuestion));
  try {
    const tool = program.tools.get("propose_standing_approval");
    if (tool === undefined) throw new Error("standing approvals are not offered");
    const args = {
      domains: [...domains],
      services: ["tencent-edgeone", "alibaba-cdn", "alibaba-dcdn", "alibaba-vod", "huawei-live"],
      directories: [directory],
      from_store: true,
      least_gain_days: 1,
      uses_a_day: 100,
      uses: 5_000,
      first_day: dayIn(time.now().getTime()),
      last_day: dayIn(until - 1),
      grants: ["apply_free_certificate"],
    };
    const { outcome, error } = await callOnce(tool, args, program);
    if (outcome !== "done") throw new Error(`not given: ${error?.happened ?? outcome}`);
  } finally {
    await program.close();
  }
}
