import { description, type PackageFacts } from "./package.js";
import { fileDirectories, type InstallSetting, installSettings } from "./settings.js";

/** The entry for the MCP registry: server.json, in the schema version named in it. */
export function registryEntry({ mcpName, name, version }: PackageFacts) {
  return {
    $schema: "https://static.modelcontextprotocol.io/schemas/2025-12-11/server.schema.json",
    name: mcpName,
    title: "Cloud certificates",
    description,
    version,
    packages: [
      {
        registryType: "npm",
        identifier: name,
        version,
        runtimeHint: "npx",
        transport: { type: "stdio" },
        packageArguments: [
          {
            type: "named",
            name: "--files",
            description: fileDirectories.description,
            format: "filepath",
            isRequired: false,
            isRepeated: true,
          },
        ],
        environmentVariables: installSettings.map(variable),
      },
    ],
  };
}

function variable({ variable: name, title, description, form, fallback, choices }: InstallSetting) {
  return {
    name,
    description: `${title}: ${description}`,
    format: form === "switch" ? "boolean" : "string",
    isRequired: false,
    isSecret: form === "secret",
    ...(fallback !== "" && { default: fallback }),
    ...(choices && { choices }),
  };
}
