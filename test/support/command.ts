import { type ChildProcessWithoutNullStreams, spawn } from "node:child_process";
import { once } from "node:events";
import { z } from "zod";
import { bareEnvironment, cli } from "./assistant.js";

/** How a program ended, and what it said. */
export interface Ended {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

/** A program that runs to its end. The tests' own process stays free meanwhile: the sandbox is in it. */
export interface Command {
  readonly child: ChildProcessWithoutNullStreams;
  err(): string;
  ended(): Promise<Ended>;
}

/** Added to the bare environment; undefined takes a variable away. */
type Environment = Readonly<Record<string, string | undefined>>;

interface Options {
  /** What it reads from stdin. */
  readonly input?: string;
  /** Of user and group. */
  readonly uid?: number | undefined;
  readonly cwd?: string;
}

function startProgram(
  program: string,
  args: readonly string[],
  more: Environment = {},
  { input = "", uid, cwd }: Options = {},
): Command {
  const env = { ...bareEnvironment, ...more };
  const user = uid === undefined ? {} : { uid, gid: uid };
  const child = spawn(program, args, { env, stdio: "pipe", cwd, ...user });
  const exit = once(child, "close");
  let [out, err] = ["", ""];
  child.stdout.setEncoding("utf8").on("data", (text: string) => {
    out += text;
  });
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    err += text;
  });
  child.stdin.on("error", () => {});
  child.stdin.end(input);
  return {
    child,
    err: () => err,
    ended: async () => {
      const [code] = await exit;
      return { code: z.number().nullable().parse(code), out, err };
    },
  };
}

/** Runs any program to its end. */
export const runProgram = (program: string, args: readonly string[], env?: Environment, options?: Options) =>
  startProgram(program, args, env, options).ended();

/** Starts a command of the built program, as its own process. */
export const startCommand = (args: readonly string[], env?: Environment, options?: Options): Command =>
  startProgram(process.execPath, [cli, ...args], env, options);

/** Runs a command of the built program to its end. */
export const runCommand = (args: readonly string[], env?: Environment, options?: Options): Promise<Ended> =>
  startCommand(args, env, options).ended();
