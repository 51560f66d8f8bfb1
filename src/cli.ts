#!/usr/bin/env node
import { readCommandLine, readConfiguration } from "./config/command-line.js";
import { options } from "./config/options.js";
import { configurationFrom, helpLines, isForOperator } from "./config/read.js";
import { teamOptions } from "./config/team-options.js";
import { stackOf } from "./lib/failure.js";
import { readerIn } from "./lib/language.js";
import { withPackages } from "./lib/optional-packages.js";
import { commandOutput, OUTPUT_LOST } from "./lib/text-output.js";
import { version } from "./lib/version.js";
import { serve } from "./server/serve.js";

const help = `cloudcert-mcp ${version}: TLS certificates on Tencent Cloud, Alibaba Cloud and Huawei Cloud, over MCP

Usage:
  cloudcert-mcp [options]           serve MCP over stdin and stdout
  cloudcert-mcp serve --http ADDRESS:PORT  serve a team over HTTP; takes the server's options, and those of serve --help
  cloudcert-mcp tokens add|list|remove [NAME]  static tokens for serve [--tokens FILE] [--scopes A,B] [--groups A,B] [--days N]
  cloudcert-mcp approve             approve or decline waiting changes in this terminal
  cloudcert-mcp approvals list|show|revoke [ID]  standing approvals [--account NAME] [--audit-log PATH | [--database URL] [--sandbox]]
  cloudcert-mcp audit verify|show   check or read the audit log [--audit-log PATH | [--database URL] [--sandbox]]
  cloudcert-mcp audit head          print the number and hash of its newest line, to be kept elsewhere; same options
  cloudcert-mcp evidence JOB        write what was approved, sent and served in a job [--out FILE] [--force] [--until end|LINE[:HASH]]; takes --account, --jobs, --audit-log, --evidence-key
  cloudcert-mcp evidence verify FILE  check it offline [--key PUBLIC_KEY_FILE] [--head LINE:HASH|FILE] [--json]
  cloudcert-mcp evidence keygen FILE  make a key pair for signing it
  cloudcert-mcp doctor [serve] [--json] [--account NAME]  check settings, credentials and network; takes the server's options, and those of serve
  cloudcert-mcp run JOB [JSON]      carry out one job, with JSON, a file or - for stdin [--dry-run | --unattended] [--wait SECONDS] [--json] [--account NAME]; takes the server's options
  cloudcert-mcp renew               renew what is due, of all accounts or one [--account NAME] [--before DAYS] [--apply] [--ask] [--watch] [--every SECONDS] [--wait SECONDS] [--dry-run] [--json]
  cloudcert-mcp report --out FILE   write an HTML report of certificate expiry dates; read-only [--edges] [--force] [--account NAME]; takes the server's options
  cloudcert-mcp sandbox [options]   run the sandbox alone; prints its addresses as one line of JSON

Options (each can also be set by the variable in brackets):
${helpLines(options).join("\n")}
  --help                     Show this text
  --version                  Show the version
`;

const serveHelp =
  () => `cloudcert-mcp serve --http ADDRESS:PORT: MCP for a team, over Streamable HTTP; see docs/team-server.md

Options in addition to those of every command (cloudcert-mcp --help):
${helpLines(teamOptions).join("\n")}
`;

/** Runs the command and returns its exit code. */
async function main(args: readonly string[]): Promise<number> {
  if (args.includes("--help")) return print(args[0] === "serve" ? serveHelp() : help);
  if (args.includes("--version")) return print(`${version}\n`);
  const [command, ...rest] = args;
  switch (command) {
    case "approve":
      return approve(rest);
    case "approvals":
      return approvals(rest);
    case "audit":
      return audit(rest);
    case "doctor":
      return (await onDemand()).runDoctor(rest, process.env, stdout, teamChecks);
    case "evidence":
      return (await onDemand()).runEvidence(rest, { ...streams, env: process.env });
    case "report":
      return (await onDemand()).runReport(rest, process.env, streams, stopSignal());
    case "run":
      return (await onDemand()).runCall(rest, process.env, streams, stopSignal());
    case "renew":
      return (await onDemand()).runRenew(rest, process.env, streams, stopSignal());
    case "serve": {
      const { serveTeam } = await withPackages(() => import("./http/serve.js"));
      return serveTeam(rest, process.env, process.stderr, stopSignal());
    }
    case "tokens":
      return (await onDemand()).runTokens(rest, process.env, streams);
    case "sandbox":
      return sandbox(rest);
    default:
      return serve(readConfiguration(args, process.env), process.env, stopSignal());
  }
}

