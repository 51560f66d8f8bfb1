import { readFileSync } from "node:fs";
import { validate } from "dockerfile-utils";
import { describe, expect, it } from "vitest";

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

  it("makes an image of the built program alone, which runs it as nobody special and without a shell", () => {
    expect(instructions("COPY").map((words) => words?.split(" ").slice(1, -1))).toEqual([
      ["/build/package.json", "/build/LICENSE"],
      ["/build/dist"],
    ]);
    expect(instructions("USER")).toEqual(["node"]);
    expect(instructions("STOPSIGNAL")).toEqual(["SIGTERM"]);
    expect(instructions("ENTRYPOINT")).toEqual(['["node", "/app/dist/cli.js"]']);
  });
});
