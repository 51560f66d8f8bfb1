import type { ChildProcess } from "node:child_process";
import { once } from "node:events";
import { setTimeout } from "node:timers/promises";
import open from "open";

/** A failing opener fails at once; a working one may run as long as the browser. In milliseconds. */
const FAILS_WITHIN = 2000;

/** Opens a link in the person's browser. Resolves to false if there is no way to. */
export async function openInBrowser(url: string): Promise<boolean> {
  if (!hasScreen(process.platform, process.env)) return false;
  try {
    return !(await hasFailed(await open(url)));
  } catch {
    return false;
  }
}

/** Whether anyone would see a browser started here. */
export function hasScreen(platform: NodeJS.Platform, env: Readonly<NodeJS.ProcessEnv>): boolean {
  if (env.CI) return false;
  if (platform === "win32" || platform === "darwin") return true;
  // Remote editors set BROWSER to pass links to the machine with the screen; WSL uses the Windows screen.
  return [env.DISPLAY, env.WAYLAND_DISPLAY, env.BROWSER, env.WSL_DISTRO_NAME].some(Boolean);
}

async function hasFailed(opener: ChildProcess): Promise<boolean> {
  if (opener.exitCode === null) {
    await Promise.race([once(opener, "exit"), setTimeout(FAILS_WITHIN, undefined, { ref: false })]);
  }
  return opener.exitCode !== null && opener.exitCode !== 0;
}
