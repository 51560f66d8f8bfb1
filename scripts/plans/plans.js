// Writes what a person is shown for plans that are hard to read, for every way of asking and every language, for review
// by somebody who does not know what they do: npm run plans -- DIRECTORY [NAME…]. Uses the built server on its sandbox;
// ids and dates differ between runs.
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { cases } from "./cases.js";
import { Desk } from "./desk.js";

const [directory, ...names] = process.argv.slice(2);
if (directory === undefined) {
  process.stderr.write("Usage: npm run plans -- DIRECTORY [NAME…]\n");
  process.exit(2);
}
const chosen = cases.filter(({ name }) => names.length === 0 || names.includes(name));
for (const [index, { name, make }] of chosen.entries()) {
  const folder = join(directory, `${String(index + 1).padStart(2, "0")}-${name}`);
  mkdirSync(folder, { recursive: true });
  for (const language of ["en", "zh-CN"]) {
    for (const byToken of [false, true]) {
      const desk = await Desk.open(language, byToken);
      try {
        const texts = await make(desk);
        for (const [way, text] of Object.entries(texts)) writeFileSync(join(folder, `${way}.${language}.txt`), text);
      } finally {
        await desk.close();
      }
    }
  }
  process.stdout.write(`${folder}\n`);
}
