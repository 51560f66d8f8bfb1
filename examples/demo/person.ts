import { setTimeout } from "node:timers/promises";
import type { ElicitRequest, ElicitResult } from "@modelcontextprotocol/sdk/types.js";
import { quote, tell } from "./telling.js";

/** How long the person reads a question, in milliseconds: a faster answer is not taken for a person's. */
const READING_TIME = 400;

/** The person at the client's form. */
export class Person {
  says: "yes" | "no" = "yes";
  readonly #questions: string[] = [];

  /** The questions asked so far. */
  get questions(): readonly string[] {
    return this.#questions;
  }

  async answer({ message }: ElicitRequest["params"]): Promise<ElicitResult> {
    this.#questions.push(message);
    tell("the person is asked:");
    quote("│", shownPlan(message));
    await setTimeout(READING_TIME);
    const name = /^To approve, type (.+)\.$/m.exec(message)?.[1];
    if (this.says === "no") {
      tell("└ the person says: no");
      return { action: "decline" };
    }
    tell(`└ the person ${name === undefined ? "says: yes" : `types "${name}" and says: yes`}`);
    return { action: "accept", content: { approve: true, ...(name !== undefined && { confirm: name }) } };
  }
}

/** The question without the facts and arguments at its end, and how many lines of those there are. */
export function shownPlan(message: string): string[] {
  const paragraphs = message.split("\n\n").map((paragraph) => paragraph.split(/ *\n/));
  const isDetail = ([line = ""]: readonly string[]) => !/ → |^Warning: |^To approve, type /.test(line);
  const begin = paragraphs.findIndex((lines, index) => index > 0 && isDetail(lines));
  const shown = paragraphs.slice(0, begin);
  const details = paragraphs.slice(begin).flat().length;
  return [...shown.flat(), `(and ${details} lines of facts and arguments)`];
}
