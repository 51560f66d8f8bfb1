import type { Resource, Tool } from "@modelcontextprotocol/sdk/types.js";
import { z } from "zod";
import type { Client } from "./connected-client.js";

/*
 * The view of MCP Apps (SEP-1865, modelcontextprotocol/ext-apps, specification/2026-01-26/apps.mdx): a document that a
 * host may show beside a tool's reply, which is complete without it. Clients that do not announce it never see it.
 */

const extension = "io.modelcontextprotocol/ui";
const viewMimeType = "text/html;profile=mcp-app";

export const viewUri = "ui://cloudcert-mcp/view";

/** Tools whose replies the view shows. */
const viewedTools: ReadonlySet<string> = new Set(["find_certificates", "deploy_certificate", "roll_back"]);

const viewCapability = z.object({ mimeTypes: z.array(z.string()) });

/** Whether the client announced that it shows views. */
export function showsViews(client: Client): boolean {
  const { extensions = {} } = client.getClientCapabilities() ?? {};
  const settings = viewCapability.safeParse(extensions[extension]);
  return settings.success && settings.data.mimeTypes.includes(viewMimeType);
}

/** The tool with its view, if it has one. */
export function withView(tool: Tool): Tool {
  return viewedTools.has(tool.name) ? { ...tool, _meta: { ui: { resourceUri: viewUri } } } : tool;
}

export const viewEntry: Resource = {
  uri: viewUri,
  name: "view",
  title: "Certificate expiry and deployments",
  description: "For hosts that show views beside replies; needs no network",
  mimeType: viewMimeType,
};

/** The answer to resources/read. Without `csp`, the host allows no connection and nothing from elsewhere. */
export async function readView() {
  const { viewDocument } = await import("../view/documents.js");
  const meta = { ui: { prefersBorder: false } };
  return { contents: [{ uri: viewUri, mimeType: viewMimeType, text: viewDocument(), _meta: meta }] };
}
