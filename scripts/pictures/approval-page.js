import { createInterface } from "node:readline";
import { startAssistant } from "./assistant.js";
import { launchBrowser } from "./browser.js";
import { deployment, search, successorIn } from "./storefront.js";

/** @returns a PNG of the page that asks a person about a deployment */
export async function approvalPage() {
  const assistant = await startAssistant(["--approve", "page"]);
  const browser = await launchBrowser();
  try {
    const id = successorIn(await assistant.call("find_certificates", search));
    const link = linkIn(assistant.stderr);
    const deployed = assistant.call("deploy_certificate", deployment(id));
    const tab = await browser.newPage({
      locale: "en-GB",
      viewport: { width: 800, height: 600 },
      deviceScaleFactor: 1.75,
    });
    await tab.goto(await link);
    const picture = await tab.screenshot({ fullPage: true });
    await tab.getByRole("button", { name: "Approve" }).click();
    await deployed;
    return picture;
  } finally {
    await browser.close();
    await assistant.close();
  }
}

async function linkIn(stderr) {
  for await (const line of createInterface({ input: stderr })) {
    const [, link] = /waits for approval: (http\S+)/.exec(line) ?? [];
    if (link !== undefined) return link;
  }
  throw new Error("the server ended without a link");
}
