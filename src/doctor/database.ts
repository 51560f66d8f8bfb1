import { withPackages } from "../lib/optional-packages.js";
import { ToolError } from "../lib/tool-error.js";
import { type Check, failure, ok } from "./finding.js";

/** Whether the database that several servers share can be used; its tables are brought up to date by that. */
export const database: Check = {
  name: "database",
  run: async ({ database: access }) => {
    if (access === undefined) return [];
    const { databaseVersion } = await withPackages(() => import("../database/state.js"));
    try {
      return [ok(`PostgreSQL ${await databaseVersion(access.url)} answers, and its tables are up to date.`)];
    } catch (error) {
      if (!(error instanceof ToolError)) throw error;
      return [failure(`${error.details.happened} Every change is refused.`, error.details.next)];
    }
  },
};
