import type { Socket } from "node:net";
import { z } from "zod";
import type { Plan } from "../plan.js";

// A terminal connects, writes one line of JSON, reads one line of JSON, and the connection is over. Who may connect is
// up to the permissions of the socket and its directory alone: Node has no call for SO_PEERCRED, so neither side can
// ask the kernel who the other one is.

/** Longest line from a terminal, in characters. */
export const MAX_QUESTION = 16 * 1024;

/** Longest line from a server, in characters. */
export const MAX_REPLY = 8 * 1024 * 1024;

/** Longest time for one exchange, in milliseconds. */
const PATIENCE = 3_000;

const pair = z.tuple([z.string(), z.string()]);

/**
 * Strict, as everything here: a field that this version does not know could be one that a person has to see. JSON has
 * no undefined, so the name to type is null where a yes is enough.
 */
const planOnWire = z
  .object({
    id: z.string(),
    where: z.string(),
    account: z.string(),
    operation: z.string(),
    title: z.string(),
    question: z.string(),
    effect: z.enum(["key-export", "create", "change", "traffic", "destroy", "purchase"]),
    warnings: z.array(z.string()),
    rows: z.array(z.object({ object: z.string(), aspect: z.string(), now: z.string(), then: z.string() }).strict()),
    facts: z.array(pair),
    details: z.array(pair),
    typed: z.string().nullable(),
  })
  .strict()
  .transform(({ typed, ...plan }): Plan => ({ ...plan, typed: typed ?? undefined }));

export const questionSchema = z.discriminatedUnion("ask", [
  z.object({ ask: z.literal("what waits") }).strict(),
  z
    .object({ ask: z.literal("decide"), planId: z.string(), approve: z.boolean(), typed: z.string().optional() })
    .strict(),
]);

export type Question = z.output<typeof questionSchema>;
export type Decision = Extract<Question, { ask: "decide" }>;

/** Times are milliseconds since the epoch. */
export const waitingSchema = z
  .object({
    requests: z.array(z.object({ plan: planOnWire, since: z.number(), expiresAt: z.number() }).strict()),
  })
  .strict();

export type OpenRequest = z.output<typeof waitingSchema>["requests"][number];

export const outcomeSchema = z
  .object({ outcome: z.enum(["counted", "wrong name", "decided elsewhere", "expired", "unknown"]) })
  .strict();

export type Outcome = z.output<typeof outcomeSchema>["outcome"];

/** What came over the socket is not what this version of the other side says. */
export class WireError extends Error {}

export function encodeQuestion(question: Question): string {
  return `${JSON.stringify(question)}\n`;
}

export function encodeWaiting(requests: readonly OpenRequest[]): string {
  const onWire = requests.map((request) => ({
    ...request,
    plan: { ...request.plan, typed: request.plan.typed ?? null },
  }));
  return `${JSON.stringify({ requests: onWire })}\n`;
}

export function encodeOutcome(outcome: Outcome): string {
  return `${JSON.stringify({ outcome })}\n`;
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
 * @throws {WireError} when the line is longer than `limit` or does not come in time; {Error} when the connection fails
 */
export function readLine(socket: Socket, limit: number): Promise<string> {
  return new Promise((resolve, reject) => {
    let text = "";
    const late = setTimeout(() => socket.destroy(new WireError("no line in time")), PATIENCE);
    socket.setEncoding("utf8");
    const take = (chunk: string) => {
      text += chunk;
      const end = text.indexOf("\n");
      if ((end === -1 ? text.length : end) > limit) {
        socket.destroy(new WireError("a line that is too long"));
      } else if (end !== -1) {
        // Whatever follows is read and dropped, so that the end of the connection is still noticed.
        socket.off("data", take).resume();
        resolve(text.slice(0, end));
      }
    };
    socket.on("data", take);
    socket.on("error", reject);
    socket.on("close", () => {
      clearTimeout(late);
      reject(new WireError("no line before the end"));
    });
  });
}
