import { execFileSync } from "node:child_process";

/** Builds the program once before the tests, so that they never run a stale program. */
export default function build(): void {
  execFileSync("npm", ["run", "--silent", "build"], { stdio: "inherit" });
}
