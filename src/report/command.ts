import { randomBytes } from "node:crypto";
import { setMaxListeners } from "node:events";
import { existsSync } from "node:fs";
import { setTimeout } from "node:timers/promises";
import { parseArgs } from "node:util";
import { allOperations } from "../catalogue/index.js";
import { configuredSecrets, type EnvironmentVariables, readRuntimeEnvironment } from "../config/environment.js";
import type { Configuration } from "../config/options.js";
import { ConfigurationError, readConfiguration } from "../config/read.js";
import { Journal } from "../jobs/journal.js";
import { escapeInvisible, inQuotes, ownWords, type SafeText, safe } from "../lib/escape-text.js";
import { messageOf } from "../lib/failure.js";
import { readerIn } from "../lib/language.js";
import { writtenPath } from "../lib/paths.js";
import { ToolError } from "../lib/tool-error.js";
import { writeWhole } from "../lib/write-whole.js";
import { type ReadContext, readInFull } from "../pipeline/execute-call.js";
import { RecentReads } from "../pipeline/recent-reads.js";
import { Redactor } from "../secrets/redaction/redactor.js";
import { References } from "../secrets/references/resolve.js";
import { Vault } from "../secrets/vault/vault.js";
import { accountsOn, type Backend, createBackend, createCloudClient, createTlsCheck } from "../setup/backend.js";
import { enabledServices, enabledTools } from "../setup/tool-selection.js";
import { findCertificates } from "../tools/find-certificates.js";
import { reportDocument } from "../view/documents.js";
import { wholeEstate } from "./whole-estate.js";

/** Where the command writes what it has to say. */
export interface ReportOutput {
  readonly out: { write(text: string): unknown };
  readonly err: { write(text: string): unknown };
}

interface Wanted {
  readonly path: string;
  /** Whether to look at what each domain serves. */
  readonly edges: boolean;
  /** Whether a file that is there may be replaced. */
  readonly force: boolean;
  /** What is left for the settings. */
  readonly rest: readonly string[];
}

/**
 * `cloudcert-mcp report --out FILE [--edges] [--force] [options]`; `args` is what follows `report`. It has no gate: it
 * can only read.
 * @returns the exit code: 0; 1 if nothing could be read or written
 * @throws {ConfigurationError} for wrong usage
 */
export async function runReport(
  args: readonly string[],
  env: EnvironmentVariables,
  { out, err }: ReportOutput,
  stop: AbortSignal,
): Promise<number> {
  const { path, edges, force, rest } = wantedIn(args);
  // Whatever the settings allow, a report sends no change.
  const configuration = { ...readConfiguration(rest, env), readOnly: true };
  const reader = readerIn(env, configuration.language);
  const say = (text: SafeText) => out.write(`${text.for(reader)}\n`);
  const complain = (text: string) => err.write(`cloudcert-mcp: ${escapeInvisible(text)}\n`);
  if (!force && existsSync(path)) {
    complain(alreadyThere(path).for(reader));
    return 1;
  }
  // Many reads at once wait for it.
  setMaxListeners(0, stop);
  const environment = readRuntimeEnvironment(configuration, env);
  const backend = await createBackend(configuration, environment);
  const redactor = new Redactor(configuredSecrets(backend.credentials));
  const log = (line: string) => complain(redactor.redact(line));
  const { cloud, transport } = createCloudClient(backend, configuration, env, log);
  try {
    const context = contextOf({ configuration, env, backend, redactor, log }, cloud);
    const caller = { progress: log, signal: stop, sending: stop };
    const reply = await wholeEstate((page) => readInFull(findCertificates, page, caller, context), edges);
    await writeWhole(path, reportDocument(reply, reader.language, new Date()), force);
    say(
      safe`${inQuotes(path)} written: ${reply.certificates.length} certificates and ${reply.domains.length} domains, by reading only.`,
    );
    if (reply.incomplete.length > 0) say(safe`Not everything could be seen; the page begins with what is missing.`);
    return 0;
  } catch (error) {
    if (!(error instanceof ToolError) && !isOfFiles(error)) throw error;
    const why = isOfFiles(error) && error.code === "EEXIST" ? alreadyThere(path) : ownWords(messageOf(error));
    complain(redactor.redact(safe`No report was written. ${why}`.for(reader)));
    return 1;
  } finally {
    await Promise.all([transport.close(), backend.close()]);
  }
}

const alreadyThere = (path: string) => safe`${inQuotes(path)} is there already; --force replaces it.`;

function isOfFiles(error: unknown): error is NodeJS.ErrnoException {
  return error instanceof Error && "syscall" in error && "code" in error;
}

/** @throws {ConfigurationError} without --out */
function wantedIn(args: readonly string[]): Wanted {
  const { values, tokens } = parseArgs({
    args: [...args],
    options: { out: { type: "string" }, edges: { type: "boolean" }, force: { type: "boolean" } },
    strict: false,
    tokens: true,
  });
  const { out, edges = false, force = false } = values;
  if (typeof out !== "string" || out === "") throw new ConfigurationError("report needs --out FILE");
  const own = tokens.flatMap((token) => {
    if (token.kind !== "option" || !["out", "edges", "force"].includes(token.name)) return [];
    return token.name === "out" && token.inlineValue !== true ? [token.index, token.index + 1] : [token.index];
  });
  const rest = args.filter((_, index) => !own.includes(index));
  return { path: writtenPath(out), edges: edges === true, force: force === true, rest };
}

interface Made {
  readonly configuration: Configuration;
  readonly env: EnvironmentVariables;
  readonly backend: Backend;
  readonly redactor: Redactor;
  readonly log: (line: string) => void;
}

function contextOf({ configuration, env, backend, redactor, log }: Made, cloud: ReadContext["cloud"]): ReadContext {
  const { credentials } = backend;
  const startedAt = new Date();
  const vault = new Vault(undefined, undefined, (secrets) => redactor.addSecrets(secrets));
  return {
    gate: { standing: () => undefined },
    cloud,
    redactor,
    // Nothing that is given by reference is read.
    references: new References({ directories: [], envPrefix: undefined, env, vault, allowInlineSecrets: false }),
    vault,
    services: enabledServices(configuration.services, credentials),
    tlsCheck: createTlsCheck(backend, configuration, log),
    journal: new Journal(
      backend.jobs,
      () => new Date(),
      accountsOn(backend, configuration, env),
      (text) => redactor.redact(text),
    ),
    // Each list is read once for all pages of the inventory, however many there are.
    recentReads: new RecentReads(() => new Date(), Number.POSITIVE_INFINITY),
    operations: enabledTools(allOperations, configuration, credentials),
    huaweiProjectId: credentials.huaweiProjectId,
    maskPersonal: !configuration.showPersonalData,
    // One moment for the whole report: days are counted from it, and no list grows too old while others are read.
    now: () => startedAt,
    nonce: randomBytes(4).toString("hex"),
    pause: (ms, signal) => setTimeout(ms, undefined, { signal }),
    examineSetup: async () => ({}),
  };
}
