import { existsSync } from "node:fs";
import { type Browser, chromium } from "playwright-core";

/** Debian's browsers: the one without windows first, which needs a third of the processor's time for a page. */
const executablePath = ["/usr/bin/chromium-headless-shell", "/usr/bin/chromium"].find((path) => existsSync(path));

/** Why tests in a browser do not run here, if they do not. In CI they always do. */
export const skippedFor =
  executablePath === undefined && process.env.CI !== "true" ? "Chromium is not installed" : undefined;

const flags = ["no-sandbox", "disable-gpu", "disable-quic", "no-first-run", "disable-background-networking"];
const args = [...flags, "disable-component-update", "disable-sync"].map((flag) => `--${flag}`);

export async function launchChromium(): Promise<Browser> {
  if (executablePath === undefined) throw new Error("Chromium is not installed");
  return chromium.launch({ executablePath, args });
}
