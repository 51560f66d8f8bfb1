import { emitKeypressEvents, type Key } from "node:readline";
import { setImmediate } from "node:timers/promises";
import { escapeInvisible } from "../../lib/safe-text.js";
import { widthOf } from "../../lib/text-width.js";

/** Input counts only after this much silence, in milliseconds: nobody reads and answers a question faster. */
const SILENCE = 300;

/** The silence after a withdrawn question, in milliseconds: an answer being typed must not go to the next question. */
const SWITCH_PAUSE = 2_000;

/** Input this soon after Enter, in milliseconds, is the rest of a paste. */
const PASTE = 50;

/** A terminal's input or a substitute. */
type KeyInput = NodeJS.ReadableStream & { setRawMode(mode: boolean): unknown };

interface Question {
  readonly prompt: string;
  answer: string;
  /** When input starts to count. */
  acceptsFrom: number;
  /** Runs between Enter and the moment when the answer counts. */
  pendingEnter: NodeJS.Timeout | undefined;
  readonly settle: (answer: string | undefined) => void;
}

/**
 * Reads a terminal key by key: only what is typed after a question was shown can answer it. Until `close` the terminal
 * is in raw mode.
 */
export class Keyboard {
  readonly #input: KeyInput;
  readonly #output: Pick<NodeJS.WriteStream, "write">;
  readonly #now: () => number;
  readonly #left = new AbortController();
  #question: Question | undefined;
  /** No input counts before. */
  #ignoreInputUntil = 0;

  /** @param now milliseconds on a monotonic clock */
  constructor(input: KeyInput, output: Pick<NodeJS.WriteStream, "write">, now = () => performance.now()) {
    this.#input = input;
    this.#output = output;
    this.#now = now;
    emitKeypressEvents(input);
    input.setRawMode(true);
    input.on("keypress", this.#onKey).on("end", this.#leave).on("error", this.#leave);
    input.resume();
  }

  /** Aborts when the person leaves: Ctrl-C, Ctrl-D, or a closed terminal. */
  get left(): AbortSignal {
    return this.#left.signal;
  }

  /**
   * Asks and reads one line.
   * @returns undefined if the person left or `withdrawn` aborted before an answer counted
   */
  async ask(prompt: string, withdrawn: AbortSignal): Promise<string | undefined> {
    // Lets everything typed so far arrive; without a question it is dropped.
    await setImmediate();
    await setImmediate();
    if (this.left.aborted) return undefined;
    this.#output.write(prompt);
    const answer = new Promise<string | undefined>((settle) => {
      this.#question = { prompt, answer: "", acceptsFrom: this.#acceptAfterSilence(), pendingEnter: undefined, settle };
    });
    if (withdrawn.aborted) this.#withdraw();
    withdrawn.addEventListener("abort", this.#withdraw, { once: true });
    return answer.finally(() => withdrawn.removeEventListener("abort", this.#withdraw));
  }

  /** Restores the terminal. */
  close(): void {
    this.#settle(undefined);
    this.#input.off("keypress", this.#onKey).off("end", this.#leave).off("error", this.#leave);
    this.#input.setRawMode(false);
    this.#input.pause();
  }

  readonly #leave = (): void => {
    this.#left.abort();
    this.#settle(undefined);
  };

  readonly #withdraw = (): void => {
    this.#ignoreInputUntil = this.#now() + SWITCH_PAUSE;
    this.#settle(undefined);
  };

  readonly #onKey = (text: string | undefined, key: Key): void => {
    if (key.ctrl && (key.name === "c" || key.name === "d")) this.#leave();
    else if (this.#question !== undefined) this.#handleKey(this.#question, text, key);
  };

  #handleKey(question: Question, text: string | undefined, key: Key): void {
    if (this.#now() < question.acceptsFrom) question.acceptsFrom = this.#acceptAfterSilence();
    else if (question.pendingEnter !== undefined) this.#refusePaste(question);
    else if (key.name === "return" || key.name === "enter") this.#enter(question);
    else if (key.name === "backspace") this.#erase(question, [...question.answer].slice(0, -1).join(""));
    else if (key.ctrl && key.name === "u") this.#erase(question, "");
    else if (!key.ctrl && !key.meta && text !== undefined && escapeInvisible(text) === text) this.#type(question, text);
  }

  /** When input counts if there is silence from now on. */
  #acceptAfterSilence(): number {
    return Math.max(this.#now() + SILENCE, this.#ignoreInputUntil);
  }

  #type(question: Question, text: string): void {
    question.answer += text;
    this.#output.write(text);
  }

  #erase(question: Question, rest: string): void {
    this.#output.write("\b \b".repeat(widthOf(question.answer) - widthOf(rest)));
    question.answer = rest;
  }

  #enter(question: Question): void {
    question.pendingEnter = setTimeout(() => {
      this.#output.write("\n");
      this.#settle(question.answer);
    }, PASTE);
  }

  #refusePaste(question: Question): void {
    clearTimeout(question.pendingEnter);
    question.pendingEnter = undefined;
    question.answer = "";
    question.acceptsFrom = this.#acceptAfterSilence();
    this.#output.write(`\nSeveral lines at once are not an answer.\n${question.prompt}`);
  }

  #settle(answer: string | undefined): void {
    clearTimeout(this.#question?.pendingEnter);
    this.#question?.settle(answer);
    this.#question = undefined;
  }
}
