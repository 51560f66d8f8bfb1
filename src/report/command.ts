import { setMaxListeners } from "node:events";
import { existsSync } from "node:fs";
import { refuseArguments } from "../config/command-line.js";
import { configuredSecrets } from "../config/environment.js";
import { ConfigurationError } from "../config/read.js";
import type { EnvironmentVariables } from "../lib/environment.js";
import { messageOf } from "../lib/failure.js";
import type { JsonObject } from "../lib/json.js";
import { writtenPath } from "../lib/paths.js";
import { escapeInvisible, inQuotes, type SafeText, safe, verbatim } from "../lib/safe-text.js";
import type { TextOutput } from "../lib/text-output.js";
import { ToolError } from "../lib/tool-error.js";
import { alreadyThere, isFileSystemError, writeFileAtomically } from "../lib/write-file-atomically.js";
import { type ReadContext, withReadContext } from "../pipeline/call-context.js";
import { RecentReads } from "../pipeline/recent-reads.js";
import { Redactor } from "../secrets/redaction/redactor.js";
import { prepareCommand } from "../setup/command.js";
import { type Composition, compose } from "../setup/composition.js";
import { findAll } from "../tools/find-certificates.js";
import { planAll } from "../tools/plan-renewals.js";
import { reportDocument } from "../view/documents.js";

/** Nothing is sent, and nothing that is given by reference is read. */
const readOnlySettings = { readOnly: true, files: [], envPrefix: undefined, allowInlineSecrets: false };

/**
 * `cloudcert-mcp report --out FILE [--edges] [--force] [--account NAME] [options]`; `args` is what follows `report`. It has no gate: it
 * can only read.
 * @returns the exit code: 0; 1 if nothing could be read or written
 * @throws {ConfigurationError} for wrong usage
 */
export async function runReport(
  args: readonly string[],
  env: EnvironmentVariables,
  { out, err }: { readonly out: TextOutput; readonly err: TextOutput },
  stop: AbortSignal,
): Promise<number> {
  const command = prepareCommand(args, env, { out: "value", edges: "switch", force: "switch" });
  refuseArguments(command);
  const { flag, reader } = command;
  const path = pathIn(flag("out"));
  const force = flag("force") !== undefined;
  const {
    account: { environment, ...chosen },
  } = await command.account();
  // Whatever the settings allow, a report sends no change.
  const configuration = { ...chosen.configuration, ...readOnlySettings };
  const say = (text: SafeText) => out.write(`${text.for(reader)}\n`);
  const complain = (text: string) => err.write(`cloudcert-mcp: ${escapeInvisible(text)}\n`);
  if (!force && existsSync(path)) {
    complain(alreadyThere(path).for(reader));
    return 1;
  }
  // Many reads at once wait for it.
  setMaxListeners(0, stop);
  const redactor = new Redactor(configuredSecrets(environment));
  const log = (line: string) => complain(redactor.redact(line));
  const composed = await compose({ configuration, env, environment, redactor, log });
  try {
    const caller = { progress: (message: SafeText) => log(message.for(reader)), signal: stop, sending: stop };
    const [found, plan] = await withReadContext(caller, readContextFor(composed), async (context) => [
      await findAll(flag("edges") !== undefined, context),
      await planAll(context),
    ]);
    const shown = (reply: JsonObject): unknown => JSON.parse(redactor.redact(JSON.stringify(reply)));
    const document = reportDocument(shown(found), reader.language, new Date(), shown(plan));
    await writeFileAtomically(path, document, force);
    say(
      safe`${inQuotes(path)} written: ${found.certificates.length} certificates and ${found.domains?.length ?? 0} domains, using read-only calls.`,
    );
    if (found.incomplete !== undefined) say(safe`Not everything could be seen; the page begins with what is missing.`);
    return 0;
  } catch (error) {
    if (!(error instanceof ToolError) && !isFileSystemError(error)) throw error;
    const why = isFileSystemError(error) && error.code === "EEXIST" ? alreadyThere(path) : verbatim(messageOf(error));
    complain(redactor.redact(safe`No report was written. ${why}`.for(reader)));
    return 1;
  } finally {
    await composed.close();
  }
}

/** @throws {ConfigurationError} without --out */
function pathIn(out: string | undefined): string {
  if (out === undefined || out === "") throw new ConfigurationError("report requires --out FILE");
  return writtenPath(out);
}

/** It reads, so it has no gate. */
function readContextFor({ shared }: Pick<Composition, "shared">): ReadContext {
  const startedAt = new Date();
  return {
    ...shared,
    // It shows one account, and says which.
    otherAccounts: [],
    gate: { approvalProgress: async () => undefined, approvalFor: () => undefined },
    // Each list is read once, for the inventory and for the plan, however many pages it has.
    recentReads: new RecentReads(() => new Date(), Number.POSITIVE_INFINITY),
    // One moment for the whole report: days are counted from it, and no list grows too old while others are read.
    now: () => startedAt,
    examineSetup: async () => ({}),
  };
}
