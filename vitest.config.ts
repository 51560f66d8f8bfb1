import { availableParallelism } from "node:os";
import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["test/**/*.test.ts"],
    // The front-door tests start the built program, so every run builds it first.
    globalSetup: ["test/temporary.ts", "test/build.ts"],
    // Only so that a test that hangs ends at some time: no machine is so slow that it counts.
    testTimeout: 600_000,
    hookTimeout: 600_000,
    // Much of the time goes by in waiting for servers and people; by default one core is left out.
    maxWorkers: availableParallelism(),
  },
});
