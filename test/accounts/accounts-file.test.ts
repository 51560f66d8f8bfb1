import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { readAccounts } from "../../src/accounts/account.js";

const folder = mkdtempSync(join(tmpdir(), "accounts-"));
afterAll(() => rmSync(folder, { recursive: true }));

function reading(text: string, env: Record<string, string> = {}) {
  const path = join(folder, "accounts.yaml");
  writeFileSync(path, text);
  return readAccounts(path, env, "intl");
}

const keys = "tencent: { secret_id: env:ID, secret_key: env:KEY }";
const role = (arn: string) =>
  `accounts: { shop: { tencent: { secret_id: env:ID, secret_key: env:KEY, role: { arn: "${arn}" } } } }`;

describe("an accounts file that is not as it should be says where", () => {
  it.each([
    ["no YAML", "accounts: [", /line \d+/],
    ["two documents", `accounts: { shop: { ${keys} } }\n---\naccounts: {}\n`, /line 2: a second document begins here/],
    ["no accounts", "accounts: {}", /accounts: names no account/],
    [
      "a misspelt member",
      `accounts: { shop: { tencnet: {} } }`,
      /accounts.shop: has a member that is not known here: tencnet/,
    ],
    ["a name with a slash", `accounts: { "a/b": { ${keys} } }`, /is a name of up to 32/],
    ["the name that means all", `accounts: { all: { ${keys} } }`, /stands for every account/],
    ["an account without keys", "accounts: { shop: {} }", /has no credentials for any cloud/],
    [
      "a secret itself",
      "accounts: { shop: { tencent: { secret_id: AKIDexample, secret_key: env:KEY } } }",
      /must be env:NAME or file:\/PATH/,
    ],
    [
      "a relative path",
      "accounts: { shop: { tencent: { secret_id: file:id, secret_key: env:KEY } } }",
      /must be env:NAME or file:\/PATH/,
    ],
    ["a role of another cloud", role("acs:ram::1:role/x"), /role.arn: is not qcs::cam/],
    [
      "an address that is not safe",
      `accounts: { shop: { ${keys}, endpoints: { tencent-ssl: "http://example.com" } } }`,
      /https, or http to a loopback/,
    ],
    [
      "an agency of nobody",
      "accounts: { shop: { huawei: { access_key: env:A, secret_key: env:B, agency: { name: x } } } }",
      /needs either domain_name or domain_id/,
    ],
  ])("%s", (_, text, says) => {
    expect(() => reading(text)).toThrow(says);
    // What was written where a reference belongs may be the secret.
    expect(() => reading(text)).not.toThrow("AKIDexample");
  });

  const written = "Hx7aB9kQ2mW5nZ8rT4vY6uC1";
  it.each([
    [
      "after a tag's mark",
      `accounts:\n  shop:\n    tencent:\n      secret_id: env:ID\n      secret_key: !${written}\n`,
      5,
    ],
    ["after a tag's mark, with more", `accounts:\n  shop: !${written} { ${keys} }\n`, 2],
    [
      "after an alias's mark",
      `accounts:\n  shop:\n    tencent:\n      secret_id: env:ID\n      secret_key: *${written}\n`,
      5,
    ],
    [
      "in place of a choice",
      `accounts:\n  shop:\n    tencent: { secret_id: env:ID, secret_key: env:KEY, site: ${written} }\n`,
      3,
    ],
    ["in place of a number", `accounts:\n  shop:\n    tencent: ${written}\n`, 3],
    ["as a name at the top", `${written}: x\naccounts: { shop: { ${keys} } }\n`, 1],
    ["as a name of an account", `accounts:\n  ${written}: { ${keys} }\n`, 2],
    ["as a name of a member", `accounts:\n  shop:\n    ${written}: { ${keys} }\n`, 3],
    [
      "as a name of an address",
      `accounts:\n  shop: { ${keys}, endpoints: { ${written}: "https://example.com" } }\n`,
      2,
    ],
    ["as the name of a member that is there twice", `accounts:\n  ${written}: {}\n  ${written}: {}\n`, 3],
    ["without a bracket", `accounts: { shop: { ${written}`, 1],
    ["after a directive's mark", `%${written}\n---\naccounts: { shop: { ${keys} } }\n`, 1],
    ["as an escape", `accounts: "\\${written}"\n`, 1],
    ["after text in quotation marks", `accounts: ""${written}\n`, 1],
    ["as a key that is a list", `accounts:\n  ? [${written}]\n  : x\n`, 2],
  ])("without a secret that is written where none belongs: %s", (_, text, line) => {
    expect(() => reading(text)).toThrow(`accounts.yaml, line ${line}: `);
    expect(() => reading(text)).not.toThrow(/Hx7|aB9k/);
  });

  it("aliases that stand for more than can be read", () => {
    const nested = Array.from({ length: 9 }, (_, at) => `a${at + 1}: &a${at + 1} [${`*a${at}, `.repeat(9)}]`).join(
      "\n",
    );
    expect(() => reading(`a0: &a0 x\n${nested}\n`)).toThrow(/accounts.yaml: its aliases/);
  });

  it("two accounts of one name", () => {
    expect(() => reading(`accounts:\n  shop: { ${keys} }\n  shop: { ${keys} }\n`)).toThrow(/line 3.*unique/s);
  });
});

it("what its references hold is read when it is needed, and each cloud stands for itself", () => {
  const env: Record<string, string> = { ID: "AKIDsomething", A: "HWID", B: "HWKEY" };
  const text = `accounts: { shop: { ${keys}, huawei: { access_key: env:A, secret_key: env:B, project_id: p1 } } }`;
  const [shop] = reading(text, env);
  expect(shop?.clouds).toEqual(["tencent", "huawei"]);
  const { faults, ...rest } = shop?.credentials() ?? {};
  expect(rest).toEqual({ huawei: { id: "HWID", key: "HWKEY" }, huaweiProjectId: "p1" });
  expect(String(faults?.tencent)).toBe("env:KEY is not set, or empty.");
  Object.assign(env, { KEY: "AKIDsomething", ID: "key-that-came-later" });
  expect(String(shop?.credentials().faults?.tencent)).toMatch(/env:ID and env:KEY look swapped/);
  Object.assign(env, { ID: "AKIDsomething", KEY: "key-that-came-later" });
  expect(shop?.credentials()).toMatchObject({
    tencent: { id: "AKIDsomething", key: "key-that-came-later" },
  });
});
