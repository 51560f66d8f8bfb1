/** Links that install the server in an editor with one click. */

/** What an editor is told to start: the sandbox, so that a newcomer needs no account and can change nothing real. */
const NAME = "cloudcert";
const server = { command: "npx", args: ["-y", "cloudcert-mcp", "--sandbox"] };

const cursor = `name=${NAME}&config=${encodeURIComponent(Buffer.from(JSON.stringify(server)).toString("base64"))}`;
const vscodeConfig = encodeURIComponent(JSON.stringify({ type: "stdio", ...server }));

/**
 * Each editor's own scheme, and the https address that leads there: pages such as a README on a forge show no others.
 * VS Code: "MCP URL handler" in its MCP developer guide. Cursor: cursor.com/docs/mcp/install-links.
 */
export const installLinks = {
  "VS Code": {
    web: `https://vscode.dev/redirect/mcp/install?name=${NAME}&config=${vscodeConfig}`,
    own: `vscode:mcp/install?${encodeURIComponent(JSON.stringify({ name: NAME, type: "stdio", ...server }))}`,
  },
  Cursor: {
    web: `https://cursor.com/en/install-mcp?${cursor}`,
    own: `cursor://anysphere.cursor-deeplink/mcp/install?${cursor}`,
  },
};

/** The README's links. */
export function installLinksList(): string {
  return Object.entries(installLinks)
    .map(([editor, { web, own }]) => `- [Install in ${editor}](${web}), or open\n  \`${own}\``)
    .join("\n");
}
