import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { onTestFinished } from "vitest";
import type { Caller } from "../../../src/approval/channel.js";
import type { Plan } from "../../../src/approval/plan.js";
import { ApprovalRequest } from "../../../src/approval/request.js";
import { TerminalChannel } from "../../../src/approval/terminal/channel.js";
import type { CodeOutcome, DecisionOutcome } from "../../../src/approval/terminal/protocol.js";
import {
  requestCode,
  sendDecision,
  showPlan,
  type WaitingQuestion,
} from "../../../src/approval/terminal/waiting-questions.js";

const entry = fileURLToPath(new URL("approve.js", import.meta.url));

export const caller: Caller = {
  progress: () => {},
  signal: new AbortController().signal,
  sending: new AbortController().signal,
};

export function newDirectory(): string {
  return mkdtempSync(join(tmpdir(), "cc-"));
}

export function planOf(changes: Partial<Plan> = {}): Plan {
  return {
    language: "en",
    id: "plan-1",
    where: "Tencent Cloud SSL",
    environment: "the real account",
    account: "access key AKID…9xYz",
    operation: "ModifyCertificateAlias",
    title: "Rename a certificate",
    question: "Rename certificate abcd1234 to “shop”?",
    effect: "change",
    warnings: [],
    rows: [{ object: "Certificate abcd1234 (www.example.com)", aspect: "remark", now: "none", then: "shop" }],
    facts: [["Valid until", "2026-03-01"]],
    details: [["CertificateId", "abcd1234"]],
    digest: "0".repeat(64),
    typed: undefined,
    ...changes,
  };
}

export function requestOf(changes: Partial<Plan> = {}, expiresAt = Date.now() + 60_000): ApprovalRequest {
  const plan = planOf(changes);
  return new ApprovalRequest({ en: plan, "zh-CN": { ...plan, language: "zh-CN" } }, expiresAt, Date.now);
}

/** A channel that is closed when the test is over. */
export function openChannel(directories: readonly string[], options: { now?: () => number; logged?: string[] } = {}) {
  const { now = Date.now, logged = [] } = options;
  const channel = new TerminalChannel({ directories, now, log: (line) => logged.push(line) });
  onTestFinished(() => channel.close());
  return channel;
}

/** A terminal of this user's, as a server writes to it. */
export interface OpenTerminal {
  /** Its path. */
  readonly device: string;
  /** The code that comes next. */
  code(): Promise<string>;
  /** Resolves once `text` was written to it. */
  until(text: string): Promise<string>;
  /** Everything that was written to it. */
  screen(): string;
}

/** A terminal in which nothing runs. It is closed when the test is over. */
export async function openTerminal(): Promise<OpenTerminal> {
  const terminal = inTerminal("tty; exec cat", {});
  const device = (await terminal.until("\n")).trim();
  return { device, code: () => codeIn(terminal), until: terminal.until, screen: terminal.screen };
}

/** The code that a server writes next. */
export async function codeIn(terminal: Pick<PseudoTerminal, "until">): Promise<string> {
  await terminal.until("the code ");
  return (await terminal.until(" ")).trim();
}

/** A terminal in which a command runs, as util-linux `script` makes it; the person leaves it when the test is over. */
export interface PseudoTerminal {
  /** Resolves once the terminal received `text` after what an earlier call waited for; gives what came up to it. */
  until(text: string): Promise<string>;
  keys(text: string): void;
  /** Everything that it received. */
  screen(): string;
  /** Types after as long a look as a person takes: faster input is not taken for an answer. */
  answer(text: string): Promise<void>;
  readonly exitCode: Promise<number>;
}

/** Longer than the silence that the command wants to see before it listens. */
const LOOK = 400;

export function startApprove(directories: readonly string[], env: Record<string, string> = {}): PseudoTerminal {
  return inTerminal([process.execPath, entry, ...directories].join(" "), env);
}

/** A terminal in which `command` runs. */
export function inTerminal(command: string, env: Record<string, string>): PseudoTerminal {
  const child = spawn("script", ["-qefc", command, "/dev/null"], {
    env: { PATH: process.env.PATH ?? "", TERM: "xterm-256color", SHELL: "/bin/sh", ...env },
    stdio: ["pipe", "pipe", "inherit"],
  });
  const exitCode = once(child, "exit").then(([code]) => Number(code));
  // Keys for a command that has ended already.
  child.stdin.on("error", () => {});
  onTestFinished(async () => {
    child.stdin.end("\x03");
    await exitCode;
  });
  let screen = "";
  let read = 0;
  child.stdout.setEncoding("utf8").on("data", (chunk: string) => {
    screen += chunk;
  });
  return {
    until: async (text) => {
      while (!screen.includes(text, read)) {
        if (child.exitCode !== null) throw new Error(`"${text}" never came; the screen: ${screen}`);
        await Promise.race([once(child.stdout, "data"), exitCode]);
      }
      const from = read;
      read = screen.indexOf(text, from) + text.length;
      return screen.slice(from, read);
    },
    keys: (text) => child.stdin.write(text),
    screen: () => screen,
    answer: async (text) => {
      await setTimeout(LOOK);
      child.stdin.write(text);
    },
    exitCode,
  };
}

/** Approves at the keyboard the question that is asked next. */
export async function typeApproval(terminal: PseudoTerminal): Promise<void> {
  await terminal.until("Approve? [y/N, ? for details] ");
  await terminal.answer("y\r");
  const code = await codeIn(terminal);
  await terminal.until("[Enter declines] ");
  await terminal.answer(`${code}\r`);
  await terminal.until("Approved.");
}

/** Approves as a person does who reads the plan, and the code in this terminal. */
export async function approveIn(
  terminal: OpenTerminal,
  waiting: WaitingQuestion,
  typed?: string,
): Promise<DecisionOutcome | CodeOutcome> {
  const shown = await showPlan(waiting);
  const written = await requestCode(waiting, terminal.device);
  if (shown === undefined || written !== "written") return written;
  const { plan, digest } = shown;
  const code = await terminal.code();
  const decision = { planId: plan.id, approve: true, digest, code };
  return sendDecision(waiting.socket, { ...decision, ...(typed !== undefined && { typed }) });
}

/** The same command with pipes for stdin and stdout. */
export async function approveWithoutTerminal(directory: string): Promise<{ code: number; stderr: string }> {
  const child = spawn(process.execPath, [entry, directory], { stdio: ["pipe", "pipe", "pipe"] });
  let stderr = "";
  child.stderr.setEncoding("utf8").on("data", (chunk: string) => {
    stderr += chunk;
  });
  const [code] = await once(child, "close");
  return { code: Number(code), stderr };
}

/** Another process that listens where a server would, and does `behaviour` to every `socket` that connects. */
export async function listenElsewhere(directory: string, behaviour: string) {
  const program = `
    const path = require("node:path").join(process.argv[1], process.pid + "-0badc0de.sock");
    require("node:net").createServer((socket) => { ${behaviour} }).listen(path, () => process.stdout.write("up"));`;
  const child = spawn(process.execPath, ["-e", program, directory], { stdio: ["ignore", "pipe", "inherit"] });
  await once(child.stdout, "data");
  return child;
}
