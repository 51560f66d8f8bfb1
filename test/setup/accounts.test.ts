import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, it } from "vitest";
import { readConfiguration } from "../../src/config/command-line.js";
import { commandAccounts } from "../../src/setup/accounts.js";

const folder = mkdtempSync(join(tmpdir(), "setup-accounts-"));
afterAll(() => rmSync(folder, { recursive: true }));

const accountsFile = join(folder, "accounts.yaml");
writeFileSync(
  accountsFile,
  `accounts:
  own: { huawei: { access_key: env:A, secret_key: env:B, region: cn-east-3 } }
  other: { huawei: { access_key: env:A, secret_key: env:B } }
`,
);

async function regions(args: readonly string[], variable: string) {
  const env = { HOME: folder, HW_REGION_NAME: variable, A: "a", B: "b" };
  const accounts = await commandAccounts(readConfiguration([...args], {}), env);
  return accounts.map(({ configuration }) => configuration.huaweiRegion);
}

it.each<[string, readonly string[], string, readonly (string | undefined)[]]>([
  ["alone", [], "ap-southeast-3", ["ap-southeast-3"]],
  ["unless --huawei-region is set", ["--huawei-region", "cn-north-4"], "ap-southeast-3", ["cn-north-4"]],
  ["unless the account has a region", ["--accounts", accountsFile], "ap-southeast-3", ["cn-east-3", "ap-southeast-3"]],
  ["not if it is blank", [], " ", [undefined]],
])("HW_REGION_NAME counts %s", async (_, args, variable, expected) => {
  expect(await regions(args, variable)).toEqual(expected);
});
