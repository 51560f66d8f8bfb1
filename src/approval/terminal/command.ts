import { setTimeout } from "node:timers/promises";
import { styleText } from "node:util";
import { messageOf } from "../../lib/failure.js";
import type { Reader } from "../../lib/language.js";
import { escapeInvisible, type SafeText, safe, verbatim } from "../../lib/safe-text.js";
import { isNamed, type Plan } from "../plan.js";
import { ownDevice } from "./device.js";
import { Keyboard } from "./keyboard.js";
import { detailLines, type Layout, listLines, planLines, whatLines } from "./layout.js";
import type { CodeOutcome, DecisionOutcome } from "./protocol.js";
import {
  type FoundServers,
  findWaiting,
  requestCode,
  type ShownPlan,
  sendDecision,
  showPlan,
  stillOpen,
  type WaitingQuestion,
} from "./waiting-questions.js";

/** How often servers are polled, in milliseconds. */
const POLL = 500;

const WIDEST = 100;

const BELL = "\x07";

interface Terminal {
  readonly input: NodeJS.ReadStream;
  readonly output: NodeJS.WriteStream;
  readonly error: NodeJS.WritableStream;
}

/**
 * `cloudcert-mcp approve`: asks the person at this terminal about everything that waits, oldest first, and about new
 * requests, until the person leaves with Ctrl-C or Ctrl-D. Leaving decides nothing: a request on the screen still
 * waits. An approval needs a code that the server writes to this terminal's device.
 * @param directories where servers put their sockets; see `socketDirectories`
 * @returns the exit code: 0 if the person left, 2 if this is not a terminal
 */
export async function runApprove(terminal: Terminal, directories: readonly string[], reader: Reader): Promise<number> {
  const { input, output, error } = terminal;
  const refuse = (why: SafeText) => {
    error.write(`cloudcert-mcp approve: ${why.for(reader)}\n`);
    return 2;
  };
  if (!input.isTTY || !output.isTTY)
    return refuse(safe`stdin and stdout must both be a terminal, because a person approves here.`);
  const device = ownDevice();
  if (device === undefined) return refuse(safe`this terminal has no device that a server could write a code to.`);
  const keyboard = new Keyboard(input, output);
  try {
    await askUntilLeft(new ApprovalPrompt(terminal, keyboard, device, reader), directories);
  } finally {
    keyboard.close();
  }
  return 0;
}

/** Asks about waiting requests until the person leaves. */
async function askUntilLeft(prompt: ApprovalPrompt, directories: readonly string[]): Promise<void> {
  let idle = false;
  while (!prompt.left.aborted) {
    const found = await findWaiting(directories, prompt.reader.language);
    prompt.reportProblems(found.problems);
    const oldest = found.waiting.find((waiting) => prompt.canAsk(waiting));
    if (oldest === undefined) {
      if (!idle) prompt.tell(safe``, safe`Nothing waits for approval. New requests show up here; Ctrl-C ends this.`);
      await pause(POLL, prompt.left);
    } else {
      if (idle) prompt.ring();
      prompt.list(found);
      await prompt.ask(oldest);
    }
    idle = oldest === undefined;
  }
}

/** Shows plans to the person and takes decisions. */
class ApprovalPrompt {
  readonly #terminal: Terminal;
  readonly #keyboard: Keyboard;
  readonly #device: string;
  readonly reader: Reader;
  readonly #reportedProblems = new Set<string>();
  readonly #unshown = new Set<string>();

  /** @param device path of the terminal's device */
  constructor(terminal: Terminal, keyboard: Keyboard, device: string, reader: Reader) {
    this.#terminal = terminal;
    this.#keyboard = keyboard;
    this.#device = device;
    this.reader = reader;
  }

  get left(): AbortSignal {
    return this.#keyboard.left;
  }

  say(...lines: readonly string[]): void {
    this.#terminal.output.write(`${lines.join("\n")}\n`);
  }

  tell(...lines: readonly SafeText[]): void {
    this.say(...lines.map((line) => line.for(this.reader)));
  }

  ring(): void {
    this.#terminal.output.write(BELL);
  }

