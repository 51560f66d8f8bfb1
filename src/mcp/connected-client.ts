import type { Server } from "@modelcontextprotocol/sdk/server/index.js";

/** The client that a server is connected to, as far as handlers need it. */
export type Client = Pick<Server, "getClientCapabilities" | "getClientVersion" | "elicitInput">;

/** The client, as it describes itself. */
export interface ConnectedClient {
  readonly name: string;
  readonly version: string;
  /** The kinds of elicitation that it supports: form, url. */
  readonly elicitation: readonly string[];
  readonly capabilities: readonly string[];
}

export function connectedTo(client: Client): ConnectedClient {
  const { name = "the client", version = "" } = client.getClientVersion() ?? {};
  const capabilities = client.getClientCapabilities() ?? {};
  const elicitation = capabilities.elicitation === undefined ? [] : kindsIn(capabilities.elicitation);
  return { name, version, elicitation, capabilities: Object.keys(capabilities) };
}

/** Without the name of a kind it means forms, whatever else it has: protocol 2025-06-18 knew no other kind. */
function kindsIn(elicitation: object): string[] {
  const kinds = ["form", "url"].filter((kind) => kind in elicitation);
  return kinds.length === 0 ? ["form"] : kinds;
}
