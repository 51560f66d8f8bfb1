import type { Server } from "@modelcontextprotocol/sdk/server/index.js";
import { type ElicitRequestFormParams, ErrorCode, McpError } from "@modelcontextprotocol/sdk/types.js";
import { z } from "zod";
import { describeFormFailure } from "../approval/approval-status.js";
import type { Caller, Channel } from "../approval/channel.js";
import { approvalLifetime } from "../approval/deadlines.js";
import { headlineLines, isLarge, type Plan, pairIn, warningsBelow } from "../approval/plan.js";
import type { ApprovalRequest, FormFailure } from "../approval/request.js";
import { safe, verbatim } from "../lib/safe-text.js";
import { connectedTo } from "./connected-client.js";
import { formText } from "./markdown.js";
import { elapsed } from "./workspace.js";

/** Nobody reads and answers a question faster; milliseconds. */
const FASTEST_PERSON = 300;

/** Longest message of a form, in characters. */
const MAX_FORM_LENGTH = 20_000;

/** What a client sends back, as it comes: what it means is for `meaningOf` to say. */
const elicitationResult = z.object({ action: z.unknown(), content: z.unknown() }).passthrough();

/** The members that the form asks for; a client may add others. */
const formContent = z.object({ approve: z.boolean(), confirm: z.unknown() }).passthrough();

const checkboxAsText = z.object({ approve: z.string() });

/**
 * Asks the person through the client's own form. Some clients declare support and then answer themselves: they decline
 * at once without showing anything (anthropics/claude-code issues 79174, 89858), or accept with an empty form
 * (openai/codex pull requests 17164, 21277). Others lose what a person filled in (NousResearch/hermes-agent issue
 * 58778). None of these is a person's yes or no, so the next channel is tried, and the reply says what happened.
 */
export class ElicitationChannel implements Channel {
  readonly name = "elicit";
  readonly #server: Server;
  readonly #log: (line: string) => void;
  readonly #elapsed: () => number;

  constructor(server: Server, log: (line: string) => void, clock = elapsed) {
    this.#server = server;
    this.#log = log;
    this.#elapsed = clock;
  }

  async present(request: ApprovalRequest, { signal }: Caller): Promise<boolean> {
    if (!this.#canAsk() || this.exceeded(request.planAsked)) return false;
    const plan = request.planAsked;
    const params = { mode: "form" as const, message: formMessage(plan), requestedSchema: formFor(plan) };
    request.offerAt("form", true);
    const asked = this.#elapsed();
    try {
      // Not by `elicitInput`: it throws what does not fit the schema away, and knows fewer clients that have forms.
      const answer = await this.#server.request({ method: "elicitation/create", params }, elicitationResult, {
        timeout: approvalLifetime,
        signal,
      });
      const byPerson = this.#elapsed() - asked >= FASTEST_PERSON;
      const meaning = byPerson ? meaningOf(answer, plan) : ({ kind: "answered at once" } as const);
      if (meaning === "dismissed") request.dismiss(this.name);
      else if ("kind" in meaning) return this.#withdraw(request, meaning);
      else request.decide(meaning.approve, this.name, meaning.typed);
      return true;
    } catch (error) {
      if (signal.aborted) request.dismiss(this.name);
      // Any error but a timeout means that the client does not pass the question on.
      const code = error instanceof McpError ? error.code : undefined;
      if (signal.aborted || code === ErrorCode.RequestTimeout) return true;
      return this.#withdraw(request, { kind: "error", ...(code !== undefined && { code }) });
    }
  }

  /** The form led to no decision: the next channel is tried. */
  #withdraw(request: ApprovalRequest, why: FormFailure): false {
    request.withdrawFromForm(why);
    this.#log(`${request.plan.operation}: ${describeFormFailure(why)}`);
    return false;
  }

  /** Nobody sees the end of a long form, so what does not fit is asked elsewhere. */
  exceeded(plan: Plan): boolean {
    return this.#canAsk() && (isLarge(plan) || formMessage(plan).length > MAX_FORM_LENGTH);
  }

  async close(): Promise<void> {}

  #canAsk(): boolean {
    return connectedTo(this.#server).elicitation.includes("form");
  }
}

type Meaning = "dismissed" | FormFailure | { readonly approve: boolean; readonly typed?: string };

/** What a person's answer says. Nothing but a plain yes to this very form is one. */
function meaningOf({ action, content }: z.output<typeof elicitationResult>, { typed }: Plan): Meaning {
  if (action === "cancel") return "dismissed";
  if (action === "decline") return { approve: false };
  const given = formContent.safeParse(content);
  if (action === "accept" && checkboxAsText.safeParse(content).success) return { kind: "text for the checkbox" };
  if (action !== "accept" || !given.success) return { kind: "neither yes nor no" };
  const { approve, confirm } = given.data;
  if (typeof confirm === "string") return { approve, typed: confirm };
  return approve && typed !== undefined ? { kind: "name missing" } : { approve };
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
