import { readFile } from "node:fs/promises";
import { buffer } from "node:stream/consumers";
import { z } from "zod";
import { secondsIn } from "../config/command-line.js";
import { ConfigurationError } from "../config/read.js";
import { decodeText } from "../lib/decode-text.js";
import type { EnvironmentVariables } from "../lib/environment.js";
import { messageOf } from "../lib/failure.js";
import type { JsonObject } from "../lib/json.js";
import { writtenPath } from "../lib/paths.js";
import { quoted } from "../lib/safe-text.js";
import { type CommandOutput, OUTPUT_LOST, type TextOutput } from "../lib/text-output.js";
import { closestTo } from "../pipeline/arguments/describe-issue.js";
import { isOwnTool } from "../pipeline/tool.js";
import { prepareCommand } from "../setup/command.js";
import { callOnce, defaultProofTime } from "./call.js";
import { type Headless, openHeadless } from "./headless.js";
import { exitCodes } from "./outcome.js";
import { asJson, callInLines } from "./report.js";

/** The streams of a command. */
export interface Streams {
  readonly input: NodeJS.ReadableStream;
  /** For programs: one line of JSON, if asked for or if it is no terminal. */
  readonly out: CommandOutput;
  /** For people. */
  readonly err: TextOutput;
}

/**
 * `cloudcert-mcp run JOB [JSON] [--dry-run | --unattended] [--wait SECONDS] [--json] [--account NAME] [options]`; `args` is what follows `run`.
 * @returns the exit code: one of `exitCodes`, or `OUTPUT_LOST`
 * @throws {ConfigurationError} for wrong usage
 */
export async function runCall(
  args: readonly string[],
  env: EnvironmentVariables,
  { input, out, err }: Streams,
  stop: AbortSignal,
): Promise<number> {
  const command = prepareCommand(args, env, {
    "dry-run": "switch",
    unattended: "switch",
    wait: "value",
    json: "switch",
  });
  const { flag, positionals } = command;
  const [name, given, ...more] = positionals;
  if (name === undefined || more.length > 0)
    throw new ConfigurationError("run requires JOB, and takes at most one JSON text");
  const wait = flag("wait");
  const proofTime = wait === undefined ? defaultProofTime : secondsIn("wait", wait);
  const isDryRun = flag("dry-run") !== undefined;
  const parsed = await argumentsIn(given, input);
  const { all: accounts, account } = await command.account();
  const headless = await openHeadless({
    account,
    accounts,
    env,
    asks: isDryRun ? "dry run" : flag("unattended") === undefined ? "a person" : "nobody",
    err,
    stop,
  });
  try {
    const tool = headless.tools.get(name);
    if (tool === undefined) throw noSuchJob(name, headless);
    const call = await callOnce(tool, parsed, headless, proofTime);
    const hasJson = flag("json") !== undefined || out.isTTY !== true;
    for (const told of callInLines(call, headless.reader, { isDryRun, hasJson })) {
      err.write(`${headless.redact(told)}\n`);
    }
    const isTold = !hasJson || (await writeResult(headless.redact(JSON.stringify(asJson(call))), { out, err }));
    return isTold ? exitCodes[call.outcome] : OUTPUT_LOST;
  } finally {
    await headless.close();
  }
}

/** Names the job that was probably meant; all tools would be too many to read. */
function noSuchJob(name: string, { tools }: Headless): ConfigurationError {
  const meant = closestTo(name, [...tools.keys()]);
  const jobs = [...tools.values()].filter(isOwnTool).map((tool) => tool.name);
  const instead = meant === undefined ? `the jobs are ${jobs.join(", ")}` : `did you mean ${meant}?`;
  return new ConfigurationError(`there is no job ${quoted(name, MAX_NAME_LENGTH)} here; ${instead}`);
}

/** Of a job that does not exist, in characters. */
const MAX_NAME_LENGTH = 100;

/** Writes a line for programs: to stderr if stdout does not take it, because the change may have been made. */
export async function writeResult(line: string, { out, err }: Pick<Streams, "out" | "err">): Promise<boolean> {
  out.write(`${line}\n`);
  const isLost = (await out.failure()) !== undefined;
  if (isLost) err.write(`${line}\n`);
  return !isLost;
}

const object = z.record(z.unknown());

/** JSON of any kind, to be told from the name of a file. */
const jsonLike = /^\s*([{["]|(null|true|false)\s*$)/;

/**
 * The arguments: JSON, the file that holds it, or - for stdin; none if nothing is given.
 * @throws {ConfigurationError} if that is no JSON object
 */
async function argumentsIn(given: string | undefined, input: NodeJS.ReadableStream): Promise<JsonObject> {
  if (given === undefined) return {};
  const isText = jsonLike.test(given);
  try {
    const read = () => (given === "-" ? buffer(input) : readFile(writtenPath(given)));
    return object.parse(JSON.parse(isText ? given : decodeText(await read())));
  } catch (error) {
    // The parser's message may quote the text, including a key in it.
    const why = error instanceof SyntaxError || error instanceof z.ZodError ? "it is no JSON object" : messageOf(error);
    const from = isText ? "" : given === "-" ? " of stdin" : ` of ${given}`;
    throw new ConfigurationError(`the arguments${from} cannot be read: ${why}`);
  }
}
