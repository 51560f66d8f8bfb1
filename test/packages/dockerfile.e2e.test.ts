import { cpSync, mkdtempSync, readdirSync, readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { validate } from "dockerfile-utils";
import { describe, expect, it } from "vitest";
import { runProgram } from "../support/command.js";
import { wide } from "../support/width.js";

const dockerfile = readFileSync(new URL("../../Dockerfile", import.meta.url), "utf8");
const image = dockerfile.slice(dockerfile.lastIndexOf("\nFROM "));
const instructions = (name: string) =>
  [...image.matchAll(new RegExp(`^${name} (.+)$`, "gm"))].map(([, words]) => words);

describe("the Dockerfile", () => {
  it("passes the linter that editors use", () => {
    expect(validate(dockerfile).map(({ message, range }) => `${range.start.line + 1}: ${message}`)).toEqual([]);
  });

  it("names its base by digest, the same one for building and running", () => {
    const bases = [...dockerfile.matchAll(/^FROM (\S+)/gm)].map(([, base]) => base);
    expect(bases).toHaveLength(2);
    expect(new Set(bases).size).toBe(1);
    expect(bases[0]).toMatch(/^node:\d+(?:\.\d+){0,2}-slim@sha256:[\da-f]{64}$/);
  });

  it("makes an image of the built program and the packages of the team's server, which runs it as nobody special and without a shell", () => {
    expect(instructions("COPY").map((words) => words?.split(" ").slice(1, -1))).toEqual([
      ["/build/package.json", "/build/LICENSE"],
      ["/image/node_modules"],
      ["/build/dist"],
    ]);
    expect(instructions("USER")).toEqual(["node"]);
    expect(instructions("STOPSIGNAL")).toEqual(["SIGTERM"]);
    expect(instructions("ENTRYPOINT")).toEqual(['["node", "/app/dist/cli.js"]']);
  });

  it("copies packages with which the team's server starts, and no others", wide, async () => {
    const image = mkdtempSync(join(tmpdir(), "image-"));
    const root = fileURLToPath(new URL("../..", import.meta.url));
    await runProgram(process.execPath, [join(root, "scripts/copy-peers.js"), image]);
    cpSync(join(root, "dist"), join(image, "dist"), { recursive: true });
    cpSync(join(root, "package.json"), join(image, "package.json"));
    const packages = readdirSync(join(image, "node_modules"));
    for (const name of ["vitest", "typescript", "esbuild", "oidc-provider"]) expect(packages).not.toContain(name);
    const { code, err } = await runProgram(process.execPath, [join(image, "dist/cli.js"), "serve"]);
    expect({ code, err }).toMatchObject({ code: 2, err: expect.stringContaining("serve requires --http") });
  });
});
