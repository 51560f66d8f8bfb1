import { availableParallelism } from "node:os";
import { dirname, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { defineConfig, type Plugin } from "vitest/config";

const temporary = "test/support/temporary.ts";
const build = "test/support/build.ts";
const databaseServer = "test/support/database-server.ts";

/** Files whose properties and tables run at full width with the endurance tests (test/support/width.ts). */
const fullWidth = [
  "test/approval/model/gate-model.test.ts",
  "test/audit/chain.test.ts",
  "test/catalogue/read-code.test.ts",
  "test/evidence/mutations.test.ts",
  "test/jobs/archivable.test.ts",
  "test/jobs/archive.test.ts",
  "test/mcp/canary.e2e.test.ts",
  "test/mcp/gate.e2e.test.ts",
  "test/mcp/markdown.test.ts",
  "test/mcp/prompts/prompts.test.ts",
  "test/notify/hostile-names.test.ts",
  "test/preflight/damage.test.ts",
  "test/reply/any-answer.test.ts",
  "test/reply/size.test.ts",
  "test/secrets/redaction/cut-texts.test.ts",
  "test/secrets/redaction/redactor-alarms.test.ts",
  "test/secrets/redaction/redactor-keys.test.ts",
  "test/secrets/redaction/redactor.test.ts",
  "test/secrets/references/files.test.ts",
  "test/standing-approvals/property.test.ts",
  "test/database/audit.e2e.test.ts",
  "test/database/questions.e2e.test.ts",
  "test/tls-check/addresses.test.ts",
  "test/tools/inventory/faulty-answers.test.ts",
];

/** Much of the time is spent waiting for servers and people; more workers lose more by importing the program. */
const workers = 2 * availableParallelism() + 1;

const source = fileURLToPath(new URL("./src/", import.meta.url));
const compiledSource = fileURLToPath(new URL("./build/src/", import.meta.url));

/** Loads the program as the build has compiled it (test/support/build.ts), which takes less time than to compile it anew. */
const compiled: Plugin = {
  name: "compiled",
  enforce: "pre",
  resolveId(id, from) {
    const file = from !== undefined && id.startsWith(".") ? resolve(dirname(from), id) : id;
    return file.startsWith(source) && file.endsWith(".js") ? compiledSource + file.slice(source.length) : undefined;
  },
  config: () => ({ test: { server: { deps: { external: [/\/build\/src\//] } } } }),
};

export default defineConfig({
  test: {
    // A guard against tests that hang; no loaded machine comes near it.
    testTimeout: 600_000,
    hookTimeout: 600_000,
    teardownTimeout: 600_000,
    // The files share what they import, which takes longer than most of them.
    isolate: false,
    tags: [
      { name: "wide", description: "Left out of npm test, run by npm run test:endurance (test/support/width.ts)" },
    ],
    projects: [
      {
        extends: true,
        test: {
          name: "unit",
          include: ["test/**/*.test.ts"],
          exclude: ["test/**/*.{e2e,endurance}.test.ts"],
          pool: "threads",
          maxWorkers: availableParallelism(),
          // Tests are concurrent if most of their time is a wait.
          maxConcurrency: 20,
          globalSetup: [temporary],
        },
      },
      // These start the built program, a browser or a database. Each run builds the program first.
      {
        extends: true,
        plugins: [compiled],
        test: {
          name: "e2e",
          include: ["test/**/*.e2e.test.ts"],
          maxWorkers: workers,
          sequence: { groupOrder: 1 },
          globalSetup: [temporary, build, databaseServer],
        },
      },
      {
        extends: true,
        plugins: [compiled],
        test: {
          name: "endurance",
          // These use up memory and time that others would miss.
          isolate: true,
          include: ["test/**/*.endurance.test.ts", ...fullWidth],
          maxWorkers: workers,
          sequence: { groupOrder: 1 },
          env: { TEST_WIDTH: "full" },
          globalSetup: [temporary, build, databaseServer],
        },
      },
    ],
  },
});
