import { readFileSync } from "node:fs";
import { basename, join, sep } from "node:path";
import { z } from "zod";

/** How the program was started; its own package has no command on the path unless it was installed. */
export interface ProgramStart {
  /** The script that runs, as it was named to Node. */
  readonly script: string | undefined;
}

const programName = "cloudcert-mcp";

/** A command of this program, as a person of this computer can run it: the way this process was started. */
export function programCommand(command: string, start: ProgramStart = { script: process.argv[1] }): string {
  return `${invocation(start)} ${command}`;
}

function invocation({ script = "" }: ProgramStart): string {
  const folders = script.split(sep);
  // npx runs what it has downloaded to a folder below one of this name.
  const cache = folders.indexOf("_npx");
  if (cache >= 0) return `npx -y ${npxPackage(folders.slice(0, cache + 2).join(sep))}`;
  const name = basename(script);
  // A host of MCPB starts a file of ours beside the program's folder.
  if (name === "start.js") return `node ${quotedForShell(join(script, "..", "dist", "cli.js"))}`;
  if (name === "cli.js") return `node ${quotedForShell(script)}`;
  // What a project has installed for itself is on nobody's path.
  return name === programName && folders.includes("node_modules") ? quotedForShell(script) : programName;
}

const npxManifest = z.object({ _npx: z.object({ packages: z.tuple([z.string()]) }) });

/** As npx was told to run it: with the version, if one was pinned. It notes that beside what it has downloaded. */
function npxPackage(folder: string): string {
  try {
    const [given] = npxManifest.parse(JSON.parse(readFileSync(join(folder, "package.json"), "utf8")))._npx.packages;
    if (given.startsWith(`${programName}@`)) return quotedForShell(given);
  } catch {
    // Older versions of npx note nothing.
  }
  return programName;
}

const isWindows = process.platform === "win32";
const plain = isWindows ? /^[\w./:@\\+-]+$/ : /^[\w./:@+-]+$/;

function quotedForShell(text: string): string {
  if (plain.test(text)) return text;
  // No path of Windows has a quotation mark.
  return isWindows ? `"${text}"` : `'${text.replaceAll("'", "'\\''")}'`;
}
