import { basename, sep } from "node:path";

/** How the program was started; its own package has no command on the path unless it was installed. */
export interface ProgramStart {
  /** The script that runs, as it was named to Node. */
  readonly script: string | undefined;
}

const programName = "cloudcert-mcp";

/** A command of this program, as a person of this computer can run it: the way this process was started. */
export function programCommand(command: string, { script = "" }: ProgramStart = { script: process.argv[1] }): string {
  const parts = script.split(sep);
  // npx runs what it has downloaded to a folder of this name.
  if (parts.includes("_npx")) return `npx -y ${programName} ${command}`;
  if (basename(script) !== "cli.js") return `${programName} ${command}`;
  return `node ${/^[\w./:@\\+-]+$/.test(script) ? script : `"${script}"`} ${command}`;
}
