import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { z } from "zod";
import { version } from "../../src/lib/version.js";

/**
 * The rules of the MCP registry for server.json that concern this entry, in our own words: the schema of 2025-12-11
 * (static.modelcontextprotocol.io/schemas/2025-12-11/server.schema.json), what the registry asks besides
 * (docs/reference/server-json/official-registry-requirements.md in github.com/modelcontextprotocol/registry) and for npm
 * packages (modelcontextprotocol.io/registry/package-types). Stricter than the schema in one thing: unknown members,
 * which it lets pass and which are slips here.
 */
const input = {
  description: z.string().min(1),
  format: z.enum(["string", "number", "boolean", "filepath"]),
  isRequired: z.boolean(),
  isSecret: z.boolean().optional(),
  default: z.string().optional(),
  choices: z.array(z.string()).optional(),
};
/** Neither a range nor "latest". */
const exactVersion = z.string().regex(/^\d+\.\d+\.\d+(-[\w.]+)?$/);
const entry = z
  .object({
    $schema: z.literal("https://static.modelcontextprotocol.io/schemas/2025-12-11/server.schema.json"),
    name: z
      .string()
      .min(3)
      .max(200)
      .regex(/^[a-zA-Z0-9.-]+\/[a-zA-Z0-9._-]+$/),
    title: z.string().min(1).max(100),
    description: z.string().min(1).max(100),
    version: exactVersion,
    packages: z.tuple([
      z
        .object({
          registryType: z.literal("npm"),
          // The only one that the registry takes for npm.
          registryBaseUrl: z.string().url().optional(),
          identifier: z.string(),
          version: exactVersion,
          runtimeHint: z.literal("npx"),
          transport: z.object({ type: z.literal("stdio") }).strict(),
          packageArguments: z.array(
            z
              .object({
                type: z.literal("named"),
                name: z.string().startsWith("--"),
                isRepeated: z.boolean(),
                ...input,
              })
              .strict(),
          ),
          environmentVariables: z.array(z.object({ name: z.string().regex(/^[A-Z][A-Z0-9_]*$/), ...input }).strict()),
        })
        .strict(),
    ]),
  })
  .strict();

const read = (file: string): unknown => JSON.parse(readFileSync(new URL(`../../${file}`, import.meta.url), "utf8"));
const { name, packages, ...server } = entry.parse(read("server.json"));
const [npm] = packages;

describe("the entry for the MCP registry", () => {
  it("has the version of the package, and the package names the entry", () => {
    const manifest = z.object({ name: z.string(), mcpName: z.string() }).parse(read("package.json"));
    expect({ name: npm.identifier, mcpName: name }).toEqual(manifest);
    expect([server.version, npm.version]).toEqual([version, version]);
  });

  it("has every key marked as a secret, and nothing else", () => {
    for (const { name: variable, isSecret } of npm.environmentVariables) {
      expect(isSecret, variable).toBe(/SECRET|ACCESS_KEY|_AK$|_SK$/.test(variable));
    }
  });

  it("has defaults that are among the choices", () => {
    const choosing = npm.environmentVariables.filter(({ choices }) => choices !== undefined);
    expect(choosing.length).toBeGreaterThan(0);
    for (const { choices, default: value } of choosing) expect(choices).toContain(value);
  });
});
