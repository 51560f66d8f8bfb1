import { type ChildProcess, fork } from "node:child_process";
import { z } from "zod";
import { type QuestionPut, questionPut, type RunOutcome, type RunSettings, runOutcome } from "./run.js";
import type { SimulatedClock } from "./simulated-clock.js";

const told = z.union([
  z.object({ time: z.number() }),
  z.object({ outcome: runOutcome }),
  z.object({ question: questionPut }),
]);

/** A run in a process of its own. */
export class ProcessRun {
  readonly #child: ChildProcess;
  /** What it did; undefined if it was killed. */
  readonly ended: Promise<RunOutcome | undefined>;

  constructor(
    entry: string,
    settings: RunSettings,
    {
      clock,
      edge,
      onQuestion,
    }: {
      readonly clock: SimulatedClock;
      readonly edge: readonly number[];
      readonly onQuestion: (put: QuestionPut) => void;
    },
  ) {
    const child = fork(entry, { stdio: ["ignore", "ignore", "pipe", "ipc"] });
    this.#child = child;
    let outcome: RunOutcome | undefined;
    let stderr = "";
    child.stderr?.on("data", (chunk) => {
      stderr += String(chunk);
    });
    child.on("message", (message) => {
      const said = told.parse(message);
      if ("outcome" in said) {
        outcome = said.outcome;
        return;
      }
      if ("question" in said) return onQuestion(said.question);
      clock.forwardTo(said.time);
      if (child.connected) child.send("heard");
    });
    this.ended = new Promise((resolve, reject) => {
      child.once("error", reject).once("close", (code, signal) => {
        if (code === 0 || signal === "SIGKILL") resolve(outcome);
        else reject(new Error(`the run ended with ${code ?? signal}: ${stderr}`));
      });
    });
    child.send({ settings, now: clock.now().getTime(), edge });
  }

  kill(): void {
    this.#child.kill("SIGKILL");
  }
}
