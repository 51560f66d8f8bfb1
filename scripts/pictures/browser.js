import { existsSync } from "node:fs";
import { chromium } from "playwright-core";

/** Under the names that Debian gives them. */
const browsers = ["/usr/bin/chromium-headless-shell", "/usr/bin/chromium"];
const flags = ["no-sandbox", "disable-gpu", "disable-quic", "no-first-run", "disable-background-networking"];

export function launchBrowser() {
  const executablePath = browsers.find((path) => existsSync(path));
  if (executablePath === undefined) throw new Error(`None of these is installed: ${browsers.join(", ")}`);
  return chromium.launch({ executablePath, args: flags.map((flag) => `--${flag}`) });
}
