import { chmodSync, mkdirSync, mkdtempSync, symlinkSync, utimesSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { z } from "zod";
import { runDoctor } from "../../src/doctor/command.js";
import { examineTeamSettings } from "../../src/http/examine-settings.js";
import { CertificateAuthority } from "../../src/sandbox/authority.js";
import { type Sandbox, startSandbox } from "../../src/sandbox/server.js";
import { bareEnvironment, pointedAt, startAssistant } from "../support/assistant.js";
import { type Ended, runCommand } from "../support/command.js";
import { startIssuer } from "../support/issuer.js";
import { closedPort, freePort, listen, stop } from "../support/ports.js";
import { wide } from "../support/width.js";

const cleanups: (() => unknown)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0)) await cleanup();
});

let sandbox: Sandbox;
beforeAll(async () => {
  sandbox = await startSandbox();
});
afterAll(() => sandbox.close());

const line = z.object({ check: z.string(), state: z.string(), says: z.string(), next: z.string().optional() });
const report = z.object({ verdict: z.string(), lines: z.array(line) });
type Report = z.output<typeof report>;

/** A home that is open to nobody else, and empty. */
function newHome(): string {
  return mkdtempSync(join(tmpdir(), "cloudcert-doctor-"));
}

type Run = Pick<Ended, "code" | "out">;

/** The built program. */
const run = (args: readonly string[], env: Record<string, string> = {}, uid?: number): Promise<Run> =>
  runCommand(["doctor", ...args], { HOME: newHome(), ...env }, { uid });

/** What the doctor says, read by a script; with `inProcess`, without a process of its own, which costs a fraction. */
async function examined(args: readonly string[], env: Record<string, string> = {}, by = inProcess) {
  const { code, out } = await by([...args, "--json"], env);
  return { code, ...report.parse(JSON.parse(out)) };
}

const teamChecks = async () => examineTeamSettings;

async function inProcess(args: readonly string[], env: Record<string, string> = {}): Promise<Run> {
  let out = "";
  const write = (text: string) => (out += text);
  const code = await runDoctor(args, { ...bareEnvironment, HOME: newHome(), ...env }, { write }, teamChecks);
  return { code, out };
}

/** On the sandbox, as if it were the clouds: credentials come from the environment. */
const onSandbox = (more: readonly string[] = [], env: Record<string, string> = {}, by = inProcess) => {
  const pointed = pointedAt(sandbox);
  return examined([...pointed.args, ...more], { ...pointed.env, ...env }, by);
};

const of = ({ lines }: Pick<Report, "lines">, check: string) => lines.filter((each) => each.check === check);
const faults = ({ lines }: Pick<Report, "lines">) => lines.filter(({ state }) => state === "failure");

/** A reply of the service at the given distance from our clock. */
async function startShiftedCloud(seconds: number) {
  const server = createServer((_message, response) => {
    response.sendDate = false;
    const date = new Date(Date.now() + seconds * 1000).toUTCString();
    response.writeHead(200, { date, "content-type": "application/json" }).end('{"Response":{"RequestId":"x"}}');
  });
  cleanups.push(() => stop(server));
  return `http://127.0.0.1:${await listen(server)}`;
}

