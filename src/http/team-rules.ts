import { type AccessRules, readOnlyRules } from "../access/rules.js";
import { ConfigurationError } from "../config/read.js";
import type { TeamConfiguration } from "../config/team-options.js";
import { messageOf } from "../lib/failure.js";
import { partition } from "../lib/lists.js";
import { withPackages } from "../lib/optional-packages.js";
import { isJob } from "../pipeline/tool.js";
import { ownTools } from "../tools/index.js";

/** Who may do what, as the operator wrote it. @throws {ConfigurationError} if the file is not as it should be */
export async function readRules(
  { rules: path, issuer, loginClient }: Pick<TeamConfiguration, "rules" | "issuer" | "loginClient">,
  accounts: readonly string[],
): Promise<AccessRules> {
  if (path === undefined) return readOnlyRules;
  // Rules are also about what changes something without being an operation of a cloud.
  const changing = ownTools.filter(({ effect }) => effect !== "read");
  const [jobs, ruled] = partition(changing, isJob);
  const { readRulesFile } = await withPackages(() => import("../access/rules-file.js"));
  try {
    const own = { jobs: jobs.map(({ name }) => name), ruled };
    return await readRulesFile(path, accounts, own, loginClient === undefined ? undefined : issuer);
  } catch (error) {
    throw new ConfigurationError(`--rules: ${messageOf(error)}`);
  }
}
