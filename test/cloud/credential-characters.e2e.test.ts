import { mkdirSync, mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { z } from "zod";
import { runDoctor } from "../../src/doctor/command.js";
import { examineTeamSettings } from "../../src/http/examine-settings.js";
import { type Sandbox, startSandbox } from "../../src/sandbox/server.js";
import { pointedAt, startAssistant } from "../support/assistant.js";
import { ofRows, rows } from "../support/width.js";

/**
 * A credential with something in it that none has. The cloud would say that it does not know the key, and an HTTP library
 * that a header is invalid, which looks like the network's fault.
 */

let sandbox: Sandbox;
beforeAll(async () => {
  sandbox = await startSandbox();
});
afterAll(() => sandbox.close());

const ID = "TENCENTCLOUD_SECRET_ID";
const report = z.object({
  verdict: z.string(),
  lines: z.array(z.object({ check: z.string(), state: z.string(), says: z.string(), next: z.string().optional() })),
});

async function withEnvironment(changes: Record<string, string>) {
  const { args, env } = pointedAt(sandbox);
  return startAssistant([...args, "--approve", "token"], { env: { ...env, ...changes } });
}

const secretId = () => sandbox.env[ID] ?? "";

describe("what surrounds a credential by accident is taken off, as where the vendors' INI files are read", () => {
  it.each(
    rows(
      [
        ["a line break: argoproj/argo-workflows#981, volcano-sh/kthena#1636, kubernetes/kubernetes#52919", "", "\n"],
        ["a Windows line break: conductor-oss/conductor#1437", "", "\r\n"],
        ["a blank: leancloud/avoscloud-code-command#94, auth0/custom-social-connections#11", " ", " "],
        ["a byte order mark: a .env file saved by Notepad", "\ufeff", ""],
        ["a tab: a cell of a table", "\t", ""],
        ["a no-break space: a web page", "\u00a0", "\u00a0"],
      ],
      1,
    ),
  )("%s", ofRows, async (_source, before, after) => {
    const server = await withEnvironment({ [ID]: `${before}${secretId()}${after}` });
    expect(await server.result("DescribeCertificates", { Limit: 1 })).toHaveProperty("TotalCount");
    await server.close();
  });
});

type Fault = readonly [source: string, value: () => string, says: string];
const placeholders: readonly Fault[] = [
  ["the README's own", () => "…", "still holds a placeholder"],
  ["VS Code's, microsoft/vscode", () => "$" + "{input:id}", "still holds a placeholder"],
  ["openclaw/openclaw#84967", () => "$" + "{env:TENCENTCLOUD_SECRET_ID}", "still holds a placeholder"],
  ["CommandCodeAI/command-code#599", () => "$" + "{TENCENTCLOUD_SECRET_ID}", "still holds a placeholder"],
  ["danny-avila/LibreChat#10205", () => "{{TENCENT_ID}}", "still holds a placeholder"],
  ["documents: <your-secret-id>", () => "<your-secret-id>", "still holds a placeholder"],
  ["documents: your-secret-id", () => "your-secret-id", "still holds a placeholder"],
  ["a masked copy from a console", () => "AKID********wxyz", "still holds a placeholder"],
];
const others: readonly Fault[] = [
  ["docker --env-file keeps quotation marks (moby/moby#3702)", () => `"${secretId()}"`, "is in quotation marks"],
  ["two lines in one", () => `${secretId()}\nTENCENTCLOUD`, "holds a line break (character"],
  ["a blank inside", () => secretId().replace("Tencent", " Tencent"), "holds a space (character"],
  [
    "an invisible space inside",
    () => secretId().replace("Tencent", "\u200bTencent"),
    "holds an invisible space (character",
  ],
  ["full-width letters", () => secretId().replace("AKID", "ＡKID"), "holds the character U+FF21 (character 1)"],
  ["blanks alone", () => "   ", "is blank"],
  ["a line of a .env file", () => `${ID}=${secretId()}`, "holds NAME=value, not the value alone"],
];

describe("anything else is called what it is, before anything is sent", () => {
  it.each(rows([...placeholders, ...others], 1))("%s", ofRows, async (_source, value, says) => {
    const server = await withEnvironment({ [ID]: value() });
    const before = sandbox.requests.length;
    // More often than a circuit breaker would let through.
    for (let call = 0; call < 7; call += 1) {
      const said = await server.failure("DescribeCertificates", { Limit: 1 });
      expect(said).toContain(`TENCENTCLOUD_SECRET_ID ${says}`);
      expect(said).toContain("Nothing was changed.\nNext: Ask the operator to correct the credential");
      expect(said).not.toMatch(/network|proxy|in a row|NODE_EXTRA_CA_CERTS/i);
    }
    const { verdict, lines } = report.parse(await server.result("check_setup"));
    expect(verdict).toBe("failure");
    const told = lines.filter(({ check, state }) => check === "credentials" && state === "failure");
    expect(told).toEqual([
      expect.objectContaining({ says: expect.stringContaining(`TENCENTCLOUD_SECRET_ID ${says}`) }),
    ]);
    expect(sandbox.requests).toHaveLength(before);
    // The other clouds are not affected.
    expect(
      await server.call("SetCdnDomainSSLCertificate", { DomainName: "img.example.com", SSLProtocol: "off" }),
    ).toHaveProperty("structuredContent.approval");
    await server.close();
  });

  // A variable of each cloud at a time: their faults do not touch one another.
  it.each<[string, string, string]>(
    rows(
      [
        ["TENCENTCLOUD_SECRET_KEY", "ALIBABA_CLOUD_ACCESS_KEY_SECRET", "HUAWEICLOUD_SDK_SK"],
        ["TENCENTCLOUD_TOKEN", "ALIBABA_CLOUD_SECURITY_TOKEN", "HUAWEICLOUD_SDK_PROJECT_ID"],
      ],
      1,
    ),
  )("%s, %s and %s, whose values are not shown", ofRows, async (tencent, alibaba, huawei) => {
    const fault = "notshown\u0007notshown";
    const server = await withEnvironment({ [tencent]: fault, [alibaba]: fault, [huawei]: fault });
    const off = { DomainName: "a.example.com", SSLProtocol: "off" };
    const tls_certificate = { cert_id: "scs1", source: "scm" };
    for (const [variable, tool, args] of [
      [tencent, "DescribeCertificates", {}],
      [alibaba, "SetCdnDomainSSLCertificate", off],
      [alibaba, "SetVodDomainSSLCertificate", off],
      [huawei, "UpdateDomainHttpsCert", { project_id: "p", domain: "a.example.com", tls_certificate }],
    ] as const) {
      const said = await server.failure(tool, args);
      expect(said).toContain(`${variable} holds the character U+0007 (character 9)`);
      expect(said + server.stderr()).not.toContain("notshown");
    }
    await server.close();
  });
});

it("half a credential, with none elsewhere, is named by the call and by check_setup", async () => {
  const before = sandbox.requests.length;
  const server = await withEnvironment({ TENCENTCLOUD_SECRET_KEY: "" });
  const half = `${ID} is set, but TENCENTCLOUD_SECRET_KEY is not.`;
  expect(await server.failure("DescribeCertificates", { Limit: 1 })).toContain(half);
  expect(JSON.stringify(await server.result("check_setup"))).toContain(`Tencent Cloud: none: ${half}`);
  expect(sandbox.requests).toHaveLength(before);
  await server.close();
});

describe("id and key that are swapped", () => {
  it("are said to be, and the key is nowhere shown", async () => {
    const { [ID]: id = "", TENCENTCLOUD_SECRET_KEY: key = "" } = sandbox.env;
    const before = sandbox.requests.length;
    const server = await withEnvironment({ [ID]: key, TENCENTCLOUD_SECRET_KEY: id });
    const said = await server.failure("DescribeCertificates", { Limit: 1 });
    const swapped = `${ID} and TENCENTCLOUD_SECRET_KEY look swapped.`;
    expect(said).toContain(swapped);
    const setup = JSON.stringify(await server.result("check_setup"));
    expect(setup).toContain(swapped);
    expect(said + setup + server.stderr()).not.toMatch(new RegExp(`${key}|${key.slice(0, 4)}…`));
    expect(sandbox.requests).toHaveLength(before);
    await server.close();
  });

  it("an id that may be a key is not shown, also where the cloud repeats it", async () => {
    const { TENCENTCLOUD_SECRET_KEY: key = "" } = sandbox.env;
    const server = await withEnvironment({ [ID]: key });
    const said = await server.failure("DescribeCertificates", { Limit: 1 });
    expect(said).toContain("AuthFailure.SecretIdNotFound");
    const setup = JSON.stringify(await server.result("check_setup"));
    expect(setup).toContain("id of unusual form");
    expect(said + setup + server.stderr()).not.toMatch(new RegExp(`${key}|${key.slice(0, 4)}…`));
    await server.close();
  });
});

it("the vendors' files are judged like the environment, and doctor says the same", async () => {
  const home = mkdtempSync(join(tmpdir(), "cloudcert-home-"));
  const file = join(home, ".tencentcloud", "credentials");
  mkdirSync(dirname(file));
  writeFileSync(file, "\ufeff[default]\nsecret_id = <SecretId>\nsecret_key = abc\n", { mode: 0o600 });
  const { args } = pointedAt(sandbox);
  const server = await startAssistant(args, { env: { HOME: home, USERPROFILE: home } });
  const said = await server.failure("DescribeCertificates", { Limit: 1 });
  expect(said).toContain(`secret_id in ${file} still holds a placeholder`);
  await server.close();
});

it("doctor fails with the same sentence", async () => {
  const { args, env } = pointedAt(sandbox);
  let told = "";
  const code = await runDoctor(
    [...args, "--json"],
    { ...env, [ID]: "your-secret-id" },
    { write: (text) => (told += text) },
    async () => examineTeamSettings,
  );
  expect(code).toBe(1);
  const { lines } = report.parse(JSON.parse(told));
  expect(lines.map(({ says }) => says).join("\n")).toContain(
    `${ID} still holds a placeholder instead of a credential.`,
  );
});