describe("where all is well", () => {
  it("no line is a failure, and the code for scripts is 0", async () => {
    const found = await onSandbox([], {}, run);
    expect(faults(found)).toEqual([]);
    expect(found.code).toBe(0);
    expect(of(found, "credentials")[0]?.says).toMatch(/^Tencent Cloud SSL: .* accepts it \(\d+ certificates\)\.$/);
    expect(of(found, "endpoints")).toHaveLength(8);
    expect(of(found, "clock")[0]?.says).toMatch(/^Within [12] s/);
    expect([...new Set(found.lines.map(({ check }) => check))]).toEqual([
      "versions",
      "configuration",
      "credentials",
      "proxy",
      "endpoints",
      "clock",
      "credential files",
      "key directories",
      "audit log",
      "state directory",
      "approval",
      "notifications",
    ]);
  });

  it("says of what is not checked by a call that it is not, and why", async () => {
    const told = of(await onSandbox(), "credentials");
    expect(told.slice(1)).toHaveLength(7);
    for (const { state, says } of told.slice(1)) {
      expect([state, says]).toEqual(["not checked", expect.stringContaining("not tried by a call here")]);
    }
  });

  it("names the receivers of notifications, without their addresses and secrets", async () => {
    const env = {
      FEISHU: "https://open.feishu.cn/open-apis/bot/v2/hook/5e3d587e-d78e-4a07-bd07-265f269f86fd",
      FEISHU_SECRET: "yB3kq0WnXw9fEr2LmTzUvA",
      WECOM: "https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=693a91f6-7c4e-4bc4-97a0-0ec2d4f1a2b3",
    };
    const told = await onSandbox(["--notify", "feishu=env:FEISHU,env:FEISHU_SECRET,wecom=env:WECOM"], env);
    expect(of(told, "notifications").map(({ state, says }) => [state, says])).toEqual([
      ["ok", "feishu (1) at open.feishu.cn, signed. Nothing was sent to it."],
      ["ok", "wecom (2) at qyapi.weixin.qq.com, by its address alone. Nothing was sent to it."],
    ]);
    expect(JSON.stringify(told)).not.toMatch(/5e3d587e|yB3kq0|693a91f6/);
    const none = await onSandbox(["--notify", "slack=env:SLACK"]);
    expect(faults(none)).toMatchObject([{ check: "configuration", says: "--notify: env:SLACK is not set, or empty." }]);
  });

  it.each([
    ["a setting", ["--language", "zh-CN"], {}],
    ["the environment", [], { LANG: "zh_CN.UTF-8" }],
  ])("speaks Chinese to a person if %s says so", async (_, more, env) => {
    const { out } = await inProcess(["--sandbox", ...more], env);
    expect(out).toMatch(/^正常 {9}版本 +cloudcert-mcp /m);
    expect(out).toMatch(/^未检查 {7}凭证 +阿里云 CDN：\S+；此处没有调用验证/m);
    expect(out).toMatch(/\n失败 0 项，警告 \d 项，正常 \d+ 项，未检查 7 项\n$/);
    // What is English in it are names, codes and paths.
    expect(out).not.toMatch(/\b(?:the|is|not|can|Run|See)\b/);
  });

  it("speaks English to a program, in every language", async () => {
    const found = await examined(["--sandbox", "--language", "zh-CN"]);
    expect(JSON.stringify(found)).not.toMatch(/\p{Script=Han}/u);
  });

  it("works on the sandbox, as a text for a person", wide, async () => {
    const { code, out } = await run(["--sandbox"]);
    expect(code).toBe(0);
    expect(out).toMatch(/^cloudcert-mcp \S+ doctor\n\nok {11}versions {12}cloudcert-mcp/);
    expect(out).toMatch(/\nFailures: 0, warnings: \d, ok: \d+, not checked: 7\n$/);
  });
});

