import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { runCommand } from "../support/command.js";
import { ofRows, rows, wide } from "../support/width.js";

/** The commands of a shell with two accounts, each a sandbox of its own. */
const file = `accounts:
  shop:
    tencent: { secret_id: env:A, secret_key: env:B }
  blog:
    huawei: { access_key: env:A, secret_key: env:B, project_id: sandboxproject }
`;

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "accounts-"));
  writeFileSync(join(folder, "accounts.yaml"), file);
});
afterAll(() => rmSync(folder, { recursive: true }));

const run = (...args: string[]) =>
  runCommand([...args, "--sandbox", "--accounts", join(folder, "accounts.yaml")], { XDG_STATE_HOME: folder });

it("renew goes through all accounts, and tells of each by its name", wide, async () => {
  const { out, err } = await run("renew", "--dry-run");
  const told = out
    .trim()
    .split("\n")
    .map((line) => String(JSON.parse(line).account));
  expect(told).toEqual(["shop", "blog"]);
  expect(err.indexOf("Account shop.")).toBeLessThan(err.indexOf("Account blog."));
});

it("renew goes through the one that is named", wide, async () => {
  const { out } = await run("renew", "--dry-run", "--account", "blog");
  expect(
    out
      .trim()
      .split("\n")
      .map((line) => String(JSON.parse(line).account)),
  ).toEqual(["blog"]);
});

it("run works with the account that is named, and needs the name", wide, async () => {
  const unnamed = await run("run", "find_certificates");
  expect(unnamed).toMatchObject({ code: 2, out: "" });
  expect(unnamed.err).toContain("choose one with --account: shop, blog");
  const named = await run("run", "find_certificates", "--account", "blog");
  expect(named.code).toBe(0);
  expect(named.out).toContain("huawei-live");
  expect(named.out).not.toContain("tencent-edgeone");
});

it("doctor examines each, or the one that is named", wide, async () => {
  const all = JSON.parse((await run("doctor", "--json")).out);
  expect(all.accounts.map(({ account }: { account: string }) => account)).toEqual(["shop", "blog"]);
  expect(JSON.parse((await run("doctor", "--json", "--account", "shop")).out)).toMatchObject({ account: "shop" });
});

it("report is about one account", wide, async () => {
  const path = join(folder, "report.html");
  expect((await run("report", "--out", path)).code).toBe(2);
  expect((await run("report", "--out", path, "--account", "shop")).code).toBe(0);
});

it.each(
  rows(
    [
      ["run", "find_certificates"],
      ["approvals", "list"],
      ["evidence", "0123abcd"],
    ],
    1,
  ),
)("an account that is not there is a wrong setting: %s", ofRows, async (...args) => {
  const { code, err } = await run(...args, "--account", "nonesuch");
  expect([code, err]).toEqual([2, "cloudcert-mcp: there is no account nonesuch; there are shop, blog\n"]);
});

it("evidence is about one account's job", wide, async () => {
  const { code, err } = await run("evidence", "0123abcd");
  expect([code, err]).toEqual([2, "cloudcert-mcp: choose one with --account: shop, blog\n"]);
});

it("standing approvals are listed, shown and revoked in every account, or in the one that is named", async () => {
  expect((await run("approvals", "list")).out).toBe("There are no standing approvals.\n");
  const terms = join(folder, "cloudcert-mcp", "audit-sandbox-standing-approvals", "accounts", "blog");
  mkdirSync(terms, { recursive: true });
  writeFileSync(join(terms, "sa-abcd1234.json"), "{}");
  const line = /^Account blog: Standing approval sa-abcd1234 /;
  expect((await run("approvals", "list")).out).toMatch(line);
  expect((await run("approvals", "list", "--account", "blog")).out).toMatch(line);
  expect((await run("approvals", "list", "--account", "shop")).out).toBe(
    "There are no standing approvals in account shop.\n",
  );
  expect((await run("approvals", "show", "sa-abcd1234")).out).toMatch(line);
  expect((await run("approvals", "revoke", "sa-abcd1234")).out).toContain("was revoked");
});
