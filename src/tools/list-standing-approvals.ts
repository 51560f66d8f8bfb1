import { struct } from "../catalogue/params.js";
import { array, members } from "../catalogue/results.js";
import { dayFor } from "../lib/moment.js";
import { defineTool, thisComputerService } from "../pipeline/tool.js";
import { termLines } from "../standing-approvals/terms.js";

export const listStandingApprovals = defineTool({
  name: "list_standing_approvals",
  title: "List standing approvals",
  service: thisComputerService,
  summary: "What persons approved in advance: the bounds of each, its uses, and whether it is valid.",
  effect: "read",
  params: struct({}),
  result: members({ approvals: array(members({})) }),
  run: async (_params, { standingApprovals, now }) => {
    const approvals = (await standingApprovals.list()).map(({ id, state, why, terms, uses }) => ({
      standing_approval: id,
      state,
      ...(why && { why: String(why) }),
      ...(terms && {
        bounds: termLines(terms).map(([name, says]) => `${name}: ${says}`),
        used: uses.length,
        used_today: uses.filter(({ at }) => isToday(at, now(), terms.time_zone)).length,
      }),
    }));
    return { approvals, ...(approvals.length === 0 && { says: noneGiven }) };
  },
});

const noneGiven =
  "There is none: a person is asked about every change. propose_standing_approval asks a person to give one.";

const isToday = (at: Date, now: Date, timeZone: string) => dayFor(at, { timeZone }) === dayFor(now, { timeZone });