describe("what stands in the way is a failure with what to do, and the code is 1", () => {
  it("no credentials", wide, async () => {
    const cloud = await startShiftedCloud(0);
    const found = await examined(["--endpoint", `tencent-ssl=${cloud}`, "--services", "tencent-ssl"], {}, run);
    expect(found).toMatchObject({ code: 1, verdict: "failure" });
    expect(faults(found)).toMatchObject([
      {
        check: "credentials",
        says: "There are no credentials for any cloud.",
        next: expect.stringContaining("TENCENTCLOUD_SECRET_ID"),
      },
    ]);
  });

  it("credentials for one cloud only are a warning, unless the other was asked for", async () => {
    const { TENCENTCLOUD_SECRET_ID: id = "", TENCENTCLOUD_SECRET_KEY: key = "" } = sandbox.env;
    const env = { TENCENTCLOUD_SECRET_ID: id, TENCENTCLOUD_SECRET_KEY: key };
    const { args } = pointedAt(sandbox);
    const found = await examined(args, env);
    expect(faults(found)).toEqual([]);
    expect(of(found, "credentials").map(({ state }) => state)).toEqual(["ok", "not checked", "warning", "warning"]);
    const asked = await examined([...args, "--services", "tencent-ssl,huawei-live"], env);
    expect(faults(asked)).toMatchObject([
      { check: "credentials", says: expect.stringContaining("Huawei Cloud: none.") },
    ]);
  });

  it("a wrong secret, which no line repeats", async () => {
    const secret = "a-wrong-secret-key-0123456789abcdef";
    const { code, lines } = await onSandbox([], { TENCENTCLOUD_SECRET_KEY: secret });
    expect(code).toBe(1);
    expect(faults({ lines })).toMatchObject([
      { check: "credentials", says: expect.stringContaining("AuthFailure.SignatureFailure"), next: expect.anything() },
    ]);
    expect(of({ lines }, "credentials")[0]?.says).toMatch(
      /^Tencent Cloud SSL: AKID…\w+; the cloud answers DescribeCertificates with AuthFailure\.SignatureFailure\. The signature /,
    );
    expect(JSON.stringify(lines)).not.toContain(secret);
  });

  it.each([
    [400, "failure", "behind"],
    [-400, "failure", "ahead of"],
    [100, "warning", "behind"],
    [-100, "warning", "ahead of"],
    [5, "ok", "Within"],
  ])("a clock that is off: %i s there", async (seconds, state, words) => {
    const cloud = await startShiftedCloud(seconds);
    const found = await onSandbox(["--services", "tencent-edgeone", "--endpoint", `tencent-edgeone=${cloud}`]);
    const [clock] = of(found, "clock");
    expect(clock).toMatchObject({ state, says: expect.stringContaining(words) });
    expect(found.code).toBe(state === "failure" ? 1 : 0);
    expect(clock?.next).toEqual(state === "ok" ? undefined : expect.stringContaining("Set the clock"));
  });

  it("a proxy that cannot be reached, without its password", async () => {
    const proxy = `http://user:proxypassword@127.0.0.1:${closedPort}`;
    const found = await onSandbox(["--services", "tencent-ssl"], { HTTPS_PROXY: proxy });
    expect(found.code).toBe(1);
    expect(of(found, "proxy")).toMatchObject([
      { state: "failure", says: expect.stringMatching(/127\.0\.0\.1:\d+ cannot be reached: ECONNREFUSED/) },
    ]);
    expect(JSON.stringify(found)).not.toContain("proxypassword");
  });

  it("an address at which nobody answers", async () => {
    const found = await onSandbox([
      "--services",
      "alibaba-cdn",
      "--endpoint",
      `alibaba-cdn=http://127.0.0.1:${closedPort}`,
    ]);
    expect(faults(found)).toMatchObject([{ check: "endpoints", says: expect.stringContaining("ECONNREFUSED") }]);
    expect(of(found, "configuration")[0]?.says).toMatch(/^4 operations of Alibaba Cloud CDN on /);
  });

  it("one cause is one failure: addresses that fail alike, and the credentials that could not be tried", async () => {
    const dead = `http://127.0.0.1:${closedPort}`;
    const services = ["tencent-ssl", "tencent-edgeone"];
    const at = services.flatMap((id) => ["--endpoint", `${id}=${dead}`]);
    const found = await onSandbox(["--services", services.join(), ...at]);
    expect(faults(found)).toMatchObject([
      {
        check: "endpoints",
        says: expect.stringMatching(
          /^No answer \(ECONNREFUSED\): Tencent Cloud SSL, 127\S+; Tencent Cloud EdgeOne, 127\S+\.$/,
        ),
      },
    ]);
    expect(of(found, "credentials")[0]).toMatchObject({
      state: "warning",
      says: expect.stringContaining("not checked, because no answer came."),
    });
    expect(of(found, "clock")[0]?.says).toBe("Not compared: no service reported its time.");
  });

  it("a key directory that cannot be read, or is not there, or is a file", wide, async () => {
    const home = newHome();
    chmodSync(home, 0o755);
    const [locked, file] = [join(home, "locked"), join(home, "file")];
    mkdirSync(locked, { mode: 0o700 });
    writeFileSync(file, "");
    // Nothing is unreadable to root, so that this one looks as somebody else.
    if (process.getuid?.() !== 0) chmodSync(locked, 0);
    const uid = process.getuid?.() === 0 ? 65_534 : undefined;
    const found = await onSandbox(
      ["--files", locked, "--files", join(home, "absent"), "--files", file],
      {},
      (args, env) => run(args, env, uid),
    );
    expect(found.code).toBe(1);
    expect(of(found, "key directories")).toMatchObject([
      { state: "failure", says: `${locked} cannot be read.`, next: expect.stringContaining("chmod u+rx") },
      { state: "failure", says: expect.stringContaining("cannot be found") },
      { state: "failure", says: expect.stringContaining("is not a directory") },
    ]);
  });

  it("an audit log in a directory in which every user can replace it", async () => {
    const folder = newHome();
    const path = join(folder, "audit.jsonl");
    chmodSync(folder, 0o777);
    expect(faults(await onSandbox(["--audit-log", path]))).toMatchObject([
      { says: `${path} is in a directory that every user can write to: every change is refused.` },
    ]);
    chmodSync(folder, 0o1777);
    expect(faults(await onSandbox(["--audit-log", path]))).toEqual([]);
  });

  it("an audit log whose lock cannot be taken", async () => {
    const path = join(newHome(), "audit.jsonl");
    writeFileSync(path, "", { mode: 0o600 });
    writeFileSync(`${path}.lock`, "");
    utimesSync(`${path}.lock`, 1, 1);
    expect(faults(await onSandbox(["--audit-log", path]))).toMatchObject([
      { check: "audit log", says: expect.stringContaining("has a lock that cannot be taken (ENOTDIR") },
    ]);
  });

  it("an audit log that is open to others, or a directory", async () => {
    const folder = newHome();
    const open = join(folder, "audit.jsonl");
    writeFileSync(open, "", { mode: 0o644 });
    const found = await onSandbox(["--audit-log", open]);
    expect(faults(found)).toMatchObject([
      { check: "audit log", says: `${open} is open to other users: every change is refused.` },
    ]);
    const other = await onSandbox(["--audit-log", folder]);
    expect(faults(other)).toMatchObject([
      { check: "configuration", says: `--audit-log: ${folder} is a directory; a file is needed.` },
    ]);
  });

  it("a job that cannot be read, and standing approvals that cannot", async () => {
    const [jobs, home] = [newHome(), newHome()];
    writeFileSync(join(jobs, "0badc0de.json"), "{");
    const approvals = join(home, "audit-standing-approvals");
    symlinkSync(approvals, approvals);
    const found = await onSandbox(["--jobs", jobs, "--audit-log", join(home, "audit.jsonl")]);
    expect(faults(found)).toMatchObject([
      {
        check: "state directory",
        says: `1 record of the journal could not be read: ${join(jobs, "0badc0de.json")} (damaged or cut short). What was sent there is not known.`,
      },
      { check: "standing approvals", says: expect.stringContaining(`in ${approvals} cannot be read: ELOOP`) },
    ]);
  });

  it("a state directory that is a file", async () => {
    const file = join(newHome(), "jobs");
    writeFileSync(file, "");
    expect(faults(await onSandbox(["--jobs", file]))).toMatchObject([
      { check: "configuration", says: `--jobs: ${file} is a file; a directory is needed.` },
    ]);
  });

  it("a setting that is wrong", async () => {
    const found = await examined(["--site", "moon"]);
    expect(found).toMatchObject({ code: 1, lines: [{ check: "configuration", state: "failure" }] });
  });
});

