import { setMaxListeners } from "node:events";
import type { Channel } from "../../src/approval/channel.js";
import type { ApprovalRequest } from "../../src/approval/request.js";
import { readConfiguration } from "../../src/config/command-line.js";
import { configuredSecrets, readRuntimeEnvironment } from "../../src/config/environment.js";
import { readerIn } from "../../src/lib/language.js";
import type { TimeSource } from "../../src/lib/time-source.js";
import { CallsInFlight } from "../../src/mcp/calls-in-flight.js";
import { RecentReads } from "../../src/pipeline/recent-reads.js";
import { Redactor } from "../../src/secrets/redaction/redactor.js";
import { compose } from "../../src/setup/composition.js";
import { enabledTools } from "../../src/setup/tool-selection.js";
import { ownTools } from "../../src/tools/index.js";
import type { Headless } from "../../src/unattended/headless.js";
import { PlanKeeper } from "../../src/unattended/headless.js";
import { judgeByOtherClock } from "../support/judge-by-other-clock.js";
import type { QuestionPut, RunSettings } from "./run.js";

/** A person who reads what is asked and says yes. */
export class Person implements Channel {
  readonly name = "page";
  readonly outOfBand = true;
  readonly #now: () => Date;
  readonly #onQuestion: (put: QuestionPut) => void;

  constructor(now: () => Date, onQuestion: (put: QuestionPut) => void) {
    this.#now = now;
    this.#onQuestion = onQuestion;
  }

  async present(request: ApprovalRequest): Promise<boolean> {
    const { question, rows, typed } = request.plan;
    const objects = [question, ...rows.map(({ object }) => object)];
    this.#onQuestion({ at: this.#now().getTime(), question, objects });
    request.decide(true, this.name, typed);
    return true;
  }

  async close(): Promise<void> {}
}

/**
 * The program as a shell's commands have it, from its own parts, with the time, the roots and the person of the year.
 * Without a person, nobody is asked.
 */
export async function openProgram(
  { args, env, roots }: RunSettings,
  time: TimeSource,
  log: (line: string) => void,
  person?: Person,
): Promise<Headless> {
  const configuration = readConfiguration(args, env);
  const environment = readRuntimeEnvironment(configuration, env);
  const redactor = new Redactor(configuredSecrets(environment));
  const redact = (text: string) => redactor.redact(text);
  const trust = { roots, judge: judgeByOtherClock(roots) };
  const composed = await compose({ configuration, env, environment, redactor, log, time, trust });
  const { shared, backend, gateWith, notify, close } = composed;
  const plans = new PlanKeeper("en");
  const gate = gateWith({ instead: person ?? plans }, []);
  const stop = new AbortController().signal;
  setMaxListeners(0, stop);
  const inFlight = new CallsInFlight();
  const offered = enabledTools([...shared.operations, ...ownTools], configuration, backend.credentials);
  return {
    context: {
      ...shared,
      otherAccounts: [],
      gate,
      recentReads: new RecentReads(shared.now),
      examineSetup: async () => ({}),
      report: (error) => log(`defect: ${error instanceof Error ? error.stack : String(error)}`),
    },
    asks: person === undefined ? "nobody" : "a person",
    plans: person === undefined ? plans : undefined,
    inFlight,
    notify,
    stop,
    reader: readerIn(env, "en"),
    tools: new Map(offered.map((tool) => [tool.name, tool])),
    redact,
    log,
    close: async () => {
      await inFlight.end();
      await gate.close();
      await close();
    },
  };
}
