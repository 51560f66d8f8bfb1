import type { Page } from "playwright-core";
import { describe, expect, it } from "vitest";
import { wide } from "../../support/width.js";
import { approve, decline, describeInChromium, foreignPage, shown } from "./browser-support.js";
import { csrfTokenIn, destroyPlan, requestAt, send } from "./support.js";

describeInChromium("deciding on the page", (browser) => {
  const nameField = (tab: Page) => tab.getByLabel("To approve, type kR7pQ2x9");

  it("approves", async () => {
    const { request } = requestAt();
    const { tab } = await browser.open(request);
    await approve(tab).click();
    await shown(tab, "Approved");
    expect([request.verdict, request.ending?.channel]).toEqual(["approved", "page"]);
  });

  it("declines", async () => {
    const { request } = requestAt();
    const { tab } = await browser.open(request);
    await decline(tab).click();
    await shown(tab, "Declined");
    expect(request.verdict).toBe("declined");
  });

  it("approves with the typed name, and lets a slip of the finger be mended", async () => {
    const { request } = requestAt(destroyPlan);
    const { tab } = await browser.open(request);
    await approve(tab).click();
    await nameField(tab).fill("kR7pQ2");
    await approve(tab).click();
    expect(await tab.getByText("This is not the name.").isVisible()).toBe(true);
    expect(request.open).toBe(true);
    await nameField(tab).fill("kR7pQ2x9");
    expect(await tab.getByText("This is not the name.").isVisible()).toBe(false);
    await approve(tab).click();
    await shown(tab, "Approved");
    expect(request.verdict).toBe("approved");
  });

  it("approves nothing with the wrong name, where the browser lets it pass", async () => {
    const { request } = requestAt(destroyPlan);
    const { tab } = await browser.open(request);
    await tab.evaluate("document.forms[0].noValidate = true");
    await nameField(tab).fill("kR7pQ2x8");
    await approve(tab).click();
    await shown(tab, "Not approved: the name did not match");
    expect(request.verdict).toBe("wrong name");
  });

  it("declines without the name", wide, async () => {
    const { request } = requestAt(destroyPlan);
    const { tab } = await browser.open(request);
    await decline(tab).click();
    await shown(tab, "Declined");
    expect(request.verdict).toBe("declined");
  });

  it("is gone after its first use: opened again, gone back to and submitted again", async () => {
    const { request } = requestAt();
    const { tab, link } = await browser.open(request);
    const { tab: second } = await browser.openLink(link);
    await decline(tab).click();
    await shown(tab, "Declined");
    await approve(second).click();
    await shown(second, "Already decided");
    expect((await second.goto(link))?.status()).toBe(410);
    await tab.goBack();
    await shown(tab, "Already decided");
    expect(request.verdict).toBe("declined");
  });

  it("is gone after its time", async () => {
    const { request, expire } = requestAt();
    const { tab } = await browser.open(request);
    expire();
    await approve(tab).click();
    await shown(tab, "Expired");
    expect((await tab.goto(tab.url()))?.status()).toBe(410);
    expect(request.verdict).toBeUndefined();
  });

  it.each([
    ["approve", "approved"],
    ["decline", "declined"],
  ])("works without JavaScript: %s", async (value, verdict) => {
    const { request } = requestAt(destroyPlan);
    const { tab } = await browser.open(request, { javaScriptEnabled: false });
    await nameField(tab).fill("kR7pQ2x9");
    await tab.locator(`button[value=${value}]`).click();
    await shown(tab, verdict === "approved" ? "Approved" : "Declined");
    expect(request.verdict).toBe(verdict);
  });

  describe("by keyboard", () => {
    const focused = (tab: Page) => tab.locator(":focus").textContent();
    const focusedTag = (tab: Page) => tab.evaluate("document.activeElement.tagName");

    it("reaches everything in reading order, with the focus in sight", async () => {
      const { tab } = await browser.open(requestAt(destroyPlan).request);
      for (const name of ["SUMMARY", "INPUT", "BUTTON", "BUTTON"]) {
        await tab.keyboard.press("Tab");
        expect(await focusedTag(tab)).toBe(name);
        expect(await tab.evaluate("getComputedStyle(document.activeElement).outlineStyle")).toBe("solid");
      }
      expect(await focused(tab)).toBe("Approve");
    });

    it.each([
      ["Decline", "declined", "Tab"],
      ["Approve", "approved", "Tab Tab"],
    ])("Enter in the name's field does nothing, on the button %s it counts", async (name, verdict, keys) => {
      const { request } = requestAt(destroyPlan);
      const { tab } = await browser.open(request);
      await nameField(tab).focus();
      await tab.keyboard.type("kR7pQ2x9");
      await tab.keyboard.press("Enter");
      for (const key of keys.split(" ")) await tab.keyboard.press(key);
      expect(await focused(tab)).toBe(name);
      await tab.keyboard.press("Enter");
      await shown(tab, name === "Approve" ? "Approved" : "Declined");
      expect(request.verdict).toBe(verdict);
    });

    it("Enter on the page that just opened does nothing", async () => {
      const { request } = requestAt();
      const { tab } = await browser.open(request);
      await tab.keyboard.press("Enter");
      await tab.keyboard.press("Tab");
      expect(await focusedTag(tab)).toBe("SUMMARY");
      expect(request.open).toBe(true);
    });
  });

  describe("before a foreign page", () => {
    it("does not show itself in a frame", async () => {
      const link = await browser.offer(requestAt().request);
      await using foreign = await foreignPage(`<iframe src="${link}"></iframe>`);
      const { tab, complaints } = await browser.openLink(foreign.url);
      expect(tab.frames()[1]?.url()).toBe("chrome-error://chromewebdata/");
      expect(complaints.join()).toContain("frame-ancestors 'none'");
    });

    it("takes no form, even one that knows link and CSRF token", async () => {
      const { request } = requestAt();
      const link = await browser.offer(request);
      const csrfToken = csrfTokenIn((await send(link)).body);
      const fields = `<input name="csrfToken" value="${csrfToken}"><button name="decision" value="approve">Go</button>`;
      await using foreign = await foreignPage(`<form method="post" action="${link}">${fields}</form>`);
      const { tab } = await browser.openLink(foreign.url);
      const answered = tab.waitForResponse(link);
      await tab.getByRole("button").click();
      expect((await answered).status()).toBe(403);
      expect(request.open).toBe(true);
    });

    it("takes no request of a script", async () => {
      const { request } = requestAt();
      const link = await browser.offer(request);
      const csrfToken = csrfTokenIn((await send(link)).body);
      await using foreign = await foreignPage("");
      const { tab } = await browser.openLink(foreign.url);
      const body = `new URLSearchParams({ csrfToken: "${csrfToken}", decision: "approve" })`;
      const fetching = `fetch("${link}", { method: "POST", mode: "no-cors", body: ${body} })`;
      expect(await tab.evaluate(`${fetching}.then(() => "answered", () => "blocked")`)).toBe("blocked");
      expect(request.open).toBe(true);
    });
  });
});
