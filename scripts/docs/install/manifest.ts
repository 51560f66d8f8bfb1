import { defaultCompanions } from "../../../src/catalogue/companions.js";
import { operations } from "../../../src/catalogue/index.js";
import { ownTools } from "../../../src/tools/index.js";
import { description, type PackageFacts } from "./package.js";
import { fileDirectories, type InstallSetting, installSettings } from "./settings.js";

/**
 * The manifest of the MCPB bundle, manifest_version 0.3 (MANIFEST.md of github.com/anthropics/mcpb). Every setting has
 * a default, because a host leaves the placeholder of an unset one without default in place.
 */
export function manifest({ version, license, keywords, engines }: PackageFacts) {
  return {
    manifest_version: "0.3",
    name: "cloudcert-mcp",
    display_name: "Cloud certificates",
    version,
    description,
    author: { name: "The cloudcert-mcp authors" },
    license,
    keywords,
    server: {
      type: "node",
      entry_point: ENTRY,
      mcp_config: {
        command: "node",
        // The host expands several directories into as many arguments, and an empty list into none.
        args: [`\${__dirname}/${ENTRY}`, placeholder(fileDirectories.key)],
        env: Object.fromEntries(installSettings.map(({ key, variable }) => [variable, placeholder(key)])),
      },
    },
    tools: [
      ...[...operations, ...defaultCompanions].map(({ name, service, title }) => ({
        name,
        description: `${service.title}: ${title}`,
      })),
      ...ownTools.map(({ name, title }) => ({ name, description: title })),
    ],
    prompts_generated: true,
    user_config: {
      ...Object.fromEntries(installSettings.map((setting) => [setting.key, userOption(setting)])),
      [fileDirectories.key]: {
        type: "directory",
        title: fileDirectories.title,
        description: fileDirectories.description,
        multiple: true,
        required: false,
        default: [],
      },
    },
    compatibility: { platforms: ["darwin", "win32", "linux"], runtimes: { node: engines.node } },
  };
}

/** The bundle's own entry point: it turns what hosts pass into the program's flags. */
const ENTRY = "start.js";

const placeholder = (key: string) => `\${user_config.${key}}`;

function userOption({ title, description, form, fallback }: InstallSetting) {
  const shown = { title, description, required: false };
  if (form === "switch") return { type: "boolean", ...shown, default: fallback === "true" };
  return { type: "string", ...shown, ...(form === "secret" && { sensitive: true }), default: fallback };
}
