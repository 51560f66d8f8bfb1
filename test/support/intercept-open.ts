import fs from "node:fs/promises";
import { syncBuiltinESMExports } from "node:module";
import { afterAll, beforeAll } from "vitest";

type Open = typeof fs.open;

/** Calls `around` for each file that the tests of this file have opened; it opens the file when it likes. */
export function interceptOpen(around: (open: () => ReturnType<Open>) => ReturnType<Open>): void {
  const { open } = fs;
  const replace = (by: Open) => {
    fs.open = by;
    syncBuiltinESMExports();
  };
  beforeAll(() => replace((...args) => around(() => open(...args))));
  afterAll(() => replace(open));
}
