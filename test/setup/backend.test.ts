import { expect, it } from "vitest";
import { allOperations } from "../../src/catalogue/index.js";
import { sites } from "../../src/catalogue/services.js";
import { readConfiguration } from "../../src/config/command-line.js";
import { readRuntimeEnvironment } from "../../src/config/environment.js";
import { ToolError } from "../../src/lib/tool-error.js";
import { Redactor } from "../../src/secrets/redaction/redactor.js";
import { createBackend, createCloudClient } from "../../src/setup/backend.js";
import { enabledTools } from "../../src/setup/tool-selection.js";
import { sendWith } from "../support/send.js";

/** A cloud's words for what it does not have. */
const unknown = /InvalidAction|UnknownParameter/;

it.each(sites)("the sandbox has every operation that is offered on the site, and its parameters: %s", async (site) => {
  const configuration = readConfiguration(
    ["--sandbox", "--sandbox-speed", "100000", "--site", site, "--tools", "*", "--allow-purchases"],
    {},
  );
  const backend = await createBackend(configuration, readRuntimeEnvironment(configuration, {}));
  const { cloud, transport } = createCloudClient(backend, configuration, () => {}, {
    redactor: new Redactor(),
  });
  const offered = enabledTools(allOperations, configuration, backend.credentials);
  expect(offered.length).toBeGreaterThan(40);
  for (const operation of offered) {
    const onlyHere = site === "mainland" ? (operation.onlyMainland ?? []) : [];
    const params = { ...operation.example, ...Object.fromEntries(onlyHere.map((name) => [name, "x"])) };
    const outcome = await sendWith(cloud, operation, params, new AbortController().signal).catch(
      (error: unknown) => error,
    );
    const code = outcome instanceof ToolError ? (outcome.details.code ?? "") : "";
    expect(`${operation.name}: ${code}`).not.toMatch(unknown);
  }
  await Promise.all([transport.close(), backend.close()]);
});
