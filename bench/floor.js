// Answers `initialize` and `tools/list` with the lines of the file given as argument, and does nothing else: this is
// what Node alone takes to start and write these bytes.
import { readFileSync } from "node:fs";
import { createInterface } from "node:readline";

const lines = JSON.parse(readFileSync(process.argv[2], "utf8"));
createInterface({ input: process.stdin }).on("line", (line) => {
  const answer = lines[JSON.parse(line).method];
  if (answer !== undefined) process.stdout.write(`${answer}\n`);
});
