import { simulateYear } from "./year.js";
const year = await simulateYear({ days: 13, domains: 8, seed: 5, onDay: (t) => process.stderr.write(`${t}\n`) });
console.log(year.requests.length);
