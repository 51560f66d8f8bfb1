import { existsSync } from "node:fs";
import { open, readFile } from "node:fs/promises";
import { parseArgs } from "node:util";
import { type Head, parseHead } from "../audit/line.js";
import { AuditError, NoAuditLog } from "../audit/source.js";
import { databaseIn } from "../config/environment.js";
import { journalFolder } from "../jobs/job-files.js";
import { Journal } from "../jobs/journal.js";
import { decodeText } from "../lib/decode-text.js";
import type { EnvironmentVariables } from "../lib/environment.js";
import { messageOf, systemCodeOf } from "../lib/failure.js";
import type { Reader } from "../lib/language.js";
import { writtenPath } from "../lib/paths.js";
import { programCommand } from "../lib/program-command.js";
import { readAt } from "../lib/read-file-range.js";
import { escapeInvisible, inQuotes, type SafeText, safe, verbatim } from "../lib/safe-text.js";
import type { TextOutput } from "../lib/text-output.js";
import { alreadyThere, isFileSystemError, writeFileAtomically } from "../lib/write-file-atomically.js";
import { prepareCommand } from "../setup/command.js";
import { openState } from "../setup/state.js";
import { collectEvidence, NoEvidence, type Until } from "./collect.js";
import { encodeEvidence, MAX_EVIDENCE_SIZE, signedPartOf } from "./file.js";
import { makeKeyPair, readSigningKey, readVerifyingKey, signedBy, UnusableFile } from "./keys.js";
import { verdictAsJson, verdictLines } from "./texts.js";
import { type Anchors, verifyEvidence } from "./verify.js";

/** Where the command writes, and the environment with the settings. */
interface EvidenceOutput {
  readonly out: TextOutput;
  readonly err: TextOutput;
  readonly env: EnvironmentVariables;
}

/** What the command ends with; docs/evidence.md lists them. */
const exitCodes = { done: 0, refused: 1, usage: 2, unanchored: 3 } as const;

const usage = `Usage: cloudcert-mcp evidence JOB [--out FILE] [--force] [--until end|LINE[:HASH]] [--account NAME] [options]
       cloudcert-mcp evidence verify FILE [--key PUBLIC_KEY_FILE] [--head LINE:HASH|FILE] [--json]
       cloudcert-mcp evidence keygen FILE
`;

class WrongUsage extends Error {}

const ownFlags = { out: "value", force: "switch", until: "value" } as const;
type EvidenceCommand = ReturnType<typeof prepareCommand<typeof ownFlags>>;

/**
 * `cloudcert-mcp evidence`; `args` is what follows it.
 * @returns the exit code, one of `exitCodes`
 * @throws {ConfigurationError} for a setting that does not parse
 */
export async function runEvidence(args: readonly string[], output: EvidenceOutput): Promise<number> {
  const { err, env } = output;
  const [verb, ...rest] = args;
  const isOwnVerb = verb === "verify" || verb === "keygen";
  const command = prepareCommand(isOwnVerb ? [] : args, env, ownFlags);
  const { reader } = command;
  const complain = (text: SafeText) => err.write(`cloudcert-mcp: ${escapeInvisible(text.for(reader))}\n`);
  try {
    if (verb === "verify") return await verify(rest, output, reader);
    if (verb === "keygen") return await keygen(rest, output, reader);
    return await write(command, output);
  } catch (error) {
    if (error instanceof WrongUsage) {
      err.write(usage);
      return exitCodes.usage;
    }
    if (error instanceof NoEvidence) {
      complain(safe`No evidence was written. ${error.why}`);
      return exitCodes.refused;
    }
    if (error instanceof NoAuditLog) {
      complain(safe`No evidence was written: ${error.why}.`);
      return exitCodes.usage;
    }
    if (error instanceof AuditError) {
      // In one language, which is that of the errors.
      complain(verbatim(`No evidence was written: ${error.message}.`));
      return exitCodes.refused;
    }
    if (error instanceof UnusableFile || isFileSystemError(error)) {
      complain(verbatim(`${messageOf(error)}.`));
      return exitCodes.usage;
    }
    throw error;
  }
}

