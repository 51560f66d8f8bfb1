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
    return !(await hasFailed(await withoutSecrets(() => open(url))));
  } catch {
    return false;
  }
}

/**
 * What an opener and the browser need: where programs and the person's files are, the screen, the session and the
 * language. The rest of the environment may hold every credential that this program has.
 */
const passedOn = [
  /^(?:PATH|HOME|USER|LOGNAME|SHELL|TZ|TMPDIR|TEMP|TMP|LANG|LANGUAGE|LC_\w+)$/,
  /^(?:DISPLAY|XAUTHORITY|WAYLAND_\w+|XDG_\w+|DBUS_SESSION_BUS_ADDRESS|DESKTOP_SESSION|GNOME_DESKTOP_SESSION_ID|KDE_FULL_SESSION|KDE_SESSION_VERSION)$/,
  // A remote editor's way to the machine with the screen.
  /^(?:BROWSER|VSCODE_IPC_HOOK_CLI|SSH_CONNECTION|SSH_CLIENT|SSH_TTY|WSL_DISTRO_NAME|WSL_INTEROP|WSLENV)$/,
  // Windows does not tell letter cases apart.
  /^(?:SYSTEMROOT|WINDIR|SYSTEMDRIVE|COMSPEC|PATHEXT|USERNAME|USERPROFILE|HOMEDRIVE|HOMEPATH|APPDATA|LOCALAPPDATA|PROGRAMDATA|ALLUSERSPROFILE|PUBLIC|PROGRAMFILES(?:\(X86\))?|PROGRAMW6432|COMMONPROGRAMFILES(?:\(X86\))?)$/i,
  // Not for the browser: other parts of this program may read them meanwhile.
  /^(?:NODE_EXTRA_CA_CERTS|NO_COLOR)$/,
];

let opening: Promise<unknown> = Promise.resolve();

/**
 * Starts an opener without secrets in its environment. The library passes on that of this process and takes no other,
 * so it is replaced until the opener runs; one after the other, so that it comes back.
 */
function withoutSecrets<Opener>(start: () => Promise<Opener>): Promise<Opener> {
  const started = opening.then(async () => {
    const whole = process.env;
    process.env = Object.fromEntries(
      Object.entries(whole).filter(([name]) => passedOn.some((pattern) => pattern.test(name))),
    );
    try {
      return await start();
    } finally {
      process.env = whole;
    }
  });
  opening = started.catch(() => {});
  return started;
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