/** Loaded only where settings of a team's server are given. */
const teamChecks = async () => (await withPackages(() => import("./http/examine-settings.js"))).examineTeamSettings;

/** A server that only lists its tools does not load it. */
const onDemand = () => import("./server/on-demand.js");

const stdout = commandOutput(process.stdout);
const streams = { input: process.stdin, out: stdout, err: process.stderr };

/** Of the settings, which are the server's, only the language counts here. */
async function approve(args: readonly string[]): Promise<number> {
  const { runApprove, approvalSockets } = await onDemand();
  const { stdin: input, stdout: output, stderr: error } = process;
  const { language } = readConfiguration(args, process.env);
  return runApprove({ input, output, error }, approvalSockets(process.env), readerIn(process.env, language));
}

/** The settings that say which log, and so which standing approvals, stand before or after the verb. */
async function approvals(args: readonly string[]): Promise<number> {
  const { createRecords, databaseIn, openState, prepareCommand, runApprovals } = await onDemand();
  const command = prepareCommand(args, process.env, {});
  const { positionals: words, configuration, reader } = command;
  const { chosen: accounts } = await command.accounts();
  const now = () => new Date();
  const database = databaseIn(configuration, process.env);
  const log = (line: string) => void process.stderr.write(`cloudcert-mcp: ${line}\n`);
  const state = await openState({ configuration, database, now, log });
  const ofAccounts = accounts.map(({ name: account }) => {
    const { standingApprovals: standing } = createRecords({ ...state, terms: state.termsOf(account) }, now);
    return { account, standing };
  });
  try {
    return await runApprovals(words, ofAccounts, { ...streams, reader });
  } finally {
    await state.close();
  }
}

const auditFlags = { "audit-log": "value", database: "value", sandbox: "switch" } as const;

async function audit(args: readonly string[]): Promise<number> {
  const { openSharedLog, runAudit, auditPath, sandboxAuditPath } = await onDemand();
  // What says which log is read apart: a flag for one of them takes precedence over the variables of the others.
  const { flag, positionals: words, settings } = readCommandLine(args, auditFlags);
  const { auditLog, database, sandbox, language } = configurationFrom(settings, process.env);
  const given = { path: flag("audit-log"), database: flag("database"), sandbox: flag("sandbox") !== undefined };
  const places = {
    path: auditPath({ auditLog, sandbox }),
    sandboxPath: auditLog ?? sandboxAuditPath(),
    database,
    shared: (setting: string, isSandbox: boolean) => openSharedLog(setting, isSandbox || sandbox, process.env),
  };
  return runAudit({ words, ...given }, places, stdout, process.stderr, readerIn(process.env, language));
}

async function sandbox(args: readonly string[]): Promise<number> {
  const { sandboxSpeed: speed, sandboxDomains: domains } = readConfiguration(args, process.env);
  const { runSandbox } = await import("./sandbox/server.js");
  // Without its addresses nobody can use it.
  await runSandbox({ speed, domains }, stdout, stopSignal(stdout.lost));
  return stdout.lost.aborted ? OUTPUT_LOST : 0;
}

/** Aborts when the process is asked to end, or has no reason to go on. */
function stopSignal(pointless?: AbortSignal): AbortSignal {
  const stop = new AbortController();
  pointless?.addEventListener("abort", () => stop.abort());
  // Not `once`: neither a second signal nor a library that exits without other listeners may cut the shutdown short.
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(signal, () => stop.abort());
  return stop.signal;
}

function print(text: string): number {
  stdout.write(text);
  return 0;
}

/** The exit code of a command that ended with `code`: a lost output is no success, unless nobody wanted more of it. */
async function afterOutput(code: number): Promise<number> {
  const failure = await stdout.failure();
  if (failure === undefined || (failure.isUnread && code !== OUTPUT_LOST)) return code;
  process.stderr.write(`cloudcert-mcp: the output could not be written to stdout: ${failure.why}\n`);
  return OUTPUT_LOST;
}

// An unread log is no reason to end, least of all in the middle of a change.
process.stderr.on("error", () => {});
try {
  // An unanswered question keeps a timer, which must not keep the process alive.
  process.exit(await afterOutput(await main(process.argv.slice(2))));
} catch (error) {
  // Not thrown again: a server's handlers would take it for a defect in its work, which its own end reports.
  process.stderr.write(`cloudcert-mcp: ${isForOperator(error) ? error.message : stackOf(error)}\n`);
  process.exit(isForOperator(error) ? 2 : 1);
}
