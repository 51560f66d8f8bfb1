import type { McpHost } from "./host.js";

/** The client, as it describes itself. */
export interface ConnectedClient {
  readonly name: string;
  readonly version: string;
  /** The kinds of elicitation that it supports: form, url. */
  readonly elicitation: readonly string[];
  /** Its capabilities by name. */
  readonly capabilities: readonly string[];
}

export function connectedTo(server: McpHost): ConnectedClient {
  const { name = "the client", version = "" } = server.getClientVersion() ?? {};
  const capabilities = server.getClientCapabilities() ?? {};
  const kinds = Object.keys(capabilities.elicitation ?? {});
  // An empty capability means forms, as before other kinds existed.
  const elicitation = capabilities.elicitation !== undefined && kinds.length === 0 ? ["form"] : kinds;
  return { name, version, elicitation, capabilities: Object.keys(capabilities) };
}
