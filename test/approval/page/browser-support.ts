import { createServer } from "node:http";
import type { Browser, BrowserContext, BrowserContextOptions, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, describe } from "vitest";
import { z } from "zod";
import { ApprovalPage } from "../../../src/approval/page/server.js";
import type { ApprovalRequest } from "../../../src/approval/request.js";
import { sharedChromium, skipReason } from "../../support/chromium.js";
import { listen, stop } from "../../support/ports.js";

/** A tab, and what the browser complained of in its console. */
export interface Tab {
  readonly tab: Page;
  readonly link: string;
  readonly complaints: readonly string[];
}

/** A real browser and the server that it looks at. */
export class PageBrowser {
  readonly #page = new ApprovalPage();
  readonly #contexts: BrowserContext[] = [];
  #browser: Browser | undefined;

  async launch(): Promise<void> {
    this.#browser = await sharedChromium();
  }

  offer(request: ApprovalRequest): Promise<string> {
    return this.#page.offer(request);
  }

  async open(request: ApprovalRequest, options?: BrowserContextOptions): Promise<Tab> {
    return this.openLink(await this.offer(request), options);
  }

  async openLink(link: string, options?: BrowserContextOptions): Promise<Tab> {
    if (this.#browser === undefined) throw new Error("the browser was not launched");
    const size = { width: 1000, height: 800 };
    const context = await this.#browser.newContext({ locale: "en-US", viewport: size, ...options });
    this.#contexts.push(context);
    const tab = await context.newPage();
    // A loaded machine breaks any limit; a test that hangs is ended by vitest.
    tab.setDefaultTimeout(0);
    const complaints: string[] = [];
    tab.on("console", (message) => complaints.push(message.text()));
    await tab.goto(link);
    return { tab, link, complaints };
  }

  async closeTabs(): Promise<void> {
    for (const context of this.#contexts.splice(0)) await context.close();
  }

  async close(): Promise<void> {
    await this.closeTabs();
    await this.#page.close();
  }
}

/** Describes what a person sees and does in Chromium. Skipped where there is none, but never in CI. */
export function describeInChromium(what: string, tests: (browser: PageBrowser) => void): void {
  describe.skipIf(skipReason !== undefined)(skipReason === undefined ? what : `${what} (${skipReason})`, () => {
    const browser = new PageBrowser();
    beforeAll(() => browser.launch());
    afterEach(() => browser.closeTabs());
    afterAll(() => browser.close());
    tests(browser);
  });
}

export const approve = (tab: Page) => tab.getByRole("button", { name: "Approve" });
export const decline = (tab: Page) => tab.getByRole("button", { name: "Decline" });
export const title = (tab: Page) => tab.getByRole("heading", { level: 1 }).textContent();

/** Waits for the page of that title: a form is answered a moment after it was submitted. */
export const shown = (tab: Page, name: string) => tab.getByRole("heading", { level: 1, name }).waitFor();

/** A page of another origin on this machine. */
export async function foreignPage(body: string): Promise<{ readonly url: string } & AsyncDisposable> {
  const server = createServer((_request, response) => {
    response.setHeader("Content-Type", "text/html").end(`<!doctype html><title>Foreign</title>${body}`);
  });
  return {
    url: `http://127.0.0.1:${await listen(server)}/`,
    [Symbol.asyncDispose]: () => stop(server),
  };
}

/** The right edge of what reaches furthest; the hidden heads of the table's columns do not count. */
export async function widestElement(tab: Page): Promise<number> {
  const edges = "[...document.querySelectorAll('body *:not(thead *)')].map((e) => e.getBoundingClientRect().right)";
  return z.number().parse(await tab.evaluate(`Math.max(...${edges})`));
}

/** Texts whose colour does not stand out from their ground by 4.5 to 1. */
export async function contrastFaults(tab: Pick<Page, "evaluate">): Promise<string[]> {
  return z.array(z.string()).parse(await tab.evaluate(contrastScript));
}

const contrastScript = `(() => {
  const parse = (color) => color.match(/[\\d.]+/g).map(Number);
  const luminance = (color) => {
    const [r, g, b] = parse(color).map((part) => part / 255).map((part) => part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4);
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const ground = (element) => {
    const color = getComputedStyle(element).backgroundColor;
    return parse(color)[3] === 0 ? ground(element.parentElement) : color;
  };
  const ratio = (a, b) => (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
  const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  const faults = [];
  while (texts.nextNode()) {
    const element = texts.currentNode.parentElement;
    if (texts.currentNode.data.trim() === "" || !element.checkVisibility()) continue;
    const found = ratio(luminance(getComputedStyle(element).color), luminance(ground(element)));
    if (found < 4.5) faults.push(found.toFixed(2) + " " + texts.currentNode.data);
  }
  return faults;
})()`;
