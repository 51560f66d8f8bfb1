import type { Socket } from "node:net";
import { z } from "zod";
import { languages } from "../../lib/language.js";
import { capped } from "../../lib/safe-text.js";
import { type Plan, planMembers } from "../plan.js";

// A terminal connects, writes one line of JSON, reads one, and disconnects. Only the permissions of the socket and its
// directory restrict who may connect: Node does not expose SO_PEERCRED, so neither side can ask the kernel who its peer
// is. That is why an approval needs a code that is never sent over the socket.

/** Longest line from a terminal, in characters. */
export const MAX_QUESTION = 16 * 1024;

/** Longest line from a server with one plan in it, in characters. */
export const MAX_PLAN = 4 * 1024 * 1024;

/** Longest line of any other kind from a server, in characters. */
export const MAX_REPLY = 64 * 1024;

/** Maximum number of listed requests; the rest are counted. */
export const MAX_LISTED = 20;

/** Longest text of a request in a list, in characters. */
const MAX_HEADLINE = 300;

/** Longest time for one exchange, in milliseconds. */
const EXCHANGE_TIMEOUT = 3_000;

/**
 * Strict, like everything here: an unknown field could be one that a person has to see. JSON has no undefined, so the
 * name to type is null if a yes is enough.
 */
const planOnWire = z
  .strictObject({ ...planMembers, typed: z.string().nullable() })
  .transform(({ typed, ...plan }): Plan => ({ ...plan, typed: typed ?? undefined }));

/** Language of the person at the terminal. */
const language = z.enum(languages).default("en");

export const questionSchema = z.discriminatedUnion("ask", [
  z.strictObject({ ask: z.literal("what waits"), language }),
  z.strictObject({ ask: z.literal("show"), planId: z.string(), language }),
  z.strictObject({ ask: z.literal("is open"), planId: z.string() }),
  z.strictObject({ ask: z.literal("code"), planId: z.string(), device: z.string(), language }),
  z.strictObject({
    ask: z.literal("decide"),
    planId: z.string(),
    approve: z.boolean(),
    typed: z.string().optional(),
    /** What the terminal showed and the code it received; nothing is approved without them. */
    digest: z.string().optional(),
    code: z.string().optional(),
  }),
]);

export type Question = z.output<typeof questionSchema>;
export type DecideQuestion = Extract<Question, { ask: "decide" }>;

const headline = z.strictObject({ id: z.string(), where: z.string(), question: z.string() });

/** The oldest requests, and how many more there are. Times are milliseconds since the epoch. */
export const waitingSchema = z.strictObject({
  requests: z.array(z.strictObject({ plan: headline, since: z.number(), expiresAt: z.number() })).max(MAX_LISTED),
  more: z.number(),
});

export type OpenRequest = z.output<typeof waitingSchema>["requests"][number];

/** One plan as text, so its digest covers what was shown; null if it no longer waits. */
export const shownSchema = z.strictObject({ plan: z.string().nullable() });

export const openSchema = z.strictObject({ open: z.boolean() });

export const codeSchema = z.strictObject({ code: z.enum(["written", "no terminal", "no more", "closed"]) });

export type CodeOutcome = z.output<typeof codeSchema>["code"];

export const outcomeSchema = z.strictObject({
  outcome: z.enum(["counted", "wrong name", "wrong code", "no more codes", "decided elsewhere", "expired", "unknown"]),
});

export type DecisionOutcome = z.output<typeof outcomeSchema>["outcome"];

/** The peer sent something that this version does not understand. */
export class WireError extends Error {}

export function encodeQuestion(question: z.input<typeof questionSchema>): string {
  return `${JSON.stringify(question)}\n`;
}

/** @param requests oldest first */
export function encodeWaiting(requests: readonly OpenRequest[]): string {
  const listed = requests.slice(0, MAX_LISTED).map(({ plan: { id, where, question }, since, expiresAt }) => ({
    plan: { id, where: capped(where, MAX_HEADLINE), question: capped(question, MAX_HEADLINE) },
    since,
    expiresAt,
  }));
  return encodeReply({ requests: listed, more: requests.length - listed.length });
}

export function encodeReply(
  reply: z.input<
    typeof waitingSchema | typeof shownSchema | typeof openSchema | typeof codeSchema | typeof outcomeSchema
  >,
): string {
  return `${JSON.stringify(reply)}\n`;
}

/** A plan in the form that is shown and digested. */
export function encodePlan({ typed, ...plan }: Plan): string {
  return JSON.stringify({ ...plan, typed: typed ?? null });
}

/** @throws {WireError} */
export function parsePlan(text: string): Plan {
  return parseLine(planOnWire, text);
}

/** @throws {WireError} */
export function parseLine<Schema extends z.ZodTypeAny>(schema: Schema, line: string): z.output<Schema> {
  try {
    return schema.parse(JSON.parse(line));
  } catch (cause) {
    throw new WireError("a line that does not parse", { cause });
  }
}

/**
 * Reads up to the end of the first line.
 * @throws {WireError} if the line is longer than `limit` or does not come in time; {Error} if the connection fails
 */
export function readLine(socket: Socket, limit: number): Promise<string> {
  return new Promise((resolve, reject) => {
    let text = "";
    const timeout = setTimeout(() => socket.destroy(new WireError("no line in time")), EXCHANGE_TIMEOUT);
    socket.setEncoding("utf8");
    const onData = (chunk: string) => {
      text += chunk;
      const end = text.indexOf("\n");
      if ((end === -1 ? text.length : end) > limit) {
        socket.destroy(new WireError("a line that is too long"));
      } else if (end !== -1) {
        // Further input is read and dropped to notice the end of the connection.
        socket.off("data", onData).resume();
        resolve(text.slice(0, end));
      }
    };
    socket.on("data", onData);
    socket.on("error", reject);
    socket.on("close", () => {
      clearTimeout(timeout);
      reject(new WireError("no line before the end"));
    });
  });
}
