import { readFileSync } from "node:fs";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { codeIn, inTerminal } from "../approval/terminal/support.js";
import { cli } from "../support/assistant.js";
import { runCommand } from "../support/command.js";
import { Company, until } from "../support/company.js";
import { ofRows, rows } from "../support/width.js";
import { commandOf, lineOf } from "./support.js";

let company: Company;
beforeEach(async () => {
  company = await Company.open();
});
afterEach(() => company.close());

/** The arguments in the document, with a directory and a day that are good here. */
function documented(page: string) {
  const [, json = ""] = /run propose_standing_approval '(\{[\s\S]*?\})'/.exec(readFileSync(page, "utf8")) ?? [];
  const last = new Date(Date.now() + 90 * 86_400_000).toISOString().slice(0, 10);
  return json.replace("/etc/letsencrypt", company.home).replace(/\d{4}-\d\d-\d\d/, last);
}

describe("a standing approval without a client", () => {
  it.each(rows(["docs/unattended.md", "docs/zh-CN/unattended.md"], 1))("is given as %s says", ofRows, async (page) => {
    const env = { HOME: company.home, XDG_RUNTIME_DIR: company.home };
    const args = ["run", "propose_standing_approval", documented(page), "--approve", "terminal"];
    const command = commandOf(company, args, "", env);
    await until(async () => command.err().includes("cli.js approve") || command.child.exitCode !== null);
    const terminal = inTerminal(`${process.execPath} ${cli} approve`, env);
    await terminal.until("[Enter declines, ? for details] ");
    await terminal.answer("*.example.com\r");
    const code = await codeIn(terminal);
    await terminal.until("[Enter declines] ");
    await terminal.answer(`${code}\r`);
    const ended = await command.ended();
    expect(ended.code, ended.err).toBe(0);
    const id = lineOf(ended).result?.standing_approval;
    expect((await runCommand(["approvals", "list"], env)).out).toContain(`${id} `);
  });
});
