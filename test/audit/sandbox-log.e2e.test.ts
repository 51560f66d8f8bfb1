import { mkdtempSync } from "node:fs";
import { tmpdir, userInfo } from "node:os";
import { basename, join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Assistant, saysYes, startAssistant } from "../support/assistant.js";
import { runCommand } from "../support/command.js";
import { ofRows, rows } from "../support/width.js";

/** What a newcomer meets who tries his own names in the sandbox, and then looks for what was recorded. */

const home = mkdtempSync(join(tmpdir(), "cloudcert-home-"));
const env = { HOME: home, XDG_STATE_HOME: join(home, "state") };
let assistant: Assistant;
beforeAll(async () => {
  assistant = await startAssistant(["--sandbox", "--sandbox-speed", "600"], { env, person: saysYes });
});
afterAll(() => assistant.close());

const audit = (...args: readonly string[]) => runCommand(["audit", ...args], env);

it("before anything is recorded, both places are named", async () => {
  const { code, err } = await audit("show");
  expect(code).toBe(2);
  expect(err).toMatch(/no audit log at \S+audit\.jsonl, and none of the sandbox at \S+audit-sandbox\.jsonl/);
});

it.runIf(process.platform === "linux")(
  "the place is the same in every directory, also where HOME is empty and XDG_STATE_HOME relative",
  async () => {
    const relative = { HOME: "", XDG_STATE_HOME: basename(home) };
    const { err } = await runCommand(["audit", "show"], relative, { cwd: home });
    const folder = join(userInfo().homedir, basename(home), "cloudcert-mcp");
    expect(err).toContain(`no audit log at ${join(folder, "audit.jsonl")}`);
  },
);

describe("what the sandbox has not is said to be the sandbox's lack, with what it has", () => {
  const off = { SSLProtocol: "off" };
  const scm = { tls_certificate: { source: "scm", cert_id: "scs1600000000000" } };
  const absent: readonly [tool: string, args: Record<string, unknown>, says: RegExp][] = [
    [
      "SetCdnDomainSSLCertificate",
      { DomainName: "cdn.mysite.com", ...off },
      /domain cdn\.mysite\.com in service; it has .*img\.example\.com/,
    ],
    [
      "SetVodDomainSSLCertificate",
      { DomainName: "vod.mysite.com", ...off },
      /domain vod\.mysite\.com in service; it has vod\.example\.com/,
    ],
    [
      "UpdateDomainHttpsCert",
      { project_id: "sandboxproject", domain: "live.mysite.com", ...scm },
      /domain live\.mysite\.com; it has .*play\.example\.com/,
    ],
    [
      "ModifyHostsCertificate",
      { ZoneId: "zone-mine", Hosts: ["a.mysite.com"], Mode: "disable" },
      /site zone-mine; it has zone-sandboxdemo/,
    ],
    [
      "ModifyHostsCertificate",
      { ZoneId: "zone-sandboxdemo", Hosts: ["a.mysite.com"], Mode: "disable" },
      /host a\.mysite\.com in site zone-sandboxdemo; it has .*www\.example\.com/,
    ],
    ["DescribeCertificate", { CertificateId: "abcdefgh" }, /certificate abcdefgh/],
    ["DescribeCSR", { CSRId: 999 }, /CSR 999/],
    ["DescribeHostUpdateRecordDetail", { DeployRecordId: "999" }, /deployment record 999/],
  ];
  it.each(rows(absent, 3))("%s %j", ofRows, async (tool, args, says) => {
    const said = await assistant.failure(tool, args);
    expect(said).toMatch(new RegExp(`This sandbox has no ${says.source}`));
  });

  it("and so is a domain that its edge does not serve", async () => {
    const seen = JSON.stringify(await assistant.result("check_served_certificate", { domains: ["www.mysite.com"] }));
    expect(seen).toContain("This sandbox has no domain www.mysite.com");
    const known = JSON.stringify(await assistant.result("check_served_certificate", { domains: ["www.example.com"] }));
    expect(known).not.toContain("This sandbox");
  });
});

describe("audit finds the sandbox's log", () => {
  it("where there is no other, and says whose it is", async () => {
    const { code, out, err } = await audit("show");
    expect(code).toBe(0);
    expect(out).toContain("ModifyHostsCertificate on tencent-edgeone");
    expect(err).toMatch(
      /^There is no audit log at \S+audit\.jsonl; this is the sandbox's, \S+audit-sandbox\.jsonl\.\n$/,
    );
  });

  it("by name", async () => {
    const { code, out, err } = await audit("verify", "--sandbox");
    expect({ code, err }).toEqual({ code: 0, err: "" });
    expect(out).toContain("The chain is whole");
  });

  it("but not in the place of one that was named", async () => {
    const { code, err } = await audit("show", "--audit-log", join(home, "other.jsonl"));
    expect(code).toBe(2);
    expect(err).toContain("there is no audit log at");
    expect((await audit("show", "--sandbox", "--audit-log", "x")).err).toContain("Usage:");
  });
});
