import { callsASecond } from "./calls.js";
import type { Row } from "./row.js";
import { tableOf } from "./row.js";
import { signing } from "./signing.js";

const parts: Readonly<Record<string, () => Promise<Row[]>>> = { signing, calls: callsASecond };
const chosen = process.argv.slice(2).filter((arg) => !arg.startsWith("-"));
const rows: Row[] = [];
for (const [name, part] of Object.entries(parts)) {
  if (chosen.length === 0 || chosen.includes(name)) rows.push(...(await part()));
}
process.stdout.write(`${tableOf(rows)}\n`);
