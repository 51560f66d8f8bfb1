// Feeds INPUTS (1,000,000) damaged inputs in all to the decoders of JSON and PEM and to stdin's reader, and prints what
// was tried and how long the slowest took. The same SEED gives the same inputs.
//
//   npm run fuzz -- [INPUTS] [SEED]
import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";

const [inputs = "1000000", seed = String(Math.floor(Math.random() * 2 ** 31))] = process.argv.slice(2);
const vitest = fileURLToPath(new URL("../node_modules/vitest/vitest.mjs", import.meta.url));
const env = { ...process.env, FUZZ_INPUTS: inputs, FUZZ_SEED: seed };
const { status } = spawnSync(process.execPath, [vitest, "run", "test/fuzz", "--testTimeout=0"], {
  env,
  stdio: "inherit",
});
process.exit(status ?? 1);
