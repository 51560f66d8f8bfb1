import { mkdirSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { cli } from "../support/assistant.js";

/** The path of a file that comes with the program. */
export const integration = (path: string) => fileURLToPath(new URL(`../../integrations/${path}`, import.meta.url));

/** A directory with the program and its hook under the names that npm gives them. */
export function programsIn(folder: string): string {
  const programs = join(folder, "bin");
  mkdirSync(programs);
  symlinkSync(cli, join(programs, "cloudcert-mcp"));
  symlinkSync(integration("deploy-hook.sh"), join(programs, "cloudcert-deploy-hook"));
  return programs;
}
