import { messageOf } from "../lib/failure.js";
import { forTheRecord, type Reader } from "../lib/language.js";
import { writtenPath } from "../lib/paths.js";
import { safe, verbatim } from "../lib/safe-text.js";
import type { TextOutput } from "../lib/text-output.js";
import { formatHead } from "./line.js";
import { auditFiles } from "./read-log.js";
import { showAudit } from "./show.js";
import { type AuditSource, NoAuditLog } from "./source.js";
import { type AuditReport, BrokenChain, headOfLog, verifyAudit } from "./verify.js";

const usage = "Usage: cloudcert-mcp audit verify|show|head [--audit-log PATH | [--database URL] [--sandbox]]\n";

const verbs = ["verify", "show", "head"] as const;
type Verb = (typeof verbs)[number];

/** The command line of `audit`. */
export interface AuditCommand {
  /** The verb, and what is too much after it. */
  readonly words: readonly string[];
  /** The flags that say which log. */
  readonly path?: string | undefined;
  readonly database?: string | undefined;
  readonly sandbox?: boolean;
}

/** Where the log may be. */
interface AuditPlaces {
  /** The file, if no other is named. */
  readonly path: string;
  /** The sandbox's, used if there is no other. */
  readonly sandboxPath?: string;
  /** The setting of the database that several servers share; read instead of files, unless a path is named. */
  readonly database?: string | undefined;
  /** Opens it. */
  readonly shared?: (database: string, sandbox: boolean) => Promise<AuditSource & { close(): Promise<void> }>;
}

/**
 * `audit verify`, `audit show` and `audit head`. All check the chain.
 * @returns the exit code: 0; 1 if the chain is broken; 2 for wrong usage or an unreadable log
 */
export async function runAudit(
  args: AuditCommand,
  { path: defaultPath, sandboxPath = defaultPath, database, shared }: AuditPlaces,
  out: TextOutput,
  err: TextOutput,
  reader = forTheRecord,
): Promise<number> {
  const command = parse(args);
  if (command === undefined) {
    err.write(usage);
    return 2;
  }
  const report = (path: string) => reportOn(command.verb, auditFiles(path), { out, err, reader });
  const setting = command.path === undefined ? (command.database ?? database) : undefined;
  try {
    if (setting !== undefined && shared !== undefined) {
      const log = await shared(setting, command.sandbox);
      return await reportOn(command.verb, log, { out, err, reader }).finally(() => log.close());
    }
    if (command.path !== undefined) return await report(writtenPath(command.path));
    if (command.sandbox) return await report(sandboxPath);
    return await report(defaultPath).catch(async (error) => {
      if (!(error instanceof NoAuditLog) || sandboxPath === defaultPath) throw error;
      // A new user may only have tried the sandbox.
      const code = await report(sandboxPath).catch((cause) => {
        if (!(cause instanceof NoAuditLog)) throw cause;
        throw new NoAuditLog(
          safe`there is no audit log at ${verbatim(defaultPath)}, and none of the sandbox at ${verbatim(sandboxPath)}`,
        );
      });
      const told = safe`There is no audit log at ${verbatim(defaultPath)}; this is the sandbox's, ${verbatim(sandboxPath)}.`;
      err.write(`${told.for(reader)}\n`);
      return code;
    });
  } catch (error) {
    err.write(`cloudcert-mcp: ${error instanceof NoAuditLog ? error.why.for(reader) : messageOf(error)}\n`);
    return 2;
  }
}

interface AuditOutput {
  readonly out: TextOutput;
  readonly err: TextOutput;
  readonly reader: Reader;
}

/** @throws {NoAuditLog} if there is none */
async function reportOn(verb: Verb, log: AuditSource, { out, err, reader }: AuditOutput): Promise<number> {
  if (verb === "head") return printHead(log, { out, err });
  const result = await verifyAudit(log);
  if (verb === "show") await showAudit(log, out, reader);
  else if (result.ok) out.write(summary(result));
  if (result.ok) return 0;
  err.write(`The chain is broken at line ${result.line} of ${result.file}: ${result.why}.\n`);
  return 1;
}

/** The newest line's number and hash, to be kept where this user cannot write: it covers all lines before it. */
async function printHead(log: AuditSource, { out, err }: Pick<AuditOutput, "out" | "err">): Promise<number> {
  try {
    const head = await headOfLog(log);
    if (head === undefined) throw new NoAuditLog(safe`the audit log ${verbatim(log.name)} has no line yet`);
    out.write(`${formatHead(head)}\n`);
    return 0;
  } catch (error) {
    if (!(error instanceof BrokenChain)) throw error;
    err.write(`No head: ${error.message}.\n`);
    return 1;
  }
}

/** Undefined for wrong usage. */
function parse({ words: [verb, ...more], path, database, sandbox = false }: AuditCommand) {
  const known = verbs.find((each) => each === verb);
  if (known === undefined || more.length > 0) return undefined;
  if (path !== undefined && (sandbox || database !== undefined)) return undefined;
  return { verb: known, path, database, sandbox };
}

function summary({ lines, notes }: Extract<AuditReport, { ok: true }>): string {
  const lineCount = lines === 1 ? "1 line" : `${lines} lines`;
  return [`The chain is whole: ${lineCount}.`, ...notes.map((note) => `Note: ${note}.`), ""].join("\n");
}
