import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, it } from "vitest";
import { maxKibibytes, pack } from "../../bench/figures.js";
import { wide } from "../support/width.js";

const folder = mkdtempSync(join(tmpdir(), "pack-"));
afterAll(() => rmSync(folder, { recursive: true }));

it("the package weighs no more than it may", wide, () => {
  expect(pack(folder).size / 1024).toBeLessThanOrEqual(maxKibibytes);
});
