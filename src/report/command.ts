import { setMaxListeners } from "node:events";
import { existsSync } from "node:fs";
import { z } from "zod";
import { readCommandLine, refuseArguments } from "../config/command-line.js";
import { configuredSecrets } from "../config/environment.js";
import { ConfigurationError, readConfiguration } from "../config/read.js";
import type { EnvironmentVariables } from "../lib/environment.js";
import { messageOf } from "../lib/failure.js";
import type { JsonObject } from "../lib/json.js";
import { readerIn } from "../lib/language.js";
import { writtenPath } from "../lib/paths.js";
import { escapeInvisible, inQuotes, type SafeText, safe, verbatim } from "../lib/safe-text.js";
import type { TextOutput } from "../lib/text-output.js";
import { ToolError } from "../lib/tool-error.js";
import { alreadyThere, isFileSystemError, writeFileAtomically } from "../lib/write-file-atomically.js";
import type { ReadContext } from "../pipeline/call-context.js";
import { readInFull } from "../pipeline/execute-call.js";
import { RecentReads } from "../pipeline/recent-reads.js";
import { Redactor } from "../secrets/redaction/redactor.js";
import { chosenAccount, commandAccounts } from "../setup/accounts.js";
import { type Composition, compose } from "../setup/composition.js";
import { findCertificates } from "../tools/find-certificates.js";
import { planRenewals } from "../tools/plan-renewals.js";
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
  const line = readCommandLine(args, {
    out: "value",
    edges: "switch",
    force: "switch",
    account: "value",
  });
  refuseArguments(line);
  const { flag, settings } = line;
  const path = pathIn(flag("out"));
  const force = flag("force") !== undefined;
  const configured = readConfiguration(settings, env);
  const { environment, ...chosen } = chosenAccount(await commandAccounts(configured, env), flag("account"));
  // Whatever the settings allow, a report sends no change.
  const configuration = { ...chosen.configuration, ...readOnlySettings };
  const reader = readerIn(env, configuration.language);
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
    const context = readContextFor(composed);
    const caller = { progress: (message: SafeText) => log(message.for(reader)), signal: stop, sending: stop };
    const reply = await wholeInventory(
      (page) => readInFull(findCertificates, page, caller, context),
      flag("edges") !== undefined,
    );
    const plan = await wholePlan((page) => readInFull(planRenewals, page, caller, context));
    await writeFileAtomically(path, reportDocument(reply, reader.language, new Date(), plan), force);
    say(
      safe`${inQuotes(path)} written: ${reply.certificates.length} certificates and ${reply.domains.length} domains, using read-only calls.`,
    );
    if (reply.incomplete.length > 0) say(safe`Not everything could be seen; the page begins with what is missing.`);
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
    gate: { approvalProgress: async () => undefined, approvalFor: () => undefined },
    // Each list is read once for all pages of the inventory, however many there are.
    recentReads: new RecentReads(() => new Date(), Number.POSITIVE_INFINITY),
    // One moment for the whole report: days are counted from it, and no list grows too old while others are read.
    now: () => startedAt,
    examineSetup: async () => ({}),
  };
}

/** One page of a tool's reply. */
type ReadPage = (args: JsonObject) => Promise<JsonObject>;

const listed = z.array(z.record(z.unknown())).default([]);
const cursor = { next_cursor: z.string().optional() };
const inventoryPage = z
  .object({ incomplete: z.array(z.string()).default([]), certificates: listed, domains: listed, ...cursor })
  .passthrough();
const planPage = z.object({ renewals: listed, ...cursor }).passthrough();

/** Rows of one page, as many as a reply may have. */
const PAGE = 100;

/** All pages of find_certificates as one reply. What any page could not see, the whole could not see. */
async function wholeInventory(read: ReadPage, withEdges: boolean) {
  const params = { limit: PAGE, with_edges: withEdges };
  const first = inventoryPage.parse(await read({ ...params, fresh: true }));
  const pages = await allFrom(first, async (next) => inventoryPage.parse(await read({ ...params, cursor: next })));
  return {
    ...first,
    certificates: pages.flatMap(({ certificates }) => certificates),
    domains: pages.flatMap(({ domains }) => domains),
    incomplete: [...new Set(pages.flatMap(({ incomplete }) => incomplete))],
    next_cursor: undefined,
  };
}

/** All pages of plan_renewals as one reply. */
async function wholePlan(read: ReadPage) {
  const first = planPage.parse(await read({ limit: PAGE }));
  const pages = await allFrom(first, async (next) => planPage.parse(await read({ limit: PAGE, cursor: next })));
  return { ...first, renewals: pages.flatMap(({ renewals }) => renewals), next_cursor: undefined };
}

/** The first page and those after it. A cursor that comes again would lead round in a circle. */
async function allFrom<Page extends { readonly next_cursor?: string | undefined }>(
  first: Page,
  read: (cursor: string) => Promise<Page>,
): Promise<readonly Page[]> {
  const pages = [first];
  const cursors = new Set<string>();
  for (let next = first.next_cursor; next !== undefined && !cursors.has(next); next = pages.at(-1)?.next_cursor) {
    cursors.add(next);
    pages.push(await read(next));
  }
  return pages;
}
