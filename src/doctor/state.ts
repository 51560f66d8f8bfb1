import { dirname } from "node:path";
import { withPackages } from "../lib/optional-packages.js";
import { ToolError } from "../lib/tool-error.js";
import { auditPath } from "../setup/approval.js";
import { type Check, failure, ok } from "./finding.js";
import { canBeMade, may, stateOf } from "./path-state.js";

/** As strict as the log itself: if the log refuses the path, no change is carried out. */
export const auditLog: Check = {
  name: "audit log",
  run: async ({ configuration, database }) => {
    if (database !== undefined) return [];
    const path = auditPath(configuration);
    const found = await stateOf(path);
    const refused = (what: string, next: string) => [failure(`${path} ${what}: every change is refused.`, next)];
    if (found === undefined) {
      if (await canBeMade(dirname(path))) return [ok(`${path} is made with the first change.`)];
      return refused("cannot be made", "Make its directory writable to you, or name another place with --audit-log.");
    }
    if (found.kind !== "file") return refused("is not a plain file", "Name another place with --audit-log.");
    if (found.others !== 0) return refused("is open to other users", `Run chmod 600 ${path}`);
    if (await may(path, "write")) return [ok(`${path} can be written.`)];
    return refused("cannot be written", "Make it writable to you, or name another place with --audit-log.");
  },
};

export const stateDirectory: Check = {
  name: "state directory",
  run: async ({ jobs: folder, database }) => {
    if (database !== undefined) return [];
    if (await canBeMade(folder)) return [ok(`${folder} can be written.`)];
    return [
      failure(
        `${folder} cannot be written: no deployment can be carried out.`,
        "Make it writable to you, or name another place with --jobs.",
      ),
    ];
  },
};

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
