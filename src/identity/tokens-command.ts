import { existsSync } from "node:fs";
import { realpath, rm } from "node:fs/promises";
import { parseArgs } from "node:util";
import { dayMs } from "../lib/days.js";
import type { EnvironmentVariables } from "../lib/environment.js";
import { messageOf, unlessMissing } from "../lib/failure.js";
import { commaSeparated } from "../lib/lists.js";
import { takeLock } from "../lib/lock.js";
import { type CommandOutput, OUTPUT_LOST, type TextOutput } from "../lib/text-output.js";
import { replaceFileAtomically } from "../lib/write-file-atomically.js";
import { scopes } from "./person.js";
import { newStaticToken, readStaticTokens, type StaticToken, staticToken } from "./static-tokens.js";

const usage = `Usage: cloudcert-mcp tokens add NAME --tokens FILE [--scopes A,B] [--groups A,B] [--days N]
       cloudcert-mcp tokens list --tokens FILE
       cloudcert-mcp tokens remove NAME --tokens FILE
Scopes: ${scopes.join(", ")}. Default: certs:read, for 90 days. Instead of --tokens: CLOUDCERT_TOKENS
`;

/** How long another command is waited for, in milliseconds. */
const PATIENCE = 10_000;

/**
 * `cloudcert-mcp tokens add|list|remove`: static tokens for platforms that can only send a header.
 * @returns the exit code: 0; 1 if there is no such token, or one already; 2 for wrong usage; `OUTPUT_LOST`
 */
export async function runTokens(
  args: readonly string[],
  env: EnvironmentVariables,
  {
    out,
    err,
    now = () => new Date(),
  }: { readonly out: Pick<CommandOutput, "write" | "failure">; readonly err: TextOutput; readonly now?: () => Date },
): Promise<number> {
  const failed = (why: string, code: number) => {
    err.write(`cloudcert-mcp: ${why}\n`);
    return code;
  };
  const command = parseCommand(args);
  const path = command?.file ?? env.CLOUDCERT_TOKENS;
  if (command === undefined || !path) {
    err.write(usage);
    return 2;
  }
  const { verb, name } = command;
  const change = async (file: string): Promise<number> => {
    const isNew = verb === "add" && !existsSync(file);
    const known = isNew ? [] : await readStaticTokens(file);
    const others = known.filter((token) => token.name !== name);
    if (verb === "remove") {
      if (others.length === known.length) return failed(`there is no token ${name}`, 1);
      await write(file, others);
      out.write(`${name} was removed. A running server refuses it within seconds.\n`);
      return 0;
    }
    if (others.length < known.length) return failed(`there is a token ${name} already; remove it first`, 1);
    const { token, sha256 } = newStaticToken();
    const expires = new Date(now().getTime() + command.days * dayMs).toISOString();
    const made = staticToken.safeParse({ name, sha256, scopes: command.scopes, groups: command.groups, expires });
    if (!made.success) return failed(`${made.error.issues[0]?.path.join(".")} is not valid\n${usage}`, 2);
    await write(file, [...others, made.data]);
    out.write(`${token}\n`);
    if ((await out.failure()) !== undefined) {
      await (isNew ? rm(file) : write(file, others));
      return failed(`the token could not be shown, so ${name} was not added`, OUTPUT_LOST);
    }
    // On stderr, so that stdout is the token alone.
    err.write(`${lineOf(made.data, now())}. Its file has only a digest: this is the only time it is shown.\n`);
    return 0;
  };
  try {
    if (verb !== "list") return await underLockOf(path, change);
    for (const token of await readStaticTokens(path)) out.write(`${lineOf(token, now())}\n`);
    return 0;
  } catch (error) {
    return failed(messageOf(error), 2);
  }
}

/**
 * Does `work` while no other command does: of two that read the same, the later would undo what the other has told.
 * @param work gets the file itself where `path` is a link to it: a server may know it by another name
 */
async function underLockOf<Result>(path: string, work: (file: string) => Promise<Result>): Promise<Result> {
  const file = await unlessMissing(realpath(path), path);
  const release = await takeLock(file, PATIENCE, () => {});
  try {
    return await work(file);
  } finally {
    await release();
  }
}

function parseCommand(args: readonly string[]) {
  try {
    const { values, positionals } = parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        tokens: { type: "string" },
        scopes: { type: "string", multiple: true, default: ["certs:read"] },
        groups: { type: "string", multiple: true, default: [] },
        days: { type: "string", default: "90" },
      },
    });
    const [verb, name = "", ...more] = positionals;
    const days = Number(values.days);
    const isKnown = verb === "add" || verb === "remove" || verb === "list";
    if (!isKnown || more.length > 0 || (verb === "list") !== (name === "") || !(days > 0 && days <= 3_650))
      return undefined;
    return {
      verb,
      name,
      file: values.tokens,
      days,
      scopes: commaSeparatedItems(values.scopes),
      groups: commaSeparatedItems(values.groups),
    };
  } catch {
    return undefined;
  }
}

function commaSeparatedItems(values: readonly string[]): readonly string[] {
  return values.flatMap(commaSeparated).filter((part) => part !== "");
}

function lineOf({ name, scopes: allowed, groups, expires }: StaticToken, now: Date): string {
  const state = Date.parse(expires) <= now.getTime() ? "expired" : "valid until";
  const member = groups.length === 0 ? "" : `, groups ${groups.join(", ")}`;
  return `${name}: ${allowed.join(", ")}${member}, ${state} ${expires}`;
}

/**
 * Only the owner may read and write a new one: whoever can add a line can let in another caller. One that is there stays
 * its owner's, the server's, also if root changes it.
 */
function write(path: string, tokens: readonly StaticToken[]): Promise<void> {
  return replaceFileAtomically(path, `${JSON.stringify({ tokens }, null, 2)}\n`, 0o600);
}
