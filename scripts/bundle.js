// Makes the MCPB bundle: the content of the npm package, the manifest, and the entry point that hosts call.
//
//   npm run bundle -- [FILE]
import { execFileSync } from "node:child_process";
import { copyFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { packExtension } from "@anthropic-ai/mcpb";

const root = fileURLToPath(new URL("..", import.meta.url));
const [file = join(root, "cloudcert-mcp.mcpb")] = process.argv.slice(2);
const work = mkdtempSync(join(tmpdir(), "cloudcert-bundle-"));
try {
  // Without its scripts: they would rebuild, perhaps under a running program.
  const packed = execFileSync("npm", ["pack", "--json", "--ignore-scripts", "--pack-destination", work], { cwd: root });
  execFileSync("tar", ["-xf", JSON.parse(packed.toString())[0].filename], { cwd: work });
  const stage = join(work, "package");
  // Hosts of bundles run the server; hooks and schedules are for shells.
  rmSync(join(stage, "integrations"), { recursive: true });
  copyFileSync(join(root, "manifest.json"), join(stage, "manifest.json"));
  copyFileSync(join(root, "mcpb", "start.js"), join(stage, "start.js"));
  slim(join(stage, "package.json"));
  // Validates first.
  process.exitCode = (await packExtension({ extensionPath: stage, outputPath: file })) ? 0 : 1;
} finally {
  rmSync(work, { recursive: true, force: true });
}

/** The bundle is run, not developed. */
function slim(path) {
  const { scripts, devDependencies, ...rest } = JSON.parse(readFileSync(path, "utf8"));
  writeFileSync(path, `${JSON.stringify(rest, null, 2)}\n`);
}
