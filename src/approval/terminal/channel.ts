import type { Socket } from "node:net";
import type { Language } from "../../lib/language.js";
import { programCommand } from "../../lib/program-command.js";
import { capped, escapeInvisible, safe, verbatim } from "../../lib/safe-text.js";
import { sha256Hex } from "../../lib/sha256.js";
import type { Channel } from "../channel.js";
import { isNamed } from "../plan.js";
import type { ApprovalRequest } from "../request.js";
import { ConfirmationCode } from "./code.js";
import { writeToTerminal } from "./device.js";
import { TerminalListener } from "./listener.js";
import {
  type CodeOutcome,
  type DecideQuestion,
  type DecisionOutcome,
  encodePlan,
  encodeReply,
  encodeWaiting,
  MAX_PLAN,
  MAX_QUESTION,
  parseLine,
  type Question,
  questionSchema,
  readLine,
} from "./protocol.js";

interface TerminalChannelOptions {
  /** Possible places for the socket, best first; see `socketDirectories`. If empty, the channel is not offered. */
  readonly directories: readonly string[];
  readonly now: () => number;
  readonly log: (line: string) => void;
}

interface Entry {
  readonly request: ApprovalRequest;
  /** When it was asked; milliseconds since the epoch. */
  readonly since: number;
  /** The encoded plans. */
  readonly plans: Readonly<Record<Language, string>>;
  readonly code: ConfirmationCode;
}

/** Lets a person decide with `cloudcert-mcp approve` in a terminal of the same user. */
export class TerminalChannel implements Channel {
  readonly name = "terminal";
  readonly outOfBand = true;
  readonly #options: TerminalChannelOptions;
  readonly #entries = new Map<string, Entry>();
  #listener: Promise<TerminalListener | undefined> = Promise.resolve(undefined);

  constructor(options: TerminalChannelOptions) {
    this.#options = options;
  }

  async present(request: ApprovalRequest): Promise<boolean> {
    const { directories, now, log } = this.#options;
    const { operation } = request.plan;
    if (directories.length === 0) {
      log("no approvals in a terminal: this platform has no terminal devices that a code can be written to");
      return false;
    }
    const plans = { en: encodePlan(request.plan), "zh-CN": encodePlan(request.planIn("zh-CN")) };
    if (Object.values(plans).some((plan) => encodeReply({ plan }).length > MAX_PLAN)) {
      log(`${operation} cannot be approved in a terminal: its plan is too long to be shown there`);
      return false;
    }
    this.#listener = this.#listener.then((listener) => this.#reachableListener(listener));
    if ((await this.#listener) === undefined) return false;
    this.#forgetClosed();
    this.#entries.set(request.plan.id, { request, since: now(), plans, code: new ConfirmationCode() });
    request.offerAt("terminal", false);
    // If it is shown elsewhere too, the command is not mentioned to the model.
    log(`${operation} waits for approval: run ${programCommand("approve")} in a terminal`);
    return true;
  }

  async close(): Promise<void> {
    const listener = await this.#listener;
    await listener?.close();
  }

  /** A listener that terminals can find: the current one unless its socket was removed. */
  async #reachableListener(current: TerminalListener | undefined): Promise<TerminalListener | undefined> {
    if (current?.reachable) return current;
    await current?.close();
    const { directories, log } = this.#options;
    return TerminalListener.start(directories, (socket) => this.#serve(socket), log);
  }

  /** Ended requests are kept until a new one comes, so terminals can report how they ended. */
  #forgetClosed(): void {
    for (const [id, { request }] of this.#entries) {
      if (!request.open) this.#entries.delete(id);
    }
  }

  async #serve(socket: Socket): Promise<void> {
    try {
      socket.end(this.#replyTo(parseLine(questionSchema, await readLine(socket, MAX_QUESTION))));
    } catch {
      // Not our protocol; no one to answer.
      socket.destroy();
    }
  }

  #replyTo(question: Question): string {
    switch (question.ask) {
      case "what waits":
        return this.#whatWaits(question.language);
      case "show":
        return encodeReply({ plan: this.#show(question) });
      case "is open":
        return encodeReply({ open: this.#offered(question.planId) !== undefined });
      case "code":
        return encodeReply({ code: this.#writeCode(question) });
      case "decide":
        return encodeReply({ outcome: this.#decide(question) });
    }
  }

  #whatWaits(language: Language): string {
    const offered = [...this.#entries.values()].filter(isOffered);
    return encodeWaiting(
      offered.map(({ request, since }) => ({ plan: request.planIn(language), since, expiresAt: request.expiresAt })),
    );
  }

  /** The plan for a terminal that puts it to its person now; null if it no longer waits. */
  #show({ planId, language }: Extract<Question, { ask: "show" }>): string | null {
    const entry = this.#offered(planId);
    entry?.request.offerAt("terminal", true);
    return entry?.plans[language] ?? null;
  }

  #offered(planId: string): Entry | undefined {
    const entry = this.#entries.get(planId);
    return entry !== undefined && isOffered(entry) ? entry : undefined;
  }

  /** Never over the socket: only someone at the terminal can read the code. */
  #writeCode({ planId, device, language }: Extract<Question, { ask: "code" }>): CodeOutcome {
    const entry = this.#offered(planId);
    if (entry === undefined) return "closed";
    const code = entry.code.issue(sha256Hex(entry.plans[language]));
    if (code === undefined) return "no more";
    const reader = { language };
    const question = capped(escapeInvisible(entry.request.planIn(language).question), 300, reader);
    const approves = safe`cloudcert-mcp: the code ${verbatim(code)} approves this, once:`.for(reader);
    return writeToTerminal(device, `\n${approves}\n${question}\n`) ? "written" : "no terminal";
  }

  #decide({ planId, approve, typed, code = "", digest = "" }: DecideQuestion): DecisionOutcome {
    const entry = this.#entries.get(planId);
    if (entry === undefined) return "unknown";
    const { request } = entry;
    if (!request.open) return request.verdict === undefined ? "expired" : "decided elsewhere";
    // A no needs no code; neither does a wrong name, which counts as a no.
    if (approve && isNamed(request.plan, typed)) {
      if (entry.code.spent) return "no more codes";
      if (!entry.code.confirms(code, digest)) return entry.code.spent ? this.#outOfCodes(request) : "wrong code";
    }
    const counted = request.decide(approve, this.name, typed);
    if (!counted) return request.verdict === undefined ? "expired" : "decided elsewhere";
    return request.verdict === "wrong name" ? "wrong name" : "counted";
  }

  #outOfCodes({ plan }: ApprovalRequest): DecisionOutcome {
    this.#options.log(`${plan.operation} can no longer be approved in a terminal: there were too many wrong codes`);
    return "no more codes";
  }
}

/** Whether a terminal may still approve it. */
function isOffered({ request, code }: Entry): boolean {
  return request.open && !code.spent;
}
