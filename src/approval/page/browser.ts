import type { ChildProcess } from "node:child_process";
import { once } from "node:events";
import { setTimeout } from "node:timers/promises";
import open from "open";

/** An opener that fails does so at once; one that works may run as long as the browser does. In milliseconds. */
const FAILS_WITHIN = 2000;

/** Opens a link in the person's browser. Resolves to false when there is no way to. */
export async function openInBrowser(url: string): Promise<boolean> {
  if (!hasScreen(process.platform, process.env)) return false;
  try {
    return !(await failed(await open(url)));
  } catch {
    return false;
  }
}

/** Whether a browser that is started here would be seen by anyone. */
export function hasScreen(platform: NodeJS.Platform, env: Readonly<NodeJS.ProcessEnv>): boolean {
  if (env.CI) return false;
  if (platform === "win32" || platform === "darwin") return true;
  // BROWSER is how remote editors pass a link on to the machine that has the screen; WSL has the one of Windows.
  return [env.DISPLAY, env.WAYLAND_DISPLAY, env.BROWSER, env.WSL_DISTRO_NAME].some(Boolean);
}

async function failed(opener: ChildProcess): Promise<boolean> {
  if (opener.exitCode === null) {
    await Promise.race([once(opener, "exit"), setTimeout(FAILS_WITHIN, undefined, { ref: false })]);
  }
  return opener.exitCode !== null && opener.exitCode !== 0;
}
