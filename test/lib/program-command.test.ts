import { expect, it } from "vitest";
import { programCommand } from "../../src/lib/program-command.js";

it.each([
  ["/usr/local/bin/cloudcert-mcp", "cloudcert-mcp approve"],
  ["/home/ann/.npm/_npx/0a1b2c/node_modules/.bin/cloudcert-mcp", "npx -y cloudcert-mcp approve"],
  ["/home/ann/.npm/_npx/0a1b2c/node_modules/cloudcert-mcp/dist/cli.js", "npx -y cloudcert-mcp approve"],
  ["/opt/cloudcert-mcp/dist/cli.js", "node /opt/cloudcert-mcp/dist/cli.js approve"],
  ["/home/ann/my tools/dist/cli.js", 'node "/home/ann/my tools/dist/cli.js" approve'],
  [undefined, "cloudcert-mcp approve"],
])("a command is named as the program was started: %s", (script, command) => {
  expect(programCommand("approve", { script })).toBe(command);
});
