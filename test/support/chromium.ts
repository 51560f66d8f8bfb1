import { existsSync } from "node:fs";
import { type Browser, chromium } from "playwright-core";

/** Debian's browsers. The headless shell comes first: it needs a third of the processor time. */
const executablePath = ["/usr/bin/chromium-headless-shell", "/usr/bin/chromium"].find((path) => existsSync(path));

/** Why tests in a browser are skipped here; undefined if they run, as they always do in CI. */
export const skipReason =
  executablePath === undefined && process.env.CI !== "true" ? "Chromium is not installed" : undefined;

const flags = ["no-sandbox", "disable-gpu", "disable-quic", "no-first-run", "disable-background-networking"];
const args = [...flags, "disable-component-update", "disable-sync"].map((flag) => `--${flag}`);

async function launch(): Promise<Browser> {
  if (executablePath === undefined) throw new Error("Chromium is not installed");
  return chromium.launch({ executablePath, args });
}

let shared: Promise<Browser> | undefined;

/** The browser of all files that a worker runs, which each close their own contexts; it ends with the worker. */
export async function sharedChromium(): Promise<Browser> {
  shared ??= launch();
  const browser = await shared;
  if (browser.isConnected()) return browser;
  shared = launch();
  return shared;
}
