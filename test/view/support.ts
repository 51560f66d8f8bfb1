import { createServer } from "node:http";
import type { BrowserContextOptions, Frame, Page } from "playwright-core";
import { z } from "zod";
import type { PageBrowser } from "../approval/page/browser-support.js";
import { listen } from "../support/ports.js";

/**
 * A host of MCP Apps, as far as its frame and its messages go (modelcontextprotocol/ext-apps,
 * specification/2026-01-26/apps.mdx): the view is in a sandboxed frame without an origin, under the content security
 * policy that the document prescribes for a view that declares no domain.
 */

const policy = [
  "default-src 'none'",
  "script-src 'self' 'unsafe-inline'",
  "style-src 'self' 'unsafe-inline'",
  "img-src 'self' data:",
  "media-src 'self' data:",
  "connect-src 'none'",
  "object-src 'none'",
].join("; ");

/** Answers ui/initialize and tools/call, takes the size, keeps every message, and refuses what it does not know. */
const hostScript = `
const frame = document.querySelector("iframe");
const log = [];
const violations = [];
addEventListener("securitypolicyviolation", ({ violatedDirective }) => violations.push(violatedDirective));
const post = (message) => frame.contentWindow.postMessage({ jsonrpc: "2.0", ...message }, "*");
const notify = (method, params) => post({ method, params });
let isReady;
const ready = new Promise((resolve) => { isReady = resolve; });
let last = 0;
const answers = new Map();
const ask = (method, params) => new Promise((resolve) => {
  last += 1;
  answers.set(last, resolve);
  post({ id: last, method, params });
});
addEventListener("message", async ({ source, data }) => {
  if (source !== frame.contentWindow) return;
  log.push(data);
  const { id, method, params } = data;
  if (method === undefined) answers.get(id)?.(data.result ?? data.error);
  else if (method === "ui/initialize") {
    const { hostContext, hostCapabilities } = settings;
    post({ id, result: { protocolVersion: params.protocolVersion, hostInfo: { name: "test-host", version: "1" }, hostContext, hostCapabilities } });
  } else if (method === "ui/notifications/initialized") isReady();
  else if (method === "ui/notifications/size-changed") frame.style.height = params.height + "px";
  else if (method === "tools/call" && settings.hostCapabilities.serverTools) post({ id, result: await callTool(params) });
  else if (id !== undefined) post({ id, error: { code: -32601, message: "Method not found" } });
});
frame.srcdoc = settings.html;
`;

export interface HostSettings {
  readonly hostContext?: Readonly<Record<string, unknown>>;
  /** What the view's tools/call leads to; without it the host passes on no calls. */
  readonly callTool?: (params: { name: string; arguments: Record<string, unknown> }) => Promise<unknown>;
  readonly browser?: BrowserContextOptions;
}

export interface HostedView extends AsyncDisposable {
  readonly tab: Page;
  readonly view: Frame;
  /** What the browser complained of. */
  readonly complaints: readonly string[];
  /** The addresses of everything that was loaded after the host's page. */
  readonly loaded: readonly string[];
  notify(method: string, params: unknown): Promise<void>;
  ask(method: string, params: unknown): Promise<unknown>;
  /** Methods of the view's messages, in order. */
  methods(): Promise<string[]>;
  input(given: Readonly<Record<string, unknown>>): Promise<void>;
  result(structuredContent: unknown): Promise<void>;
}

/** Shows a view in a host. */
export async function hosted(browser: PageBrowser, html: string, settings: HostSettings = {}): Promise<HostedView> {
  const { hostContext = {}, callTool, browser: options = {} } = settings;
  const given = { html, hostContext, hostCapabilities: callTool ? { serverTools: {} } : {} };
  const inScript = JSON.stringify(given).replaceAll("<", "\\u003c");
  const body = `<!doctype html><title>Host</title><link rel="icon" href="data:,"><meta name="viewport" content="width=device-width">
<style>body{margin:0}iframe{border:0;width:100%;height:400px;display:block}</style>
<iframe sandbox="allow-scripts" title="View"></iframe><script>const settings = ${inScript};${hostScript}</script>`;
  const server = createServer((request, response) => {
    if (request.url !== "/") response.writeHead(404);
    else response.setHeader("Content-Type", "text/html; charset=utf-8").setHeader("Content-Security-Policy", policy);
    response.end(request.url === "/" ? body : "");
  });
  const port = await listen(server);
  const { tab, complaints } = await browser.openLink("about:blank", options);
  const loaded: string[] = [];
  const own = `http://127.0.0.1:${port}/`;
  tab.on("request", (request) => {
    if (![own, "data:,", "about:srcdoc"].includes(request.url())) loaded.push(request.url());
  });
  if (callTool) await tab.exposeFunction("callTool", callTool);
  await tab.goto(own);
  await tab.evaluate("ready");
  const view = tab.frames().find((frame) => frame.parentFrame() !== null);
  if (view === undefined) throw new Error("the host has no frame");
  const notify = async (method: string, params: unknown) => {
    await tab.evaluate(`notify(${JSON.stringify(method)}, ${JSON.stringify(params)})`);
  };
  return {
    tab,
    view,
    complaints,
    loaded,
    notify,
    ask: (method, params) => tab.evaluate(`ask(${JSON.stringify(method)}, ${JSON.stringify(params)})`),
    methods: async () => z.array(z.string()).parse(await tab.evaluate("log.flatMap(({ method }) => method ?? [])")),
    input: (given) => notify("ui/notifications/tool-input", { arguments: given }),
    result: (structuredContent) => notify("ui/notifications/tool-result", { content: [], structuredContent }),
    [Symbol.asyncDispose]: async () => {
      await tab.context().close();
      server.close();
      server.closeAllConnections();
    },
  };
}
