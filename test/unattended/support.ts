import { type ChildProcessWithoutNullStreams, spawn } from "node:child_process";
import { once } from "node:events";
import { z } from "zod";
import { submit } from "../approval/page/support.js";
import { bareEnvironment, cli, pointedAt } from "../support/assistant.js";
import { neededApproval } from "../support/requests.js";
import { type Company, until } from "../tools/deployment/support.js";

/** The line that a command writes for programs. */
const line = z
  .object({
    outcome: z.string(),
    exit_code: z.number(),
    result: z.record(z.unknown()).optional(),
    plan: z.object({ question: z.string(), rows: z.array(z.unknown()), steps: z.record(z.unknown()) }).optional(),
    error: z.object({ happened: z.string(), changed: z.string(), next: z.string() }).passthrough().optional(),
  })
  .passthrough();

/** How a command ended. */
export interface Ended {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

/** A command of the built program, as its own process. */
export interface Command {
  readonly child: ChildProcessWithoutNullStreams;
  err(): string;
  ended(): Promise<Ended>;
}

export function startCommand(args: readonly string[], env: Record<string, string> = {}, input = ""): Command {
  const child = spawn(process.execPath, [cli, ...args], { env: { ...bareEnvironment, ...env }, stdio: "pipe" });
  const exit = once(child, "close");
  let [out, err] = ["", ""];
  child.stdout.on("data", (chunk: Buffer) => {
    out += chunk.toString();
  });
  child.stderr.on("data", (chunk: Buffer) => {
    err += chunk.toString();
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

/** The command of a company: on its sandbox, with its files and journal. */
export function commandOf(
  company: Company,
  args: readonly string[],
  input = "",
  more: Record<string, string> = {},
): Command {
  const pointed = pointedAt(company.sandbox);
  const env = {
    ...pointed.env,
    ...more,
    HOME: company.home,
    NODE_EXTRA_CA_CERTS: `${company.home}/root.pem`,
  };
  return startCommand([...args, ...pointed.args, "--files", company.home], env, input);
}

/** The one line of JSON that it wrote. */
export function lineOf({ out }: Ended) {
  const lines = out.split("\n").filter((text) => text !== "");
  if (lines.length !== 1) throw new Error(`${lines.length} lines on stdout: ${out}`);
  return line.parse(JSON.parse(lines[0] ?? ""));
}

/** A person who opens the page behind each new link and decides. */
export async function decideOnPage(command: Command, decision: "approve" | "decline", which = 0): Promise<void> {
  const links = () => [...command.err().matchAll(/waits for approval: (http:\S+)/g)].map(([, link = ""]) => link);
  await until(async () => links()[which] !== undefined || command.child.exitCode !== null);
  const link = links()[which];
  if (link === undefined) throw new Error(`nobody was asked: ${command.err()}`);
  await submit(link, { decision });
}

/** What reached the clouds and was more than a read. */
export const changesAt = ({ sandbox }: Company) => sandbox.requests.filter(neededApproval);
