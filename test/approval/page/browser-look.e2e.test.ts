import type { Locator } from "playwright-core";
import { describe, expect, it } from "vitest";
import type { Plan } from "../../../src/approval/plan.js";
import { ofRows, rows, wide } from "../../support/width.js";
import {
  approve,
  contrastFaults,
  decline,
  describeInChromium,
  shown,
  title,
  widestElement,
} from "./browser-support.js";
import { destroyPlan, requestAt, row, trafficPlan } from "./support.js";

describeInChromium("the look of the page", (browser) => {
  it("shows the plan: what is asked, warnings first, now beside then", async () => {
    const { tab, complaints } = await browser.open(requestAt().request);
    expect(await title(tab)).toBe(trafficPlan.question);
    expect(await tab.title()).toBe("Approval needed: Set the certificates of EdgeOne hosts · cloudcert-mcp");
    for (const text of [
      "Tencent Cloud EdgeOne",
      "access key AKID…9xYz",
      "Changes what a live domain serves. Affects 2 objects.",
    ]) {
      expect(await tab.getByText(text, { exact: true }).isVisible()).toBe(true);
    }
    expect(await tab.getByRole("region", { name: "Before you approve" }).getByRole("listitem").count()).toBe(2);
    const table = tab.getByRole("table", { name: "What changes" });
    expect(await table.getByRole("columnheader").allTextContents()).toEqual(["Object", "Now", "After"]);
    expect(await top(tab.getByRole("region", { name: "Before you approve" }))).toBeLessThan(await top(table));
    const [now, then] = [table.getByRole("cell").nth(0), table.getByRole("cell").nth(1)];
    expect(await top(now)).toBe(await top(then));
    expect(await tab.getByText("zone-2noz78a8ev6k", { exact: true }).isVisible()).toBe(false);
    await tab.getByText("Facts and every argument that will be sent").click();
    expect(await tab.getByText("zone-2noz78a8ev6k", { exact: true }).isVisible()).toBe(true);
    expect(complaints).toEqual([]);
  });

  it("speaks Chinese to a Chinese browser", async () => {
    const { request } = requestAt(destroyPlan);
    const { tab } = await browser.open(request, { locale: "zh-CN" });
    expect(await tab.locator("html").getAttribute("lang")).toBe("zh-Hans");
    expect(await tab.getByText("无法撤销。").isVisible()).toBe(true);
    expect(await title(tab)).toBe(destroyPlan.question);
    await tab.getByLabel("如要批准，请输入 kR7pQ2x9").fill("kR7pQ2x9");
    await tab.getByRole("button", { name: "批准" }).click();
    await shown(tab, "已批准");
    expect(request.verdict).toBe("approved");
  });

  describe("at phone width", () => {
    const long = `${"a-very-long-label.".repeat(12)}example.com`;
    const unbroken = "x".repeat(300);
    const longPlan: Plan = {
      ...destroyPlan,
      where: unbroken,
      account: unbroken,
      question: `Delete ${unbroken} of ${long}?`,
      warnings: [unbroken, long],
      rows: [row(unbroken, unbroken, unbroken, long), row(long, "status", long, unbroken)],
      facts: [[unbroken, unbroken]],
      details: [[long, `${unbroken}\n${unbroken}`]],
      typed: long,
    };

    it.each(rows([320, 360, 390], 1))("of %d pixels nothing is cut off or scrolls sideways", ofRows, async (width) => {
      for (const plan of [trafficPlan, destroyPlan, longPlan]) {
        const { tab } = await browser.open(requestAt(plan).request, { viewport: { width, height: 740 } });
        await tab.locator("summary").click();
        expect(await tab.evaluate("document.scrollingElement.scrollWidth")).toBe(width);
        expect(await widestElement(tab)).toBeLessThanOrEqual(width);
        await decline(tab).click();
        await shown(tab, "Declined");
        expect(await tab.evaluate("document.scrollingElement.scrollWidth")).toBe(width);
      }
    });

    it("after stands below now, each with its label", wide, async () => {
      const { tab } = await browser.open(requestAt().request, { viewport: { width: 360, height: 740 } });
      const [now, then] = [tab.getByRole("cell").nth(0), tab.getByRole("cell").nth(1)];
      expect(await top(now)).toBeLessThan(await top(then));
      expect(await now.innerText()).toMatch(/^Now\s+teo-1x8d0a7bfh2k/);
      expect(await then.innerText()).toMatch(/^After\s+teo-2o1tvgiyqsmz/);
    });
  });

  it.each(rows(["light", "dark"] as const, 1))("keeps the contrast of WCAG AA: %s", ofRows, async (colorScheme) => {
    const grounds = new Set<unknown>();
    for (const plan of [trafficPlan, destroyPlan, { ...trafficPlan, effect: "create" as const }]) {
      const { tab } = await browser.open(requestAt(plan).request, { colorScheme });
      await tab.locator("summary").click();
      if (plan.typed !== undefined) await approve(tab).click();
      grounds.add(await tab.evaluate("getComputedStyle(document.body).backgroundColor"));
      expect(await contrastFaults(tab)).toEqual([]);
      await decline(tab).click();
      await shown(tab, "Declined");
      expect(await contrastFaults(tab)).toEqual([]);
    }
    expect([...grounds]).toEqual([colorScheme === "dark" ? "rgb(14, 17, 21)" : "rgb(243, 244, 246)"]);
  });

  it("shows hostile text as text", async () => {
    const question = `</h1><script>document.title = "taken"</script><img src=x onerror="document.title = 'taken'">?`;
    const { tab } = await browser.open(requestAt({ ...trafficPlan, question }).request);
    expect(await title(tab)).toBe(question);
    expect(await tab.title()).toContain("Approval needed");
    expect(await tab.locator("script, img").count()).toBe(0);
  });
});

async function top(element: Locator): Promise<number> {
  return (await element.boundingBox())?.y ?? Number.NaN;
}
