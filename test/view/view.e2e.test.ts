import { ListToolsResultSchema } from "@modelcontextprotocol/sdk/types.js";
import { afterAll, expect, it } from "vitest";
import { z } from "zod";
import { withoutEmpty } from "../../src/reply/empty.js";
import { describeInChromium } from "../approval/page/browser-support.js";
import { type Assistant, startAssistant } from "../support/assistant.js";
import { wide } from "../support/width.js";
import { hosted } from "./support.js";

const viewUri = "ui://cloudcert-mcp/view";
const viewMimeType = "text/html;profile=mcp-app";

const started: Assistant[] = [];
afterAll(() => Promise.all(started.map((each) => each.close())));

async function host(showsViews: boolean): Promise<Assistant> {
  const assistant = await startAssistant(["--sandbox", "--sandbox-speed", "20"], { showsViews });
  started.push(assistant);
  return assistant;
}

const listOf = async ({ client }: Assistant) =>
  ListToolsResultSchema.parse(await client.request({ method: "tools/list" }, ListToolsResultSchema)).tools;

const uisOf = async (assistant: Assistant) =>
  (await listOf(assistant)).flatMap(({ name, _meta }) => (_meta === undefined ? [] : [[name, _meta]]));

it("declares the view to hosts that show views, and to no others", wide, async () => {
  const [with_, without] = [await host(true), await host(false)];
  const ui = { ui: { resourceUri: viewUri } };
  expect(await uisOf(with_)).toEqual([
    ["find_certificates", ui],
    ["deploy_certificate", ui],
    ["roll_back", ui],
  ]);
  expect(await uisOf(without)).toEqual([]);
  const bare = (await listOf(with_)).map(({ _meta: _, ...tool }) => tool);
  expect(await listOf(without)).toEqual(bare);
  const listed = async ({ client }: Assistant) => (await client.listResources()).resources.map(({ uri }) => uri);
  expect(await listed(with_)).toContain(viewUri);
  expect(await listed(without)).not.toContain(viewUri);
});

it("gives the same reply with and without the view: the text has everything", wide, async () => {
  const [one, other] = [await host(true), await host(false)];
  const membersOf = async (assistant: Assistant) => {
    const { content, structuredContent } = await assistant.call("find_certificates");
    const [part] = content;
    const text: unknown = JSON.parse(part?.type === "text" ? part.text : "");
    // Both leave nothing out but what is empty.
    expect(text).toEqual(withoutEmpty(structuredContent ?? {}));
    return Object.keys(structuredContent ?? {});
  };
  expect(await membersOf(one)).toEqual(await membersOf(other));
});

async function documentOf({ client }: Assistant): Promise<string> {
  const { contents } = await client.readResource({ uri: viewUri });
  const [content] = z.array(z.object({ uri: z.string(), mimeType: z.string(), text: z.string() })).parse(contents);
  expect(content).toMatchObject({ uri: viewUri, mimeType: viewMimeType });
  return content?.text ?? "";
}

describeInChromium("the view of a real server", (browser) => {
  it("shows what find_certificates answers", wide, async () => {
    const assistant = await host(true);
    await using page = await hosted(browser, await documentOf(assistant));
    await page.input({ with_edges: true });
    await page.result(await assistant.result("find_certificates", { with_edges: true }));
    await page.view.getByRole("heading", { level: 1, name: "Certificate expiry" }).waitFor();
    const names = await page.view.getByRole("rowheader").allInnerTexts();
    for (const name of ["img.example.com", "www.example.com\nzone-sandboxdemo", "legacy.example.org"])
      expect(names).toContain(name);
    expect(await page.view.locator("main").innerText()).toMatch(/in 19 days|in 20 days/);
    expect(page.complaints).toEqual([]);
  });

  it("moves with a deployment: accepted before served, and nothing else than what list_jobs says", wide, async () => {
    const assistant = await host(true);
    const { certificates } = z
      .object({ certificates: z.array(z.object({ certificate_id: z.string(), alias: z.string().optional() })) })
      .parse(await assistant.result("find_certificates", { domain: "www.example.com" }));
    const id = certificates.find(({ alias }) => alias === "storefront, next")?.certificate_id ?? "";
    const given = {
      certificate_id: id,
      targets: [
        { service: "tencent-edgeone", zone_id: "zone-sandboxdemo", domains: ["www.example.com"] },
        { service: "alibaba-cdn", domains: ["img.example.com"] },
      ],
      wait_seconds: 40,
    };
    await using page = await hosted(browser, await documentOf(assistant), {
      hostContext: { toolInfo: { tool: { name: "deploy_certificate" } } },
      callTool: ({ name, arguments: args }) => assistant.call(name, args),
    });
    await page.input(given);
    const status = page.view.getByRole("status");
    await status.filter({ hasText: "2 planned" }).waitFor();
    const done = assistant.result("deploy_certificate", given);
    // While the call runs: it has not been answered yet.
    await page.view.getByRole("cell", { name: "accepted, not seen served yet" }).first().waitFor();
    await page.result(await done);
    await status.filter({ hasText: /^2 served$/ }).waitFor();
    expect(await page.view.getByRole("cell", { name: / UTC$/ }).count()).toBe(2);
    expect(page.complaints).toEqual([]);
  });
});
