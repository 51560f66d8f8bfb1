// Copies the packages of the team's server, with all that they need, as package-lock.json has them:
// node scripts/copy-peers.js FOLDER. npm leaves out optional peers, and installs no part of a lock file.
import { execFileSync } from "node:child_process";
import { cpSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const [to] = process.argv.slice(2);
if (to === undefined) throw new Error("name the folder to copy to");
const root = fileURLToPath(new URL("..", import.meta.url));
const { peerDependencies } = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
const peers = `:is(${Object.keys(peerDependencies).map((name) => `[name="${name}"]`)})`;
const found = execFileSync("npm", ["query", "--package-lock-only", `${peers}, ${peers} *`], {
  cwd: root,
  encoding: "utf8",
});
for (const { location } of JSON.parse(found)) cpSync(join(root, location), join(to, location), { recursive: true });
