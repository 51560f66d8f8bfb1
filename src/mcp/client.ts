import type { Server } from "@modelcontextprotocol/sdk/server/index.js";

/** The client, and what it said of itself. */
export interface ConnectedClient {
  readonly name: string;
  readonly version: string;
  /** The kinds of question that it shows a person: form, url. */
  readonly elicitation: readonly string[];
  /** Its capabilities by name. */
  readonly capabilities: readonly string[];
}

export function connectedTo(server: Server): ConnectedClient {
  const { name = "the client", version = "" } = server.getClientVersion() ?? {};
  const capabilities = server.getClientCapabilities() ?? {};
  const kinds = Object.keys(capabilities.elicitation ?? {});
  // An empty capability stands for forms, as it did before there were other kinds.
  const elicitation = capabilities.elicitation !== undefined && kinds.length === 0 ? ["form"] : kinds;
  return { name, version, elicitation, capabilities: Object.keys(capabilities) };
}
