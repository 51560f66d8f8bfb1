import { execFileSync } from "node:child_process";
import type { TestProject } from "vitest/node";

/**
 * Builds the program once before the tests, so that they never run a stale program. Watch mode would: it runs tests again
 * without a build, and does not see that they load build/src (vitest.config.ts).
 */
export default function build({ globalConfig }: TestProject): void {
  if (globalConfig.watch)
    throw new Error("Watch mode would test the program as it was: only unit tests can be watched.");
  execFileSync("npm", ["run", "--silent", "build"], { stdio: "inherit" });
}
