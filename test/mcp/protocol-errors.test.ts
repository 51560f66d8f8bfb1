import { expect, it } from "vitest";
import { noSuchTool } from "../../src/mcp/protocol-errors.js";

it.each([
  "find_certificate",
  "mcp__cloudcert__find_certificates",
  "cloudcert:find_certificates",
  "functions.find_certificates",
  "default_api:cloudcert.find_certificates",
])("a tool that does not exist, with the name that is meant: %s", (name) => {
  const { message } = noSuchTool(name, [{ name: "list_jobs" }, { name: "find_certificates" }]);
  expect(message).toContain(`There is no tool "${name}", did you mean find_certificates?`);
});