it("a credential file that others can read is a warning", async () => {
  const home = newHome();
  mkdirSync(join(home, ".tencentcloud"));
  const file = join(home, ".tencentcloud", "credentials");
  writeFileSync(file, "[default]\nsecret_id = AKIDother\nsecret_key = othersecretkey\n", { mode: 0o644 });
  const found = await onSandbox([], { HOME: home }, run);
  expect(of(found, "credential files")).toEqual([
    {
      check: "credential files",
      state: "warning",
      says: `${file} is open to other users.`,
      next: `Run chmod 600 ${file}`,
    },
  ]);
  expect(JSON.stringify(found)).not.toContain("othersecretkey");
});

it("a credential file that cannot be used says why, where credentials are missed and where files are listed", async () => {
  const home = newHome();
  mkdirSync(join(home, ".aliyun"));
  const file = join(home, ".aliyun", "config.json");
  writeFileSync(file, '{"current":"default","profiles":[{', { mode: 0o600 });
  const { TENCENTCLOUD_SECRET_ID: id = "", TENCENTCLOUD_SECRET_KEY: key = "" } = sandbox.env;
  const env = { HOME: home, TENCENTCLOUD_SECRET_ID: id, TENCENTCLOUD_SECRET_KEY: key };
  const found = await examined(pointedAt(sandbox).args, env, run);
  expect(of(found, "credentials")).toMatchObject(
    expect.arrayContaining([
      expect.objectContaining({ state: "warning", says: `Alibaba Cloud: none: ${file} is not JSON.` }),
    ]),
  );
  expect(of(found, "credential files")).toMatchObject([
    { state: "warning", says: `${file} is not JSON, so it is skipped.` },
  ]);
});

