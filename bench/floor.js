// Answers `initialize` and `tools/list` with the lines in the file that is named as its argument, and knows nothing else:
// what Node itself takes to start and to write these bytes.
import { readFileSync } from "node:fs";
import { createInterface } from "node:readline";

const lines = JSON.parse(readFileSync(process.argv[2], "utf8"));
createInterface({ input: process.stdin }).on("line", (line) => {
  const answer = lines[JSON.parse(line).method];
  if (answer !== undefined) process.stdout.write(`${answer}\n`);
});
