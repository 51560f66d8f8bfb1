import { setTimeout } from "node:timers/promises";
import { styleText } from "node:util";
import { visible } from "../../visible.js";
import type { Plan } from "../plan.js";
import { askWhatWaits, findWaiting, sendDecision, type Waiting } from "./client.js";
import { Keyboard } from "./keyboard.js";
import { detailLines, listLines, planLines, type Sheet, whatLines } from "./show.js";
import type { Outcome } from "./wire.js";

/** How often servers are asked what waits, in milliseconds. */
const POLL = 500;

const WIDEST = 100;

const BELL = "\x07";

export interface Terminal {
  readonly input: NodeJS.ReadStream;
  readonly output: NodeJS.WriteStream;
  readonly error: NodeJS.WritableStream;
}

/**
 * `cloudcert-mcp approve`: asks the person at this terminal about everything that waits, oldest first, and goes on
 * with what comes in, until the person leaves with Ctrl-C or Ctrl-D. Leaving decides nothing: a request whose question
 * was on the screen still waits.
 *
 * @param directories where servers put their sockets; see `socketDirectories`
 * @returns the exit code: 0 when the person left, 2 when this is not a terminal
 */
export async function runApprove(terminal: Terminal, directories: readonly string[]): Promise<number> {
  const { input, output, error } = terminal;
  if (!input.isTTY || !output.isTTY) {
    error.write("cloudcert-mcp approve: a person approves in a terminal; stdin and stdout must both be one.\n");
    return 2;
  }
  const keyboard = new Keyboard(input, output);
  try {
    await attend(new Desk(terminal, keyboard), directories);
  } finally {
    keyboard.close();
  }
  return 0;
}

/** Asks about what waits until the person leaves. */
async function attend(desk: Desk, directories: readonly string[]): Promise<void> {
  let idle = false;
  while (!desk.left.aborted) {
    const { waiting, problems } = await findWaiting(directories);
    desk.complain(problems);
    const [oldest] = waiting;
    if (oldest === undefined) {
      if (!idle) desk.say("", "Nothing waits for approval. New requests show up here; Ctrl-C ends this.");
      await pause(POLL, desk.left);
    } else {
      if (idle) desk.ring();
      desk.list(waiting.map(({ plan }) => plan));
      await desk.put(oldest);
    }
    idle = oldest === undefined;
  }
}

/** Where a person sits: shows plans and takes decisions. */
class Desk {
  readonly #terminal: Terminal;
  readonly #keyboard: Keyboard;
  readonly #complaints = new Set<string>();

  constructor(terminal: Terminal, keyboard: Keyboard) {
    this.#terminal = terminal;
    this.#keyboard = keyboard;
  }

  get left(): AbortSignal {
    return this.#keyboard.left;
  }

  say(...lines: readonly string[]): void {
    this.#terminal.output.write(`${lines.join("\n")}\n`);
  }

  ring(): void {
    this.#terminal.output.write(BELL);
  }

  /** Says each problem once. */
  complain(problems: readonly string[]): void {
    for (const problem of problems.filter((line) => !this.#complaints.has(line))) {
      this.#complaints.add(problem);
      this.#terminal.error.write(`cloudcert-mcp approve: ${visible(problem)}\n`);
    }
  }

  /** Gives an overview where more than one plan waits. */
  list(plans: readonly Plan[]): void {
    if (plans.length > 1) this.say("", `${plans.length} requests wait:`, ...listLines(plans, this.#sheet()));
  }

  /** Puts one request before the person, and the person's decision before the server. */
  async put(waiting: Waiting): Promise<void> {
    const seconds = Math.max(0, Math.ceil((waiting.expiresAt - Date.now()) / 1000));
    this.say(...planLines(waiting.plan, this.#sheet()), `Open for another ${seconds} s.`);
    const over = new AbortController();
    const withdrawal = whenGone(waiting, over.signal).finally(() => over.abort());
    const answer = await this.#ask(waiting.plan, over.signal);
    over.abort();
    if (answer !== undefined) return this.say(await decide(waiting, answer));
    this.say("", (await withdrawal) ?? "Nothing was decided; the request still waits.");
  }

  /** Asks until there is an answer; a question mark shows the rest of the plan. */
  async #ask(plan: Plan, over: AbortSignal): Promise<string | undefined> {
    while (true) {
      const answer = await this.#keyboard.ask(promptOf(plan), over);
      if (answer?.trim() !== "?") return answer;
      this.say(...detailLines(plan, this.#sheet()), "", ...whatLines(plan, this.#sheet()));
    }
  }

  #sheet(): Sheet {
    const { output } = this.#terminal;
    const coloured = process.env.NO_COLOR === undefined && output.hasColors();
    return {
      // A terminal that does not know its size says 0.
      width: Math.min(output.columns || 80, WIDEST),
      paint: (style, text) => (coloured ? styleText(style, text) : text),
    };
  }
}

function promptOf({ typed }: Plan): string {
  if (typed === undefined) return "Approve? [y/N, ? for details] ";
  return `To approve, type ${visible(typed)}\n[Enter declines, ? for details] `;
}

/** Sends the decision that is in an answer; resolves to what became of it, in words. */
async function decide({ plan, socket }: Waiting, answer: string): Promise<string> {
  const approve = plan.typed === undefined ? /^y(es)?$/i.test(answer.trim()) : answer.trim() !== "";
  try {
    const outcome = await sendDecision(socket, { planId: plan.id, approve, typed: answer });
    return outcome === "counted" ? (approve ? "Approved." : "Declined.") : outcomes[outcome];
  } catch {
    return "The server did not confirm the decision; it may have ended. Its audit log says what happened.";
  }
}

const outcomes: Readonly<Record<Exclude<Outcome, "counted">, string>> = {
  "wrong name": "Not approved: that is not the name.",
  "decided elsewhere": "Too late: it was decided or withdrawn elsewhere.",
  expired: "Too late: the request has expired.",
  unknown: "Too late: the server no longer knows this request.",
};

/** Resolves once the request can no longer be decided here, to the reason in words; to undefined when `over` aborts. */
async function whenGone(waiting: Waiting, over: AbortSignal): Promise<string | undefined> {
  while (await pause(POLL, over)) {
    const reason = await whyGone(waiting);
    if (reason !== undefined) return reason;
  }
  return undefined;
}

async function whyGone({ plan, socket, expiresAt }: Waiting): Promise<string | undefined> {
  try {
    const open = await askWhatWaits(socket);
    if (open.some((request) => request.plan.id === plan.id)) return undefined;
    return Date.now() < expiresAt ? "It was decided or withdrawn elsewhere." : "The request has expired.";
  } catch {
    return "The server that asked is gone; nothing was decided here.";
  }
}

/** Waits; resolves to whether nothing cut it short. */
function pause(time: number, signal: AbortSignal): Promise<boolean> {
  return setTimeout(time, true, { signal }).catch(() => false);
}
