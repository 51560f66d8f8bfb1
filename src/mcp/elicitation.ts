import type { Server } from "@modelcontextprotocol/sdk/server/index.js";
import { type ElicitRequestFormParams, ErrorCode, McpError } from "@modelcontextprotocol/sdk/types.js";
import { AjvJsonSchemaValidator } from "@modelcontextprotocol/sdk/validation/ajv";
import { approvalLifetime } from "../approval/approval-store.js";
import type { Caller, Channel } from "../approval/channel.js";
import { headlineLines, isLarge, type Plan, pairIn, warningsBelow } from "../approval/plan.js";
import type { ApprovalRequest } from "../approval/request.js";
import { safe, verbatim } from "../lib/safe-text.js";
import { connectedTo } from "./client.js";
import { formText } from "./markdown.js";
import type { Listing } from "./server.js";
import { elapsed } from "./workspace.js";

/** Nobody reads and answers a question faster; milliseconds. */
const FASTEST_PERSON = 300;

/** Longest message of a form, in characters. */
const LONGEST_FORM = 20_000;

/**
 * Asks the person through the client's own form. Some clients declare support and then answer themselves: they decline
 * at once without showing anything (anthropics/claude-code issues 79174, 89858), or accept with an empty form
 * (openai/codex pull requests 17164, 21277). Neither is a person's answer, so the next channel is tried.
 */
export class ElicitationChannel implements Channel {
  readonly name = "elicit";
  readonly #server: Server;
  readonly #now: () => number;

  /** @param now milliseconds on a monotonic clock */
  constructor(server: Server, now: () => number) {
    this.#server = server;
    this.#now = now;
  }

  async present(request: ApprovalRequest, { signal }: Caller): Promise<boolean> {
    if (!this.#canAsk() || this.exceeded(request.planAsked)) return false;
    const plan = request.planAsked;
    const params = { message: formMessage(plan), requestedSchema: formFor(plan) };
    request.offerAt("form", true);
    const asked = this.#now();
    try {
      const { action, content } = await this.#server.elicitInput(params, { timeout: approvalLifetime, signal });
      const byPerson = this.#now() - asked >= FASTEST_PERSON;
      if (!byPerson || (action === "accept" && typeof content?.approve !== "boolean")) return withdrawn(request);
      if (action === "cancel") request.dismiss(this.name);
      else request.decide(action === "accept" && content?.approve === true, this.name, textOf(content?.confirm));
      return true;
    } catch (error) {
      // Any error but a timeout means that the client does not pass the question on: no form, or an invalid answer.
      const silent = error instanceof McpError && error.code === ErrorCode.RequestTimeout;
      if (signal.aborted) request.dismiss(this.name);
      return silent || signal.aborted || withdrawn(request);
    }
  }

  /** Nobody sees the end of a long form, so what does not fit is asked elsewhere. */
  exceeded(plan: Plan): boolean {
    return this.#canAsk() && (isLarge(plan) || formMessage(plan).length > LONGEST_FORM);
  }

  async close(): Promise<void> {}

  #canAsk(): boolean {
    return connectedTo(this.#server).elicitation.includes("form");
  }
}

/** Asks through the form of the one client that this server has. */
export function formOf({ server, forms }: Listing): Channel {
  forms.use(new AjvJsonSchemaValidator());
  return new ElicitationChannel(server, elapsed);
}

/** Withdraws a question that no person answered; it counts as not asked. */
function withdrawn(request: ApprovalRequest): boolean {
  request.withdrawFrom("form");
  return false;
}

function formFor(plan: Plan): ElicitRequestFormParams["requestedSchema"] {
  const { typed } = plan;
  const approve = {
    type: "boolean" as const,
    title: safe`Approve this change`.for(plan),
    description: safe`If you say yes, it is carried out once.`.for(plan),
    default: false,
  };
  if (typed === undefined) return { type: "object", properties: { approve }, required: ["approve"] };
  const confirm = { type: "string" as const, title: safe`Type ${verbatim(typed)} to approve`.for(plan) };
  return { type: "object", properties: { confirm, approve }, required: ["confirm", "approve"] };
}

/** What matters comes first, details last: some clients show only the beginning. */
export function formMessage(plan: Plan): string {
  const { where, account, environment, rows, facts, details, typed, digest } = plan;
  const pair = (fact: Plan["facts"][number]) => pairIn(fact, plan);
  const paragraphs = [
    [
      ...headlineLines(plan),
      safe`${verbatim(where)}, ${verbatim(account)}.`.for(plan),
      safe`Environment: ${verbatim(environment)}.`.for(plan),
    ],
    rows.map(({ object, aspect, now, then }) =>
      safe`${verbatim(object)}, ${verbatim(aspect)}: ${verbatim(now)} → ${verbatim(then)}`.for(plan),
    ),
    warningsBelow(plan).map((warning) => safe`Warning: ${verbatim(warning)}`.for(plan)),
    typed === undefined ? [] : [safe`To approve, type ${verbatim(typed)}.`.for(plan)],
    facts.map(pair),
    [...details.map(pair), safe`All arguments: SHA-256 ${verbatim(digest)}`.for(plan)],
  ];
  return formText(paragraphs);
}

function textOf(value: unknown): string | undefined {
  return typeof value === "string" ? value : undefined;
}
