import type { ElicitRequest } from "@modelcontextprotocol/sdk/types.js";
import { onTestFinished } from "vitest";
import { z } from "zod";
import { questionLimits } from "../../src/approval/question-limits.js";
import { type Sandbox, startSandbox } from "../../src/sandbox/server.js";
import { type Assistant, pointedAt, reads, startAssistant, textOf } from "./assistant.js";
import { neededApproval } from "./requests.js";

/** What a person is shown, through a real client over stdio: they read each question and decline. */
export class DecliningPerson {
  readonly sandbox: Sandbox;
  assistant: Assistant;
  readonly #start: () => Promise<Assistant>;
  readonly #questions: ElicitRequest["params"][];
  /** How many of the questions earlier servers put. */
  #earlier = 0;

  private constructor(
    sandbox: Sandbox,
    assistant: Assistant,
    start: () => Promise<Assistant>,
    questions: ElicitRequest["params"][],
  ) {
    this.sandbox = sandbox;
    this.assistant = assistant;
    this.#start = start;
    this.#questions = questions;
  }

  /** Ends with the test. */
  static async open(...as: Parameters<typeof DecliningPerson.shared>): Promise<DecliningPerson> {
    const asked = await DecliningPerson.shared(...as);
    onTestFinished(() => asked.close());
    return asked;
  }

  /** For several tests, until it is closed. Its server is followed by a new one before its noes make it pause. */
  static async shared(
    flags: readonly string[] = ["--approve", "elicit"],
    env: Record<string, string> = {},
    speed = 20_000,
  ): Promise<DecliningPerson> {
    const sandbox = await startSandbox({ speed });
    const pointed = pointedAt(sandbox);
    const questions: ElicitRequest["params"][] = [];
    const person = reads((question) => {
      questions.push(question);
      return { action: "cancel" };
    });
    const start = () => startAssistant([...pointed.args, ...flags], { env: { ...pointed.env, ...env }, person });
    return new DecliningPerson(sandbox, await start(), start, questions);
  }

  async close(): Promise<void> {
    await this.assistant.close();
    await this.sandbox.close();
  }

  /** Calls a tool; gives what the person was shown and what came back. */
  async ask(name: string, args: Record<string, unknown>) {
    const before = this.#questions.length;
    if (before - this.#earlier >= questionLimits.declinesInARow) {
      await this.assistant.close();
      this.assistant = await this.#start();
      this.#earlier = before;
    }
    const sent = this.sandbox.requests.length;
    const start = this.assistant.received.length;
    const reply = await this.assistant.call(name, args, () => {});
    const [question] = this.#questions.slice(before);
    const changes = this.sandbox.requests.slice(sent).filter(neededApproval);
    const progress = this.assistant.received.slice(start).flatMap((message) => {
      const parsed = notification.safeParse(message);
      return parsed.success ? [parsed.data.params.message] : [];
    });
    // Two spaces at its end keep a line apart where the form is read as Markdown.
    const form = (question?.message ?? "").replaceAll("  \n", "\n");
    return { question, form, reply: textOf(reply), changes, progress };
  }

  /** The certificate with this remark. */
  certificate(remark: string): string {
    const found = [...this.sandbox.account.ssl.certificates.values()].find(({ alias }) => alias === remark);
    return found?.id ?? "";
  }
}

const notification = z.object({
  method: z.literal("notifications/progress"),
  params: z.object({ message: z.string() }),
});

/** Characters that are obeyed, reorder what stands beside them, or begin a line of their own. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what must not be there
export const obeyed = /[\x00-\x09\x0b-\x1f\x7f-\x9f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff]/;

/** What stands outside quotation marks. */
export const ownPart = (text: string) => text.replace(/"(?:[^"\\]|\\.)*"/g, "");