async function write(command: EvidenceCommand, { out, err, env }: EvidenceOutput): Promise<number> {
  const { configuration, reader } = command;
  const { job, named, force, until } = requestIn(command);
  const say = (text: SafeText) => err.write(`${escapeInvisible(text.for(reader))}\n`);
  const path = named === undefined ? undefined : pathOf(named);
  if (path !== undefined && !force && existsSync(path)) throw new NoEvidence(alreadyThere(path));
  const { account } = await command.account();
  const { evidenceKey } = configuration;
  const key = evidenceKey === undefined ? undefined : await readSigningKey(evidenceKey);
  const now = () => new Date();
  const database = databaseIn(configuration, env);
  const state = await openState({ configuration, database, now, log: () => {} });
  const journal = new Journal(state.jobsIn(configuration.jobs ?? journalFolder(), account.name), now);
  const evidence = await collectEvidence(job, state.auditSource, journal, until).finally(() => state.close());
  const signedPart = signedPartOf(evidence);
  const signature = key && signedBy(key, signedPart);
  const bytes = encodeEvidence(signedPart, signature);
  // Checks it as an auditor would, so that evidence that would be refused is never written.
  const verdict = verifyEvidence(bytes, {});
  if (verdict.verdict === "refused") throw new NoEvidence(verdict.problems[0] ?? safe`It does not fit together.`);
  if (path === undefined) out.write(bytes.toString());
  else {
    await writeFileAtomically(path, bytes, force, 0o600).catch((error: unknown) => {
      throw systemCodeOf(error) === "EEXIST" ? new NoEvidence(alreadyThere(path)) : error;
    });
  }
  const { first_line: first, until_line: last } = verdict.summary;
  const where = path === undefined ? safe`Evidence` : inQuotes(path);
  say(
    safe`${where} written: lines ${first} to ${last} of the audit log, ${evidence.sightings.length} checks of what was served.`,
  );
  say(
    signature === undefined
      ? safe`It is not signed: to check it, an auditor needs a head of the audit log (${verbatim(programCommand("audit head"))}), noted after the job and kept elsewhere.`
      : safe`It is signed: to check it, an auditor needs the public key, not from this file.`,
  );
  return exitCodes.done;
}

/** @throws {WrongUsage} */
function requestIn({ flag, positionals }: EvidenceCommand) {
  const [job = "", ...more] = positionals;
  const [named, until] = [flag("out"), untilIn(flag("until"))];
  if (!/^[0-9a-f]{8}$/.test(job) || more.length > 0 || until === undefined || named === "") throw new WrongUsage();
  return { job, named, force: flag("force") !== undefined, until };
}

function untilIn(text: string | undefined): Until | undefined {
  if (text === undefined) return "job";
  if (text === "end") return "end";
  return parseHead(text) ?? (/^[1-9]\d{0,14}$/.test(text) ? { seq: Number(text) } : undefined);
}

async function verify(args: readonly string[], { out }: EvidenceOutput, reader: Reader): Promise<number> {
  const options = { key: { type: "string" }, head: { type: "string" }, json: { type: "boolean" } } as const;
  const { values, positionals } = parsedOrUsage(() => parseArgs({ args: [...args], options, allowPositionals: true }));
  const [file, ...more] = positionals;
  if (file === undefined || more.length > 0) throw new WrongUsage();
  const anchors: Anchors = {
    ...(values.key !== undefined && { key: await readVerifyingKey(pathOf(values.key)) }),
    ...(values.head !== undefined && { head: await readHead(values.head) }),
  };
  const verdict = verifyEvidence(await readBounded(pathOf(file)), anchors);
  if (values.json) out.write(`${JSON.stringify(verdictAsJson(verdict), null, 2)}\n`);
  else out.write(`${verdictLines(verdict, reader).join("\n")}\n`);
  if (verdict.verdict === "verified") return exitCodes.done;
  return verdict.verdict === "refused" ? exitCodes.refused : exitCodes.unanchored;
}

/** One byte more than the largest evidence is enough to refuse it. */
async function readBounded(path: string): Promise<Buffer> {
  const file = await open(path);
  try {
    const { size } = await file.stat();
    return await readAt(file, 0, Math.min(size, MAX_EVIDENCE_SIZE + 1));
  } finally {
    await file.close();
  }
}

/** The line and hash themselves, or a file with what `audit head` printed. */
async function readHead(text: string): Promise<Head> {
  const head = parseHead(text) ?? parseHead(decodeText(await readFile(pathOf(text))).slice(0, 200));
  if (head === undefined) throw new UnusableFile(`${text} holds no head of an audit log, such as 42:9f86d0…`);
  return head;
}

async function keygen(args: readonly string[], { out }: EvidenceOutput, reader: Reader): Promise<number> {
  const { positionals } = parsedOrUsage(() => parseArgs({ args: [...args], options: {}, allowPositionals: true }));
  const [path, ...more] = positionals;
  if (path === undefined || more.length > 0) throw new WrongUsage();
  const key = pathOf(path);
  const digest = await makeKeyPair(key);
  const text = safe`${inQuotes(key)} has the private key (--evidence-key), and ${inQuotes(`${key}.pub`)} the public key for auditors, with SHA-256 ${verbatim(digest)}.`;
  out.write(`${escapeInvisible(text.for(reader))}\n`);
  return exitCodes.done;
}

/** @throws {WrongUsage} instead of what parseArgs throws */
function parsedOrUsage<Result>(parse: () => Result): Result {
  try {
    return parse();
  } catch {
    throw new WrongUsage();
  }
}

/** @throws {UnusableFile} saying what is wrong with it */
function pathOf(text: string): string {
  try {
    return writtenPath(text);
  } catch (error) {
    throw new UnusableFile(messageOf(error));
  }
}
