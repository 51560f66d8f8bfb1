import { mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it } from "vitest";
import { startTeamServer } from "../support/team-server.js";

it.each(["docs/team-server.md", "docs/zh-CN/team-server.md"])("the files in %s go together", async (page) => {
  const folder = mkdtempSync(join(tmpdir(), "cc-examples-"));
  const examples = [...readFileSync(page, "utf8").matchAll(/```yaml\n([\s\S]*?)```/g)].map(([, text = ""]) => text);
  const file = (member: string) => {
    const path = join(folder, `${member}.yaml`);
    writeFileSync(path, examples.find((text) => text.startsWith(`${member}:`)) ?? "");
    return path;
  };
  const [accounts, rules] = [file("accounts"), file("people")];
  const issuer = ["--issuer", "https://login.example.com/realms/ops"];
  const server = await startTeamServer(["--sandbox", "--accounts", accounts, "--rules", rules, ...issuer]);
  expect(await server.end()).toBe(0);
});
