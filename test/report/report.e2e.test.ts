import { existsSync, mkdtempSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Sandbox, startSandbox } from "../../src/sandbox/server.js";
import { contrastFaults, describeInChromium } from "../approval/page/browser-support.js";
import { pointedAt } from "../support/assistant.js";
import { runCommand } from "../support/command.js";
import { accountsAt, refused, startClouds, tencent } from "../support/scripted-cloud.js";
import { wide } from "../support/width.js";

const folder = mkdtempSync(join(tmpdir(), "cloudcert-report-"));
let count = 0;
const newPath = () => {
  count += 1;
  return join(folder, `report-${count}.html`);
};

const report = (args: readonly string[], env: Readonly<Record<string, string>> = {}) =>
  runCommand(["report", ...args], env);

/** The text of a document, as far as one can tell without a browser. */
const textIn = (html: string) => html.replace(/<style>[\s\S]*?<\/style>/, "").replace(/<[^>]+>/g, "\n");

describe("cloudcert-mcp report", () => {
  let sandbox: Sandbox;
  beforeAll(async () => {
    sandbox = await startSandbox({ domains: 300 });
  });
  afterAll(() => sandbox.close());

  it("writes every page of the inventory, using read-only calls", async () => {
    const path = newPath();
    const { args, env } = pointedAt(sandbox);
    const { code, out, err } = await report(["--out", path, ...args], env);
    expect({ code, err }).toEqual({ code: 0, err: "" });
    const told = /^"(.+)" written: (\d+) certificates and (\d+) domains, using read-only calls.\n$/.exec(out) ?? [];
    expect(told[1]).toBe(path);
    const html = readFileSync(path, "utf8");
    expect(html.match(/<tr role="row" class="is-/g)).toHaveLength(Number(told[2]) + Number(told[3]));
    const names = Array.from({ length: 300 }, (_, index) => `site-${String(index).padStart(5, "0")}.example.com`);
    expect(names.filter((name) => !html.includes(`<b>${name}</b>`))).toEqual([]);
    expect(new Set(sandbox.requests.map(({ effect }) => effect))).toEqual(new Set(["read"]));
    expect(statSync(path).mode & 0o777).toBe(0o644 & ~process.umask());
    // The lists are read once, however many pages the inventory has.
    const lists = sandbox.requests.filter(({ operation }) => operation === "DescribeCertificates");
    expect(lists).toHaveLength(1);
  });

  it("begins with what could not be seen", wide, async () => {
    const path = newPath();
    const { args, env } = pointedAt(sandbox);
    const { code, out } = await report(["--out", path, "--deny", "DescribeVodUserDomains", ...args], env);
    expect(code).toBe(0);
    expect(out).toContain("Not everything could be seen; the page begins with what is missing.");
    const text = textIn(readFileSync(path, "utf8"));
    expect(text).toContain("Alibaba Cloud VOD: the domains could not be listed");
    expect(text.indexOf("Not seen")).toBeGreaterThan(0);
    expect(text.indexOf("Not seen")).toBeLessThan(text.indexOf("expire within 30 days"));
  });

  it("looks at what is served, if asked", wide, async () => {
    const path = newPath();
    const { code } = await report(["--sandbox", "--edges", "--out", path]);
    expect(code).toBe(0);
    expect(textIn(readFileSync(path, "utf8"))).toContain("CN=Cloudcert Sandbox Issuing CA");
  });

  it("overwrites nothing unless told to, and leaves nothing else behind", wide, async () => {
    const path = newPath();
    writeFileSync(path, "mine");
    const refused = await report(["--sandbox", "--out", path]);
    expect(refused).toEqual({
      code: 1,
      out: "",
      err: `cloudcert-mcp: "${path}" is there already; --force replaces it.\n`,
    });
    expect(readFileSync(path, "utf8")).toBe("mine");
    expect((await report(["--sandbox", `--out=${path}`, "--force"])).code).toBe(0);
    expect(readFileSync(path, "utf8")).toContain("<!doctype html>");
    const nowhere = join(folder, "nowhere", "report.html");
    const missing = await report(["--sandbox", "--out", nowhere]);
    expect(missing.code).toBe(1);
    expect(missing.err).toContain("No report was written. ENOENT");
    // The file that was asked for, and not the one that is written first.
    expect(missing.err).toContain(`'${nowhere}'`);
    expect(readdirSync(folder).filter((name) => !name.endsWith(".html"))).toEqual([]);
  });

  it("says in one line what is wrong with the command", wide, async () => {
    expect(await report(["--sandbox"])).toEqual({
      code: 2,
      out: "",
      err: "cloudcert-mcp: report requires --out FILE\n",
    });
    const unknown = await report(["--out", newPath(), "--colour", "red"]);
    expect(unknown.code).toBe(2);
    expect(unknown.err).toContain("--colour");
  });

  it("writes nothing if nothing can be read", wide, async () => {
    const path = newPath();
    const nobody = ["--endpoint", "tencent-ssl=http://127.0.0.1:1", "--services", "tencent-ssl", "--timeout", "2"];
    const { code, err } = await report(["--out", path, ...nobody], sandbox.env);
    expect(code).toBe(1);
    expect(err).toContain("No report was written.");
    expect(existsSync(path)).toBe(false);
  });

  it("shows no secret and no e-mail address that a cloud repeats, in the page or on stderr", async () => {
    const clouds = await startClouds();
    try {
      const { args, env, secretKey } = accountsAt(clouds);
      const options = ["--services", "tencent-ssl,tencent-edgeone", ...args];
      const email = "maria.gonzalez@corp.example";
      const refusal = refused("FailedOperation", `Written to ${email}, signed with ${secretKey}.`);
      const row = { CertificateId: "AAAAAAAA", Alias: `web ${secretKey}`, Domain: "www.example.com", Status: 1 };
      const list = tencent({ TotalCount: 1, Certificates: [row] });
      const path = newPath();
      clouds.answers((action) => (action === "DescribeCertificates" ? list : refusal));
      const written = await report(["--out", path, ...options], env);
      expect(written.code).toBe(0);
      const html = readFileSync(path, "utf8");
      expect(html.includes("web ")).toBe(true);
      expect(html.includes("Written to m***@corp.example")).toBe(true);

      clouds.answers(() => refusal);
      const failed = await report(["--out", newPath(), ...options], env);
      expect(failed.code).toBe(1);
      expect(failed.err).toContain("Written to m***@corp.example");
      const told = [html, written.out, written.err, failed.out, failed.err].join("\n");
      expect([secretKey, email].filter((each) => told.includes(each))).toEqual([]);
    } finally {
      await clouds.close();
    }
  });

  describeInChromium("in a browser", (browser) => {
    it.each([
      ["en", "light"],
      ["zh-CN", "dark"],
    ] as const)("needs nothing else: %s, %s", wide, async (language, colorScheme) => {
      const path = newPath();
      const { out } = await report(["--sandbox", "--edges", "--language", language, "--out", path]);
      const title = language === "en" ? "Certificate expiry" : "证书到期情况";
      expect(out).toContain(language === "en" ? "using read-only calls" : "仅使用只读操作");
      for (const width of [1000, 360]) {
        const { tab, complaints } = await browser.openLink("about:blank", {
          colorScheme,
          viewport: { width, height: 740 },
        });
        const loaded: string[] = [];
        tab.on("request", (request) => loaded.push(request.url()));
        await tab.goto(pathToFileURL(path).href);
        expect(await tab.getByRole("heading", { level: 1 }).innerText()).toBe(title);
        expect(loaded).toEqual([pathToFileURL(path).href]);
        expect(complaints).toEqual([]);
        expect(await tab.locator("script").count()).toBe(0);
        expect(await tab.evaluate("document.scrollingElement.scrollWidth")).toBe(width);
        expect(await contrastFaults(tab)).toEqual([]);
      }
    });
  });
});
