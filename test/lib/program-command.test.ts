import { mkdirSync, mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { programCommand } from "../../src/lib/program-command.js";

it.each([
  ["/usr/local/bin/cloudcert-mcp", "cloudcert-mcp approve"],
  ["/home/ann/.npm/_npx/0a1b2c/node_modules/.bin/cloudcert-mcp", "npx -y cloudcert-mcp approve"],
  ["/home/ann/.npm/_npx/0a1b2c/node_modules/cloudcert-mcp/dist/cli.js", "npx -y cloudcert-mcp approve"],
  ["/home/ann/shop/node_modules/.bin/cloudcert-mcp", "/home/ann/shop/node_modules/.bin/cloudcert-mcp approve"],
  ["/home/ann/my shop/node_modules/.bin/cloudcert-mcp", "'/home/ann/my shop/node_modules/.bin/cloudcert-mcp' approve"],
  [
    "/home/ann/shop/node_modules/cloudcert-mcp/dist/cli.js",
    "node /home/ann/shop/node_modules/cloudcert-mcp/dist/cli.js approve",
  ],
  [
    "/home/ann/Claude Extensions/cloudcert/start.js",
    "node '/home/ann/Claude Extensions/cloudcert/dist/cli.js' approve",
  ],
  ["/opt/cloudcert-mcp/dist/cli.js", "node /opt/cloudcert-mcp/dist/cli.js approve"],
  ["/home/ann/my tools/dist/cli.js", "node '/home/ann/my tools/dist/cli.js' approve"],
  ['/home/a"b/$(x)/dist/cli.js', "node '/home/a\"b/$(x)/dist/cli.js' approve"],
  ["/home/ann's/a\\b/dist/cli.js", "node '/home/ann'\\''s/a\\b/dist/cli.js' approve"],
  [undefined, "cloudcert-mcp approve"],
])("a command is named as the program was started: %s", (script, command) => {
  expect(programCommand("approve", { script })).toBe(command);
});

describe("of what npx was told to run, as it notes it", () => {
  it.each([
    ["a pinned version is kept", { _npx: { packages: ["cloudcert-mcp@0.1.0"] } }, "npx -y cloudcert-mcp@0.1.0 approve"],
    ["a range is quoted", { _npx: { packages: ["cloudcert-mcp@>=0.1"] } }, "npx -y 'cloudcert-mcp@>=0.1' approve"],
    ["none was named", { _npx: { packages: ["cloudcert-mcp"] } }, "npx -y cloudcert-mcp approve"],
    ["nothing is noted", { dependencies: {} }, "npx -y cloudcert-mcp approve"],
  ])("%s", (_, manifest, command) => {
    const folder = join(mkdtempSync(join(tmpdir(), "cc-npx-")), "_npx", "0a1b2c");
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, "package.json"), JSON.stringify(manifest));
    const script = join(folder, "node_modules", ".bin", "cloudcert-mcp");
    expect(programCommand("approve", { script })).toBe(command);
  });
});
