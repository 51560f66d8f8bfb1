import { randomBytes } from "node:crypto";
import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { readConfiguration } from "../../src/config/command-line.js";
import { configuredSecrets, readRuntimeEnvironment } from "../../src/config/environment.js";

const url = "postgres://cloudcert:s3cret%2Fpassword@db.example.com:5432/cloudcert";
const key = randomBytes(32).toString("base64");
const folder = mkdtempSync(join(tmpdir(), "database-"));
writeFileSync(join(folder, "url"), `${url}\n`);

function read(args: readonly string[], env: Record<string, string> = {}) {
  const variables = { KEY: key, URL: url, ...env };
  return readRuntimeEnvironment(readConfiguration(["--sandbox", ...args], variables), variables);
}

describe("--database", () => {
  it.each([url, "env:URL", `file:${join(folder, "url")}`])("takes an address or where it is: %s", (setting) =>
    expect(read(["--database", setting, "--state-key", "env:KEY"]).database).toMatchObject({
      url,
      stateKeys: [Buffer.from(key, "base64")],
    }),
  );

  it("has its secrets masked everywhere", () =>
    expect(configuredSecrets(read(["--database", "env:URL", "--state-key", "env:KEY"]))).toEqual(
      expect.arrayContaining([url, "s3cret%2Fpassword", "s3cret/password", key]),
    ));

  it("is read from the environment, too", () =>
    expect(read([], { CLOUDCERT_DATABASE: url, CLOUDCERT_STATE_KEY: "env:KEY" }).database?.url).toBe(url));

  it("is read again for user and password alone: what else was changed waits for new servers, and is logged once", () => {
    const file = join(mkdtempSync(join(tmpdir(), "database-")), "url");
    const lines: string[] = [];
    const write = (text: string) => writeFileSync(file, text);
    write(url);
    const { database } = read(["--database", `file:${file}`, "--state-key", "env:KEY"]);
    const again = () => database?.readAgain?.((line) => void lines.push(line));
    const changed = url.replace("cloudcert:s3cret%2Fpassword", "other:n3w");
    write(changed);
    expect(again()).toEqual({ url: changed, secrets: [changed, "n3w", "n3w"] });
    for (const elsewhere of [
      changed.replace("db.example.com", "new.example.com"),
      changed.replace("5432", "5433"),
      `${changed}2`,
      `${changed}?sslmode=disable`,
      "",
    ]) {
      write(elsewhere);
      expect([again()?.url, again()?.url]).toEqual([changed, changed]);
    }
    expect(lines).toEqual([
      `--database: file:${file} names another database: replace the servers to use it. What was read before still counts`,
      `--database: file:${file} is not set, or empty. What was read before still counts`,
    ]);
    write(url);
    expect(again()?.url).toBe(url);
  });

  it.each([
    [["--database", "env:URL"], "--database: also requires --state-key"],
    [["--database", "env:URL", "--state-key", "env:KEY", "--jobs", folder], "replaces --audit-log and --jobs"],
    [["--database", "mysql://root:s3cret@h/d", "--state-key", "env:KEY"], "--database: write postgres://"],
    [["--database", "env:KEY", "--state-key", "env:KEY"], "--database: env:KEY does not contain a postgres:// URL"],
    [["--database", "postgres://u:100%sure@h/d", "--state-key", "env:KEY"], "write each % as %25"],
    [["--database", "env:NONE", "--state-key", "env:KEY"], "--database: env:NONE is not set, or empty"],
    [["--database", "env:URL", "--state-key", key], "--state-key: write env:NAME or file:/PATH"],
    [
      ["--database", "env:URL", "--state-key", "env:URL"],
      "--database: env:URL does not contain a 32-byte key in base64",
    ],
  ])("refuses %j and repeats no secret", (args, says) => {
    const refused = () => read(args);
    expect(refused).toThrow(says);
    expect(refused).not.toThrow(/s3cret/);
    expect(refused).not.toThrow(key);
  });
});
