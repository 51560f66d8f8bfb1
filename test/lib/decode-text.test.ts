import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Readable } from "node:stream";
import { afterAll, describe, expect, it } from "vitest";
import { readRulesFile } from "../../src/access/rules-file.js";
import { readAccounts } from "../../src/accounts/account.js";
import { readIni, readJson } from "../../src/cloud/credential-search.js";
import { makeKeyPair, readVerifyingKey } from "../../src/evidence/keys.js";
import { newStaticToken, readStaticTokens } from "../../src/identity/static-tokens.js";
import { decodeText } from "../../src/lib/decode-text.js";
import { readReference } from "../../src/lib/read-secret-reference.js";
import { runCall } from "../../src/unattended/run-command.js";

const folder = mkdtempSync(join(tmpdir(), "cloudcert-text-"));
afterAll(() => rmSync(folder, { recursive: true }));

const inUtf16 = (text: string) => Buffer.from(text, "utf16le");

/** As PowerShell and Notepad write text. */
const forms: Readonly<Record<string, (text: string) => Buffer>> = {
  "UTF-8": (text) => Buffer.from(text),
  "UTF-8 with a byte order mark": (text) => Buffer.from(`\ufeff${text}`),
  "UTF-16 with a byte order mark": (text) => inUtf16(`\ufeff${text}`),
  "UTF-16 without one": inUtf16,
  "UTF-16 of the other byte order": (text) => inUtf16(`\ufeff${text}`).swap16(),
};

const token = {
  name: "bot",
  sha256: newStaticToken().sha256,
  scopes: ["certs:read"],
  expires: "2030-01-01T00:00:00.000Z",
};
const accounts = "accounts: { shop: { tencent: { secret_id: env:ID, secret_key: env:KEY } } }\n";
const rules =
  'people: { alice: "https://login.example#a" }\naccess: [{ who: [alice], change: [default] }]\napprovals: [{ ask: [alice], approve: [alice], asker_may_approve: true }]\n';

describe.each(Object.entries(forms))("in %s", (name, form) => {
  const write = (text: string) => {
    const path = join(folder, `${name} ${text.length}`);
    writeFileSync(path, form(text));
    return path;
  };

  it("a text is the same", () => {
    expect(decodeText(form('{"名称": "site"}\n'))).toBe('{"名称": "site"}\n');
  });

  it("a file of tokens, of accounts, of rules and of a secret is read", async () => {
    expect(await readStaticTokens(write(JSON.stringify({ tokens: [token] })))).toMatchObject([{ name: "bot" }]);
    expect(readAccounts(write(accounts), {}, "intl")).toMatchObject([{ name: "shop" }]);
    const tools = { ruled: [], jobs: [] };
    await expect(readRulesFile(write(rules), ["default"], tools, "https://login.example")).resolves.toBeDefined();
    expect(readReference(`file:${write("secret-key\n")}`, {})).toBe("secret-key");
  });

  it("a file of a vendor's tool and a public key are read", async () => {
    expect(readIni(write("[default]\nsecret_id = AKID\n"))).toEqual({ content: { default: { secret_id: "AKID" } } });
    expect(readJson(write('{"current":"default"}'))).toEqual({ content: { current: "default" } });
    const path = join(folder, `${name}.key`);
    await makeKeyPair(path);
    const pem = (await readVerifyingKey(`${path}.pub`)).export({ type: "spki", format: "pem" }).toString();
    await expect(readVerifyingKey(write(pem))).resolves.toBeDefined();
  });

  it("the arguments of `run` are read, from a file and from stdin", async () => {
    const run = (given: string, input: Buffer) => {
      const lost = new AbortController().signal;
      const told = { write: () => true, failure: async () => undefined, lost };
      const streams = { input: Readable.from([input]), out: told, err: told };
      const args = ["list_jobs", given, "--sandbox", "--account", "nobody"];
      return runCall(args, {}, streams, new AbortController().signal);
    };
    // The account is looked up after the arguments were read.
    await expect(run(write('{"limit": 1}'), Buffer.of())).rejects.toThrow("--account requires --accounts");
    await expect(run("-", form('{"limit": 1}'))).rejects.toThrow("--account requires --accounts");
    await expect(run(write("[1]"), Buffer.of())).rejects.toThrow("it is no JSON object");
  });
});