it("half a credential in the environment is said, whether another place has a whole one or none has", async () => {
  const { TENCENTCLOUD_SECRET_ID: id = "", TENCENTCLOUD_SECRET_KEY: key = "" } = sandbox.env;
  const home = newHome();
  mkdirSync(join(home, ".tencentcloud"));
  const whole = `[default]\nsecret_id = ${id}\nsecret_key = ${key}\n`;
  writeFileSync(join(home, ".tencentcloud", "credentials"), whole, { mode: 0o600 });
  const halves = { TENCENTCLOUD_SECRET_ID: "half", HW_ACCESS_KEY: "half" };
  const found = await examined(pointedAt(sandbox).args, { HOME: home, ...halves }, run);
  expect(faults(found)).toEqual([]);
  expect(of(found, "credentials")).toMatchObject(
    expect.arrayContaining([
      expect.objectContaining({ state: "ok", says: expect.stringContaining("accepts it") }),
      {
        check: "credentials",
        state: "warning",
        says: "Tencent Cloud: TENCENTCLOUD_SECRET_ID is set, but TENCENTCLOUD_SECRET_KEY is not, so it is skipped.",
        next: "Set both, or neither: what is used comes from another place.",
      },
      expect.objectContaining({
        state: "warning",
        says: "Huawei Cloud: none: HW_ACCESS_KEY is set, but HW_SECRET_KEY is not.",
      }),
    ]),
  );
});

