import { expect, it } from "vitest";
import { viewDocument } from "../../src/view/documents.js";
import { contrastFaults, describeInChromium } from "../approval/page/browser-support.js";
import { ofRows, rows, wide } from "../support/width.js";
import { inventory, job } from "./samples.js";
import { type HostedView, hosted } from "./support.js";

const html = viewDocument();
const text = ({ view }: HostedView) => view.locator("body").innerText();
const row = ({ view }: HostedView, name: string) => view.getByRole("row").filter({ hasText: name }).last();
const heading = ({ view }: HostedView, name: string) => view.getByRole("heading", { level: 1, name });

describeInChromium("the view in a host", (browser) => {
  it("greets as the document says, tells its size, and answers what the host asks", async () => {
    await using host = await hosted(browser, html);
    await host.input({});
    await host.result(inventory);
    await heading(host, "Certificate expiry").waitFor();
    expect((await host.methods()).slice(0, 2)).toEqual(["ui/initialize", "ui/notifications/initialized"]);
    await host.tab.waitForFunction('document.querySelector("iframe").clientHeight > 500');
    expect(await host.view.evaluate("document.scrollingElement.scrollHeight <= innerHeight")).toBe(true);
    expect(await host.ask("ping", {})).toEqual({});
    expect(await host.ask("ui/resource-teardown", { reason: "test" })).toEqual({});
    expect(await host.ask("sampling/createMessage", {})).toMatchObject({ code: -32601 });
  });

  it("shows an inventory: what is not seen first, counts, and expiry dates, with drift", async () => {
    await using host = await hosted(browser, html);
    await host.input({ with_edges: true });
    await host.result(inventory);
    const { view } = host;
    await heading(host, "Certificate expiry").waitFor();
    const first = view.locator("main > section").first();
    expect(await first.getByRole("heading").innerText()).toBe("Not seen");
    expect(await first.innerText()).toContain("no right to DescribeVodUserDomains");
    expect(await text(host)).toContain("Shows 7 of 243.");
    expect(await text(host)).toContain("1 serves something other than what its cloud lists");
    const overview = view.getByRole("table", { name: "By service" });
    expect(await overview.getByRole("row").allInnerTexts()).toEqual([
      "Service\tExpired\t7 days\t30 days\t90 days\tLater\tNo expiry date",
      "Alibaba Cloud CDN: domains\t0\t1\t0\t0\t0\t1",
      "Huawei Cloud Live: domains\t0\t0\t0\t0\t0\t1",
      "Tencent Cloud EdgeOne: domains\t0\t0\t0\t1\t0\t0",
      "Tencent Cloud SSL: stored certificates\t1\t0\t1\t0\t0\t1",
    ]);
    const drifting = await row(host, "img.example.com").innerText();
    for (const part of ["in 5 days", "in 2 days", "Differs", "another certificate than the cloud lists", "AyqfDJN3"])
      expect(drifting).toContain(part);
    expect(await row(host, "legacy.example.org").innerText()).toContain("expired 12 days ago");
    expect(await row(host, "*.cdn.example.com").innerText()).toContain("HTTPS is off");
    expect(await row(host, "play.example.com").innerText()).toContain("Changing");
    const stored = view.getByRole("table", { name: "Tencent Cloud SSL: stored certificates" });
    expect(await stored.getByRole("cell", { name: "www.example.com CLB lb-1 listener lbl-2" }).count()).toBe(1);
    expect(await stored.getByRole("rowheader").allInnerTexts()).toEqual([
      "legacy.example.org",
      "example.com\n*.example.com\n+3",
      "preview.example.org",
    ]);
  });

  it("shows a job: what each target had and gets, what was accepted, and only then what is served", async () => {
    await using host = await hosted(browser, html);
    await host.input({ certificate_id: "AyqfDJN3", targets: [] });
    await host.result(job);
    await heading(host, "Deployment Job d-20261128-1").waitFor();
    const cells = async (name: string) => (await row(host, name).getByRole("cell").allInnerTexts()).join(" | ");
    expect(await cells("www.example.com")).toBe(
      "certificate fpIhH9PM | example.com, *.example.com | 2026-11-28 17:40 UTC | served\n2 of 2 addresses",
    );
    expect(await cells("img.example.com")).toContain("accepted, not seen served yet\n0 of 2 addresses");
    expect(await cells("play.example.com")).toContain("failed\nThe cloud refused it: no right.");
    expect(await host.view.getByRole("status").innerText()).toBe(
      "1 served · 1 accepted, not seen served yet · 1 failed",
    );
    expect(await text(host)).toContain("Next: Accepted is not served yet");
  });

  it("shows the plan of a call that runs, and says when the host passes on no progress", wide, async () => {
    await using host = await hosted(browser, html, {
      hostContext: { toolInfo: { tool: { name: "deploy_certificate" } } },
    });
    await host.input({
      certificate_id: "AyqfDJN3",
      private_key: "file:/keys/secret.pem",
      targets: [{ service: "alibaba-cdn", domains: ["img.example.com"] }],
    });
    await row(host, "alibaba-cdn img.example.com").waitFor();
    expect(await text(host)).toContain("A person is asked before anything is sent.");
    expect(await text(host)).toContain("This host does not pass on progress");
    expect(await text(host)).not.toContain("secret.pem");
    await host.result(job);
    await heading(host, "Deployment Job d-20261128-1").waitFor();
  });

  it("moves while the job runs, where the host passes on calls", wide, async () => {
    const states = [
      { jobs: [] },
      { jobs: [{ ...job, working: true, targets: job.targets.map((each) => ({ ...each, state: "not attempted" })) }] },
      { jobs: [{ ...job, working: true }] },
    ];
    const calls: unknown[] = [];
    await using host = await hosted(browser, html, {
      callTool: async (call) => {
        calls.push(call);
        return { content: [], structuredContent: states[Math.min(calls.length, states.length) - 1] };
      },
      hostContext: { toolInfo: { tool: { name: "deploy_certificate" } } },
    });
    await host.input({ certificate_id: "AyqfDJN3", targets: [{ domains: ["img.example.com"] }] });
    const { view } = host;
    await view
      .getByRole("status")
      .filter({ hasText: /^3 not sent$/ })
      .waitFor();
    await view.getByRole("status").filter({ hasText: "1 accepted, not seen served yet" }).waitFor();
    expect(calls[0]).toEqual({ name: "list_jobs", arguments: {} });
    expect(await text(host)).toContain("Updates while the job runs.");
    // The call ends; what it started goes on, until it is served.
    states.push({
      jobs: [{ ...job, working: true, targets: job.targets.map((each) => ({ ...each, state: "served" })) }],
    });
    await host.result(job);
    await view
      .getByRole("status")
      .filter({ hasText: /^3 served$/ })
      .waitFor();
    expect(calls.at(-1)).toEqual({ name: "list_jobs", arguments: { job: job.job } });
    const asked = calls.length;
    await host.ask("ping", {});
    expect(calls.length).toBe(asked);
  });

  it("shows failures, calls that go on, cancelled calls, and replies that it does not know", wide, async () => {
    const failure = {
      isError: true,
      content: [],
      structuredContent: { error: { happened: "It broke.", next: "Wait." } },
    };
    for (const [method, params, told] of [
      ["tool-result", failure, "The call failed\n\nIt broke.\n\nNext: Wait."],
      ["tool-result", { isError: true, content: [{ type: "text", text: "Plain." }] }, "The call failed\n\nPlain."],
      [
        "tool-result",
        { content: [], structuredContent: { happened: "A person is asked.", next: "Call again." } },
        "Still running",
      ],
      ["tool-result", { content: [{ type: "text", text: "?" }] }, "This reply has no visual view"],
      ["tool-cancelled", { reason: "by the person" }, "The call was cancelled."],
    ] as const) {
      await using host = await hosted(browser, html);
      await host.input({});
      await host.notify(`ui/notifications/${method}`, params);
      await host.view
        .getByRole("status")
        .filter({ hasText: told.split("\n")[0] ?? "" })
        .waitFor();
      expect(await text(host)).toContain(told);
    }
  });

  it("listens to its host alone", async () => {
    await using host = await hosted(browser, html);
    await host.input({});
    const forged = { jsonrpc: "2.0", method: "ui/notifications/tool-result", params: { structuredContent: job } };
    await host.view.evaluate(`window.postMessage(${JSON.stringify(forged)}, "*")`);
    // The answer to a later message: the forged one has been received by then.
    await host.ask("ping", {});
    expect(await text(host)).toBe("Reading the clouds…");
    await host.result(job);
    await heading(host, "Deployment").waitFor();
  });

  it("shows hostile text as text, loads nothing, and breaks no rule of the host", async () => {
    const hostile = `</script><script>document.title="taken"</script><img src=x onerror="document.title='taken'">\u202Emoc.elpmaxe`;
    const long = `${"a-very-long-label-".repeat(12)}example.com`;
    const [first, ...others] = inventory.domains;
    await using host = await hosted(browser, html, { browser: { viewport: { width: 360, height: 740 } } });
    await host.input({});
    await host.result({
      ...inventory,
      incomplete: [hostile],
      domains: [{ ...first, domain: hostile, drift: hostile, edge: hostile }, { ...first, domain: long }, ...others],
      unknown: { nested: [hostile] },
      certificates: [{ certificate_id: 7, names: "no list", not_after: 12, days_left: "soon" }, null, "text", []],
    });
    await heading(host, "Certificate expiry").waitFor();
    expect(await text(host)).toContain("<img src=x onerror=\"document.title='taken'\"><U+202E>moc.elpmaxe");
    expect(await host.view.locator("img, main script").count()).toBe(0);
    expect(await host.view.title()).toBe("Certificate expiry · cloudcert-mcp");
    expect(await host.view.evaluate("document.scrollingElement.scrollWidth")).toBe(360);
    expect(host.loaded).toEqual([]);
    expect(host.complaints).toEqual([]);
    expect(await host.tab.evaluate("violations")).toEqual([]);
  });

  it("shows 5,000 rows", wide, async () => {
    const domains = Array.from({ length: 5_000 }, (_, index) => ({
      domain: `host-${index}.example.com`,
      service: "alibaba-cdn",
      https: "on",
      certificates: [{ name: "c", not_after: "2027-01-01T00:00:00Z", days_left: index % 200 }],
    }));
    await using host = await hosted(browser, html);
    await host.input({});
    await host.result({ domains });
    // Not by role: to work that out for every cell takes Playwright longer than the view takes to show them.
    const rows = host.view.locator("table.rows tbody tr");
    await rows.nth(4_999).waitFor({ state: "attached" });
    expect(await rows.count()).toBe(5_000);
    expect(await rows.nth(4_999).innerText()).toContain("in 199 days");
  });

  it.each(rows(["light", "dark"], 1))("keeps the contrast of WCAG AA: %s", ofRows, async (theme) => {
    const other = theme === "dark" ? "light" : "dark";
    await using host = await hosted(browser, html, { hostContext: { theme }, browser: { colorScheme: other } });
    await host.input({});
    for (const reply of [inventory, job]) {
      await host.result(reply);
      await host.view.getByRole("rowheader").first().waitFor();
      expect(await contrastFaults(host.view)).toEqual([]);
    }
    const ground = await host.view.evaluate("getComputedStyle(document.body).backgroundColor");
    expect(ground).toBe(theme === "dark" ? "rgb(14, 17, 21)" : "rgb(243, 244, 246)");
    await host.notify("ui/notifications/host-context-changed", { theme: other });
    await host.view.waitForFunction(`document.documentElement.dataset.theme === "${other}"`);
    expect(await contrastFaults(host.view)).toEqual([]);
  });

  it("speaks the host's language, and the other one when that changes", wide, async () => {
    await using host = await hosted(browser, html, { hostContext: { locale: "zh-CN" } });
    await host.input({});
    await host.result(inventory);
    await heading(host, "证书到期情况").waitFor();
    expect(await host.view.locator("html").getAttribute("lang")).toBe("zh-Hans");
    expect(await row(host, "img.example.com").innerText()).toContain("边缘节点返回的证书与云平台列出的不同。");
    // What a reply says is in English, and marked as such.
    expect(await host.view.locator("ul[lang=en]").count()).toBe(2);
    await host.notify("ui/notifications/host-context-changed", { locale: "en-GB" });
    await heading(host, "Certificate expiry").waitFor();
  });

  it("can be used by keyboard and screen reader", wide, async () => {
    await using host = await hosted(browser, html);
    await host.input({});
    await host.result(inventory);
    const { view, tab } = host;
    await heading(host, "Certificate expiry").waitFor();
    for (const table of await view.getByRole("table").all()) {
      expect(await table.getByRole("columnheader").count()).toBeGreaterThan(2);
      expect(await table.getByRole("rowheader").count()).toBeGreaterThan(0);
    }
    expect(await view.getByRole("region").count()).toBe(7);
    expect(await view.locator("svg:not([aria-hidden=true])").count()).toBe(0);
    await view.locator("summary").first().focus();
    await tab.keyboard.press("Enter");
    expect(await view.locator("details").first().getAttribute("open")).toBeNull();
    // What a person has folded stays so when something new arrives.
    await host.result({ ...inventory, matching: 4 });
    await view.getByText("Shows 7 of 244.").waitFor();
    expect(await view.locator("details").first().getAttribute("open")).toBeNull();
    expect(await view.evaluate("document.activeElement.localName")).toBe("summary");
    await tab.keyboard.press("Tab");
    expect(await view.evaluate("getComputedStyle(document.activeElement).outlineStyle")).toBe("solid");
  });
});
