/** Links that install the server in an editor with one click. */

/** Editors start the sandbox, so that a newcomer needs no account and can change nothing real. */
const NAME = "cloudcert";
const server = { command: "npx", args: ["-y", "cloudcert-mcp", "--sandbox"] };

const cursor = `name=${NAME}&config=${encodeURIComponent(Buffer.from(JSON.stringify(server)).toString("base64"))}`;
const vscodeConfig = encodeURIComponent(JSON.stringify({ type: "stdio", ...server }));

export type Editor = "VS Code" | "Cursor";

/**
 * Each editor's own scheme, and the https address that redirects to it: pages such as a README on a forge allow no
 * other links. VS Code: "MCP URL handler" in its MCP developer guide. Cursor: cursor.com/docs/mcp/install-links.
 */
export const installLinks: readonly { readonly editor: Editor; readonly web: string; readonly own: string }[] = [
  {
    editor: "VS Code",
    web: `https://vscode.dev/redirect/mcp/install?name=${NAME}&config=${vscodeConfig}`,
    own: `vscode:mcp/install?${encodeURIComponent(JSON.stringify({ name: NAME, type: "stdio", ...server }))}`,
  },
  {
    editor: "Cursor",
    web: `https://cursor.com/en/install-mcp?${cursor}`,
    own: `cursor://anysphere.cursor-deeplink/mcp/install?${cursor}`,
  },
];
