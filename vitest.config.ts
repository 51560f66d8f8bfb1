import { availableParallelism } from "node:os";
import { defineConfig } from "vitest/config";

const temporary = "test/temporary.ts";
const build = "test/build.ts";

/** Files whose properties and tables run at full width with the endurance tests (test/support/width.ts). */
const wide = [
  "test/approval/gate.test.ts",
  "test/approval/page/browser-look.test.ts",
  "test/audit/chain.test.ts",
  "test/mcp/canary.e2e.test.ts",
  "test/evidence/mutations.test.ts",
  "test/cases/12-credential-control-char.e2e.test.ts",
  "test/mcp/gate.e2e.test.ts",
  "test/notify/hostile-names.test.ts",
  "test/reply/any-answer.test.ts",
  "test/reply/size.test.ts",
  "test/secrets/redaction/redactor-keys.test.ts",
  "test/standing-approvals/property.test.ts",
  "test/state/questions.test.ts",
];

export default defineConfig({
  test: {
    // A guard against tests that hang; no loaded machine comes near it.
    testTimeout: 600_000,
    hookTimeout: 600_000,
    teardownTimeout: 600_000,
    // Much of the time is spent waiting for servers and people.
    maxWorkers: 3 * availableParallelism(),
    // The files share what they import, which takes longer than most of them.
    isolate: false,
    projects: [
      {
        extends: true,
        test: {
          name: "unit",
          include: ["test/**/*.test.ts"],
          exclude: ["test/**/*.{e2e,endurance}.test.ts"],
          globalSetup: [temporary],
        },
      },
      // These start the built program, so each run builds it first.
      {
        extends: true,
        test: { name: "e2e", include: ["test/**/*.e2e.test.ts"], globalSetup: [temporary, build] },
      },
      {
        extends: true,
        test: {
          name: "endurance",
          // These use up memory and time that others would miss.
          isolate: true,
          include: ["test/**/*.endurance.test.ts", ...wide],
          env: { TEST_WIDTH: "full" },
          globalSetup: [temporary, build],
        },
      },
    ],
  },
});
