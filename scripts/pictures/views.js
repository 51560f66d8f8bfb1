import { execFileSync } from "node:child_process";
import { once } from "node:events";
import { createServer } from "node:http";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { startAssistant } from "./assistant.js";
import { launchBrowser } from "./browser.js";
import { deployment, search, successorIn } from "./storefront.js";

const cli = fileURLToPath(new URL("../../dist/cli.js", import.meta.url));
const viewUri = "ui://cloudcert-mcp/view";

/** Every look: on a desktop and on a phone, light and dark, in either language. */
const looks = [
  { name: "desktop-light", width: 1000, theme: "light", locale: "en" },
  { name: "desktop-dark", width: 1000, theme: "dark", locale: "zh-CN" },
  { name: "phone-light", width: 390, theme: "light", locale: "zh-CN" },
  { name: "phone-dark", width: 390, theme: "dark", locale: "en" },
];

/** @returns {Promise<Record<string, Buffer>>} PNGs of the view in a host's frame, and of the report, by name */
export async function views() {
  const assistant = await startAssistant(["--sandbox-speed", "5"], async () => {
    // No person answers at once, and what does is not taken for one.
    await new Promise((resolve) => setTimeout(resolve, 400));
    return { action: "accept", content: { approve: true } };
  });
  const browser = await launchBrowser();
  try {
    const { contents } = await assistant.client.readResource({ uri: viewUri });
    const id = successorIn(await assistant.call("find_certificates", search));
    const estate = await assistant.call("find_certificates", { with_edges: true });
    const job = await assistant.call("deploy_certificate", { ...deployment(id), wait_seconds: 4 });
    const pictures = {};
    for (const look of looks) {
      for (const [name, reply] of Object.entries({ estate, deployment: job }))
        pictures[`${name}-${look.name}`] = await inHost(browser, contents[0].text, reply, look);
      const file = join(assistant.home, `${look.name}.html`);
      const options = ["--sandbox", "--edges", "--language", look.locale, "--sandbox-domains", "12"];
      execFileSync(process.execPath, [cli, "report", "--out", file, ...options]);
      pictures[`report-${look.name}`] = await ofFile(browser, file, look);
    }
    return pictures;
  } finally {
    await browser.close();
    await assistant.close();
  }
}

async function ofFile(browser, file, { width, theme }) {
  const tab = await browser.newPage({ viewport: { width, height: 700 }, colorScheme: theme });
  await tab.goto(pathToFileURL(file).href);
  const picture = await tab.screenshot({ fullPage: true });
  await tab.close();
  return picture;
}

/** A host as small as the protocol allows; test/view/support.ts has a strict one. */
async function inHost(browser, html, reply, { width, theme, locale }) {
  const given = JSON.stringify({ html, reply, hostContext: { theme, locale } }).replaceAll("<", "\\u003c");
  const page = `<!doctype html><title>Host</title><meta name="viewport" content="width=device-width">
<style>body{margin:0}iframe{border:0;width:100%;height:300px;display:block}</style><iframe sandbox="allow-scripts"></iframe>
<script>const { html, reply, hostContext } = ${given};
const frame = document.querySelector("iframe");
const post = (message) => frame.contentWindow.postMessage({ jsonrpc: "2.0", ...message }, "*");
addEventListener("message", ({ data: { id, method, params } }) => {
  if (method === "ui/initialize") post({ id, result: { hostContext, hostCapabilities: {} } });
  if (method === "ui/notifications/size-changed") frame.style.height = params.height + "px";
  if (method !== "ui/notifications/initialized") return;
  post({ method: "ui/notifications/tool-input", params: { arguments: {} } });
  post({ method: "ui/notifications/tool-result", params: { content: [], structuredContent: reply } });
});
frame.srcdoc = html;</script>`;
  const server = createServer((_, response) =>
    response.setHeader("Content-Type", "text/html; charset=utf-8").end(page),
  );
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const tab = await browser.newPage({ viewport: { width, height: 700 } });
  try {
    await tab.goto(`http://127.0.0.1:${server.address().port}/`);
    await tab.frameLocator("iframe").getByRole("rowheader").first().waitFor();
    const height = await tab.evaluate(
      "new Promise((done) => setTimeout(() => done(document.querySelector('iframe').clientHeight), 300))",
    );
    // A frame is painted as far as it is in the window.
    await tab.setViewportSize({ width, height });
    return await tab.screenshot();
  } finally {
    await tab.close();
    server.close();
    server.closeAllConnections();
  }
}