  /** Reports each problem once. */
  reportProblems(problems: readonly string[]): void {
    for (const problem of problems.filter((line) => !this.#reportedProblems.has(line))) {
      this.#reportedProblems.add(problem);
      this.#terminal.error.write(`cloudcert-mcp approve: ${escapeInvisible(problem)}\n`);
    }
  }

  /** Lists the requests if more than one waits. */
  list({ waiting, more }: FoundServers): void {
    const all = waiting.length + more;
    if (all < 2) return;
    const plans = waiting.map(({ plan }) => plan);
    this.tell(safe``, safe`${all} requests wait:`);
    this.say(...listLines(plans, this.#layout(), this.reader));
    if (more > 0) this.tell(safe`  and ${more} more, which come up in turn`);
  }

  /** Asks the person about one request and sends the decision to the server. */
  async ask(waiting: WaitingQuestion): Promise<void> {
    const shown = await this.#plan(waiting);
    if (shown === undefined) return;
    const seconds = Math.max(0, Math.ceil((waiting.expiresAt - Date.now()) / 1000));
    this.say(...planLines(shown.plan, this.#layout()), safe`Open for another ${seconds} s.`.for(this.reader));
    const over = new AbortController();
    const withdrawal = untilClosed(waiting, over.signal).finally(() => over.abort());
    const result = await this.#decide(waiting, shown, over.signal).catch(() => notConfirmed);
    over.abort();
    if (result !== undefined) return this.tell(result);
    this.tell(safe``, (await withdrawal) ?? safe`Nothing was decided; the request still waits.`);
  }

  /** Whether it can be shown: a request with a malformed plan must not block the others. */
  canAsk(waiting: WaitingQuestion): boolean {
    return !this.#unshown.has(keyOf(waiting));
  }

  async #plan(waiting: WaitingQuestion): Promise<ShownPlan | undefined> {
    try {
      return await showPlan(waiting, this.reader.language);
    } catch (error) {
      this.#unshown.add(keyOf(waiting));
      this.reportProblems([`a request cannot be shown: ${messageOf(error)}`]);
      return undefined;
    }
  }

  /** Takes the person's decision; resolves to the result in words, or to undefined if there was none. */
  async #decide(
    waiting: WaitingQuestion,
    { plan, digest }: ShownPlan,
    over: AbortSignal,
  ): Promise<SafeText | undefined> {
    const typed = await this.#askForAnswer(plan, over);
    if (typed === undefined) return undefined;
    const { socket } = waiting;
    if (!isYes(plan, typed)) return outcomeText(await sendDecision(socket, { planId: plan.id, approve: false }), false);
    const decision = { planId: plan.id, approve: true, typed, digest };
    // A wrong name is a no, which needs no code.
    if (!isNamed(plan, typed)) return outcomeText(await sendDecision(socket, decision), true);
    const written = await requestCode(waiting, this.#device, this.reader.language);
    if (written !== "written") return codeOutcomes[written];
    while (true) {
      const code = await this.#keyboard.ask(
        this.#prompt(safe`To approve, type the code`, safe`[Enter declines]`),
        over,
      );
      if (code === undefined) return undefined;
      if (code.trim() === "")
        return outcomeText(await sendDecision(socket, { planId: plan.id, approve: false }), false);
      const outcome = await sendDecision(socket, { ...decision, code });
      if (outcome !== "wrong code") return outcomeText(outcome, true);
      this.tell(safe`That is not the code.`);
    }
  }

  /** Asks until there is an answer; a question mark shows the rest of the plan. */
  async #askForAnswer(plan: Plan, over: AbortSignal): Promise<string | undefined> {
    while (true) {
      const { typed } = plan;
      const prompt =
        typed === undefined
          ? this.#prompt(safe`Approve? [y/N, ? for details]`)
          : this.#prompt(
              safe`To approve, type ${verbatim(escapeInvisible(typed))}`,
              safe`[Enter declines, ? for details]`,
            );
      const answer = await this.#keyboard.ask(prompt, over);
      if (answer?.trim() !== "?") return answer;
      this.say(...detailLines(plan, this.#layout()), "", ...whatLines(plan, this.#layout()));
    }
  }

  #prompt(...lines: readonly SafeText[]): string {
    return `${lines.map((line) => line.for(this.reader)).join("\n")} `;
  }

  #layout(): Layout {
    const { output } = this.#terminal;
    const coloured = process.env.NO_COLOR === undefined && output.hasColors();
    return {
      // A terminal that does not know its size reports 0.
      width: Math.min(output.columns || 80, WIDEST),
      paint: (style, text) => (coloured ? styleText(style, text) : text),
    };
  }
}

const keyOf = ({ socket, plan }: WaitingQuestion) => `${socket} ${plan.id}`;

const notConfirmed = safe`The server did not confirm the decision; it may have ended. Its audit log says what happened.`;

function isYes({ typed }: Plan, answer: string): boolean {
  return typed === undefined ? /^y(es)?$/i.test(answer.trim()) : answer.trim() !== "";
}

function outcomeText(outcome: DecisionOutcome, approve: boolean): SafeText {
  return outcome === "counted" ? (approve ? safe`Approved.` : safe`Declined.`) : outcomes[outcome];
}

const outcomes: Readonly<Record<Exclude<DecisionOutcome, "counted">, SafeText>> = {
  "wrong name": safe`Not approved: that is not the name.`,
  "wrong code": safe`Not approved: that is not the code.`,
  "no more codes": safe`Not approved: too many wrong codes. It can no longer be approved in a terminal.`,
  "decided elsewhere": safe`Too late: it was decided or withdrawn elsewhere.`,
  expired: safe`Too late: the request has expired.`,
  unknown: safe`Too late: the server no longer knows this request.`,
};

const codeOutcomes: Readonly<Record<Exclude<CodeOutcome, "written">, SafeText>> = {
  "no terminal": safe`Not approved: the server could not write a code here; it writes to terminals of its own user.`,
  "no more": safe`Not approved: no further code is given for this request.`,
  closed: safe`Too late: it was decided or withdrawn elsewhere, or has expired.`,
};

/** Resolves to the reason in words once the request can no longer be decided here, or to undefined if `over` aborts. */
async function untilClosed(waiting: WaitingQuestion, over: AbortSignal): Promise<SafeText | undefined> {
  while (await pause(POLL, over)) {
    const reason = await closedReason(waiting);
    if (reason !== undefined) return reason;
  }
  return undefined;
}

async function closedReason(waiting: WaitingQuestion): Promise<SafeText | undefined> {
  try {
    if (await stillOpen(waiting)) return undefined;
    return Date.now() < waiting.expiresAt
      ? safe`It was decided or withdrawn elsewhere.`
      : safe`The request has expired.`;
  } catch {
    return safe`The server that asked is gone; nothing was decided here.`;
  }
}

/** Waits; resolves to false if interrupted. */
function pause(time: number, signal: AbortSignal): Promise<boolean> {
  return setTimeout(time, true, { signal }).catch(() => false);
}
