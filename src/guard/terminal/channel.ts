import type { Socket } from "node:net";
import type { Channel } from "../channel.js";
import type { ApprovalRequest } from "../request.js";
import { Listener } from "./listener.js";
import {
  type Decision,
  encodeOutcome,
  encodeWaiting,
  MAX_QUESTION,
  type Outcome,
  parseLine,
  questionSchema,
  readLine,
} from "./wire.js";

export interface TerminalChannelOptions {
  /** Where the socket may be, the best place first; see `socketDirectories`. */
  readonly directories: readonly string[];
  readonly now: () => number;
  readonly log: (line: string) => void;
}

interface Entry {
  readonly request: ApprovalRequest;
  /** When it was put; milliseconds since the epoch. */
  readonly since: number;
}

/** Lets a person decide with `cloudcert-mcp approve` in a terminal of the same user. */
export class TerminalChannel implements Channel {
  readonly name = "terminal";
  readonly #options: TerminalChannelOptions;
  readonly #entries = new Map<string, Entry>();
  #listener: Promise<Listener | undefined> = Promise.resolve(undefined);

  constructor(options: TerminalChannelOptions) {
    this.#options = options;
  }

  async present(request: ApprovalRequest): Promise<boolean> {
    this.#listener = this.#listener.then((listener) => this.#listening(listener));
    if ((await this.#listener) === undefined) return false;
    this.#forgetClosed();
    this.#entries.set(request.plan.id, { request, since: this.#options.now() });
    // Said to the person only: a model that reads how to approve is a model that may try.
    this.#options.log(`${request.plan.operation} waits for approval: run cloudcert-mcp approve in a terminal`);
    return true;
  }

  async close(): Promise<void> {
    const listener = await this.#listener;
    await listener?.close();
  }

  /** A listener that terminals can find: the one at hand, unless somebody cleared its socket away. */
  async #listening(current: Listener | undefined): Promise<Listener | undefined> {
    if (current?.reachable) return current;
    await current?.close();
    const { directories, log } = this.#options;
    return Listener.start(directories, (socket) => this.#converse(socket), log);
  }

  /** A terminal that was about to decide one of these is told so for as long as nothing new has come. */
  #forgetClosed(): void {
    for (const [id, { request }] of this.#entries) {
      if (!request.open) this.#entries.delete(id);
    }
  }

  async #converse(socket: Socket): Promise<void> {
    try {
      const question = parseLine(questionSchema, await readLine(socket, MAX_QUESTION));
      socket.end(question.ask === "decide" ? encodeOutcome(this.#decide(question)) : this.#whatWaits());
    } catch {
      // It does not speak our language, and there is nobody to tell.
      socket.destroy();
    }
  }

  #whatWaits(): string {
    const open = [...this.#entries.values()].filter(({ request }) => request.open);
    return encodeWaiting(open.map(({ request: { plan, expiresAt }, since }) => ({ plan, since, expiresAt })));
  }

  #decide({ planId, approve, typed }: Decision): Outcome {
    const request = this.#entries.get(planId)?.request;
    if (request === undefined) return "unknown";
    const counted = request.decide(approve, this.name, typed);
    if (!counted) return request.verdict === undefined ? "expired" : "decided elsewhere";
    return request.verdict === "wrong name" ? "wrong name" : "counted";
  }
}
