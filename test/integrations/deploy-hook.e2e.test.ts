import { chmodSync, mkdirSync, mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { z } from "zod";
import { parseReference } from "../../src/secrets/references/syntax.js";
import { runProgram } from "../support/command.js";
import type { Files } from "../support/company.js";
import { ofRows, rows, wide } from "../support/width.js";
import { Host } from "./host.js";
import { integration } from "./paths.js";
import { isInstalled } from "./processes.js";

const target = `[{"service":"alibaba-cdn","domains":["img.example.com"]}]`;
const credentials = ["TENCENTCLOUD_SECRET_ID", "TENCENTCLOUD_SECRET_KEY", "ALIBABA_CLOUD_ACCESS_KEY_ID"].concat(
  "ALIBABA_CLOUD_ACCESS_KEY_SECRET",
  "HUAWEICLOUD_SDK_AK",
  "HUAWEICLOUD_SDK_SK",
);

describe("cloudcert-deploy-hook", () => {
  it.each(
    rows(
      [
        ["certbot", ({ folder }: Files) => ({ RENEWED_LINEAGE: folder, RENEWED_DOMAINS: "img.example.com" })],
        ["lego 4", ({ chain, key }: Files) => ({ LEGO_CERT_PATH: chain, LEGO_CERT_KEY_PATH: key })],
        ["lego 5", ({ chain, key }: Files) => ({ LEGO_HOOK_CERT_PATH: chain, LEGO_HOOK_CERT_KEY_PATH: key })],
      ],
      1,
    ),
  )("deploys what %s names in the variables that it documents", ofRows, async (_, variables) => {
    const host = await Host.withoutClients();
    const files = await host.issue(["img.example.com"]);
    const { code, out, err } = await host.approved(host.hook(["--ask"], variables(files)));
    expect(code, err).toBe(0);
    expect(out + err).not.toContain("PRIVATE KEY");
    expect(await host.served("img.example.com")).toEqual(new Set([files.sha256]));
    expect(host.company.done()).toEqual(["SetCdnDomainSSLCertificate img.example.com"]);
  });

  it.each([
    ["without credentials", Object.fromEntries(credentials.map((name) => [name, ""])), [], 2, "redentials"],
    ["with a setting that is none", { CLOUDCERT_SPEED: "1" }, [], 2, "CLOUDCERT_SPEED"],
    ["with targets that are no JSON", {}, ["--targets", "img.example.com"], 2, "it is no JSON object"],
    ["that nobody has approved", {}, ["--targets", target], 3, "nobody has approved it"],
  ])("says what is wrong %s", wide, async (_, changed, args, exitCode, says) => {
    const host = await Host.withoutClients();
    const { chain, key } = await host.issue(["img.example.com"]);
    host.changeSettings(changed);
    const { code, out, err } = await host.hook([...args, "--chain", chain, "--key", key]);
    expect(code, err).toBe(exitCode);
    expect(out + err).toContain(says);
    expect(host.company.done()).toEqual([]);
  });

  it("ends with 1 if the cloud refuses the change that a person has approved", wide, async () => {
    const host = await Host.withoutClients();
    const { chain, key } = await host.issue(["img.example.com"]);
    host.changeSettings({ ALIBABA_CLOUD_ACCESS_KEY_SECRET: "no" });
    const args = ["--ask", "--targets", target, "--chain", chain, "--key", key];
    const { code, out, err } = await host.approved(host.hook(args));
    expect(code, err).toBe(1);
    expect(out).toContain("SignatureDoesNotMatch");
    expect(host.company.done()).toEqual([]);
  });

  it.each([
    ["no certificate", [], "neither certbot nor lego has named one"],
    ["an option without its value", ["--key"], "--key has no value"],
    ["a chain that is not there", ["--chain", "/nowhere.crt", "--key", "/nowhere.key"], "/nowhere.crt cannot be read"],
    [
      "settings that are not there",
      ["--settings", "/nowhere", "--chain", "a", "--key", "b"],
      "/nowhere cannot be read",
    ],
  ])("does nothing with %s", async (_, args, says) => {
    const { code, err } = await runProgram(integration("deploy-hook.sh"), args);
    expect({ code, err }).toEqual({ code: 2, err: expect.stringContaining(says) });
    expect(err).toContain("Nothing was changed.");
  });

  it("says how it is used", async () => {
    const { code, out } = await runProgram(integration("deploy-hook.sh"), ["--help"]);
    expect(code).toBe(0);
    expect(out).toMatch(/^Deploys a certificate .*--settings FILE .*docs\/unattended\.md\.\n$/s);
  });

  it.runIf(process.getuid?.() === 0 && isInstalled("setpriv"))("continues as the user that root names", async () => {
    const folder = mkdtempSync(join(tmpdir(), "cc-user-"));
    chmodSync(folder, 0o755);
    const settings = join(folder, "settings");
    writeFileSync(settings, 'id -un >&2; echo "$HOME" >&2\n');
    const args = ["--user", "nobody", "--settings", settings, "--chain", "/nowhere.crt", "--key", "/nowhere.key"];
    const { code, err } = await runProgram(integration("deploy-hook.sh"), args);
    expect(code).toBe(2);
    expect(err.split("\n").slice(0, 2)).toEqual(["nobody", "/nonexistent"]);
  });
});

const told = z.object({ certificate: z.string(), private_key: z.string(), covered: z.literal(true) });
const pathOf = (reference: string) => {
  const parsed = parseReference(reference);
  return parsed?.kind === "file" ? parsed.path : undefined;
};

describe("the path of a file", () => {
  // What the hook hands over is caught in place of the program, and read as the program reads it.
  const folder = mkdtempSync(join(tmpdir(), "cc-paths-"));
  writeFileSync(join(folder, "cloudcert-mcp"), '#!/bin/sh\ncat >"$CAUGHT"\nprintf "%s\\n" "$@" >>"$CAUGHT.args"\n');
  chmodSync(join(folder, "cloudcert-mcp"), 0o755);
  const name = fc
    .string({ unit: "grapheme", minLength: 1, maxLength: 40 })
    // biome-ignore lint/suspicious/noControlCharactersInRegex: the program takes no path with any of them
    .filter((text) => !/[/\u0000-\u001f\u007f]/.test(text) && text !== "." && text !== ".." && text.isWellFormed());

  it("reaches the program as it is, whatever characters it has, and the key's content does not", wide, async () => {
    let count = 0;
    const property = fc.asyncProperty(
      name,
      fc.constantFrom("", "'", '"', "$(id)", ";password=env:X", "%2e"),
      async (it, end) => {
        count += 1;
        const directory = join(
          folder,
          `${count}`,
          Buffer.from(`${it}${end}`)
            .subarray(0, 200)
            .toString()
            .replace(/\ufffd+$/, ""),
        );
        mkdirSync(directory, { recursive: true });
        const [chain, key] = [join(directory, "fullchain.pem"), join(directory, "privkey.pem")];
        for (const file of [chain, key]) writeFileSync(file, "content");
        const caught = join(folder, `${count}.json`);
        const env = { RENEWED_LINEAGE: directory, CAUGHT: caught, PATH: `${folder}:${process.env.PATH}` };
        const { code, err } = await runProgram(integration("deploy-hook.sh"), [], env);
        expect(code, err).toBe(0);
        const json = readFileSync(caught, "utf8");
        const { certificate, private_key: privateKey } = told.parse(JSON.parse(json));
        expect([pathOf(certificate), pathOf(privateKey)]).toEqual([chain, key]);
        expect(json + readFileSync(`${caught}.args`, "utf8")).not.toContain("content");
      },
    );
    await fc.assert(property, { numRuns: 60 });
  });
});