describe("the settings of a team's server", () => {
  /** What is wrong with them, in the words that the server would end with. */
  async function wrongs(args: readonly string[], env: Record<string, string> = {}) {
    const { code, out } = await inProcess(["serve", "--sandbox", ...args, "--json"], env);
    const { accounts, serve } = z.object({ accounts: z.array(report), serve: report }).parse(JSON.parse(out));
    expect(accounts.flatMap(faults)).toEqual([]);
    expect(code).toBe(faults(serve).length > 0 ? 1 : 0);
    return faults(serve).map(({ check, says }) => `${check}: ${says}`);
  }

  function written(name: string, text: string): string {
    const path = join(newHome(), name);
    writeFileSync(path, text);
    return path;
  }

  const local = ["--http", "127.0.0.1:8080"];

  it.each([
    ["an address that is none", ["--http", "nonsense"], {}, /^configuration: --http: "nonsense" is not an address/],
    ["the same in a variable", [], { CLOUDCERT_HTTP: "nonsense" }, /^configuration: CLOUDCERT_HTTP: "nonsense" is not/],
    ["no address", [], {}, /^serve: serve requires --http/],
    [
      "another address without TLS",
      ["--http", "0.0.0.0:8080"],
      {},
      /^serve: --http: on an address other than loopback/,
    ],
    ["directories for remote people", [...local, "--files", "/tmp"], {}, /^serve: --files cannot be used with serve/],
    [
      "a secret that is not set",
      [...local, "--issuer", "https://127.0.0.1:1", "--login-client", "id", "--login-secret", "env:NOPE"],
      {},
      /^login: --login-secret: env:NOPE is not set/m,
    ],
    ["tokens that are not there", [...local, "--tokens", "/nowhere/tokens.json"], {}, /^static tokens: --tokens: /],
    [
      "a certificate that is not there",
      [...local, "--tls-cert", "/nowhere/cert.pem", "--tls-key", "/nowhere/key.pem"],
      {},
      /^TLS certificate: --tls-cert: \/nowhere\/cert\.pem cannot be read \(ENOENT\)/,
    ],
    [
      "an issuer that does not answer",
      [...local, "--issuer", `http://127.0.0.1:${closedPort}`],
      {},
      /^identity provider: the issuer http:\/\/127\.0\.0\.1:\d+ cannot be asked for its keys: fetch failed \(bad port\)\.$/m,
    ],
  ])("%s is a failure", async (_, args, env, says) => {
    expect((await wrongs(args, env)).join("\n")).toMatch(says);
  });

  it.each([
    ["that has expired", -60, "expired on"],
    ["that is not valid yet", 1, "is not valid before"],
  ])("a certificate %s is a warning: clients refuse it", async (_, from, says) => {
    const day = 86_400_000;
    const [now, notBefore] = [new Date(), new Date(Date.now() + from * day)];
    const notAfter = new Date(notBefore.getTime() + 30 * day);
    const authority = await CertificateAuthority.create(now);
    const issued = await authority.issue({ names: ["mcp.example.com"], key: "EC-P256", notBefore, notAfter });
    const [cert, key] = [written("cert.pem", issued.certificatePem), written("key.pem", issued.privateKeyPem)];
    const { code, out } = await inProcess(
      ["serve", "--sandbox", ...local, "--tls-cert", cert, "--tls-key", key, "--json"],
      {},
    );
    const { serve } = z.object({ serve: report }).parse(JSON.parse(out));
    expect([code, of(serve, "TLS certificate")]).toEqual([
      0,
      [expect.objectContaining({ state: "warning", says: expect.stringContaining(`${cert} ${says}`) })],
    ]);
  });

  it("one of the two files for TLS alone is a failure, with and without the word serve", async () => {
    const cert = ["--tls-cert", "/nowhere/cert.pem"];
    const says = "--tls-cert and --tls-key must be given together.";
    expect(await wrongs([...local, ...cert])).toEqual([`serve: ${says}`]);
    for (const [args, env] of [
      [cert, {}],
      [[], { CLOUDCERT_TLS_KEY: "/nowhere/key.pem" }],
    ] as const) {
      const { code, out } = await inProcess(["--sandbox", ...args, "--json"], env);
      const { serve } = z.object({ serve: report }).parse(JSON.parse(out));
      expect([code, of(serve, "TLS certificate")]).toEqual([1, [expect.objectContaining({ state: "failure", says })]]);
    }
  });

  it("an English sentence in a Chinese report ends as one", async () => {
    const issuer = ["--issuer", `http://127.0.0.1:${await freePort()}`];
    const { out } = await inProcess(["serve", "--sandbox", ...local, ...issuer, "--language", "zh-CN"]);
    expect(out).toContain("cannot be asked for its keys: fetch failed (ECONNREFUSED).\n");
  });

  it("rules about a person whom they do not name are a failure, with and without the word serve", async () => {
    const rules = written("rules.yaml", 'access: [{ who: [nobody-known], read: ["*"] }]\n');
    expect(await wrongs([...local, "--rules", rules])).toEqual([
      expect.stringMatching(/^rules: --rules: .*nobody-known/),
    ]);
    for (const [args, env] of [
      [["--rules", rules], {}],
      [[], { CLOUDCERT_RULES: rules }],
    ] as const) {
      const { code, out } = await inProcess(["--sandbox", ...args, "--json"], env);
      const { serve } = z.object({ serve: report }).parse(JSON.parse(out));
      expect([code, of(serve, "rules")[0]?.state]).toEqual([1, "failure"]);
      expect(of(serve, "serve")[0]).toMatchObject({ state: "not checked" });
    }
  });

  it("that can be used are said to be, and a person reads them apart", async () => {
    const issuer = await startIssuer();
    cleanups.push(() => issuer.close());
    const rules = written(
      "rules.yaml",
      `people: { ann: ["${issuer.url}#ann"] }\naccess: [{ who: [ann], read: ["*"] }]\n`,
    );
    const login = ["--issuer", issuer.url, "--login-client", "client", "--rules", rules];
    const { code, out } = await inProcess(["serve", "--sandbox", ...local, ...login]);
    expect(code).toBe(0);
    const [, serve = ""] = out.split("doctor, serve\n");
    expect(serve).toMatch(/^ok +serve +The settings go together; the endpoint is http:\/\/127\.0\.0\.1:8080\/mcp\.$/m);
    expect(serve).toMatch(/^ok +identity provider +http:\/\/127\.0\.0\.1:\d+ answers, and its keys can be read\.$/m);
    expect(serve).toMatch(/^ok +rules +\S+rules\.yaml can be used\.$/m);
    expect(serve).toMatch(/^Failures: 0, warnings: 0, ok: 4, not checked: 0$/m);
    // People decide on its pages, not in a form.
    expect(out).not.toContain("elicit");
  });

  it("are looked at by the built program, too", wide, async () => {
    const { code, out } = await run(["--sandbox"], { CLOUDCERT_HTTP: "nonsense" });
    expect([code, out]).toEqual([1, expect.stringContaining('CLOUDCERT_HTTP: "nonsense" is not an address')]);
  });
});

describe("check_setup, as the assistant calls it", () => {
  it("says what this client declared, and names no way to approve", wide, async () => {
    const { args, env } = pointedAt(sandbox);
    const assistant = await startAssistant(args, { env });
    cleanups.push(() => assistant.close());
    const found = report.parse(await assistant.result("check_setup"));
    expect(found.verdict).not.toBe("failure");
    expect(of(found, "client")[0]?.says).toBe("test-client 1 declares elicitation.");
    expect(of(found, "approval")[0]).toMatchObject({
      state: "ok",
      says: "elicit: test-client declares that it shows forms.",
    });
    expect(JSON.stringify(found)).not.toMatch(/(?:cli\.js|cloudcert-mcp)['"]? approve/);
  });

  it("says that a client without forms cannot ask, where nothing else may", wide, async () => {
    const { args, env } = pointedAt(sandbox);
    const assistant = await startAssistant([...args, "--approve", "elicit"], { env, person: null });
    cleanups.push(() => assistant.close());
    const found = report.parse(await assistant.result("check_setup"));
    expect(faults(found)).toMatchObject([{ check: "approval", says: expect.stringContaining("does not declare") }]);
  });
});
