import { connect } from "node:net";
import type { z } from "zod";
import { messageOf } from "../../lib/failure.js";
import type { Language } from "../../lib/language.js";
import { sha256Hex } from "../../lib/sha256.js";
import type { Plan } from "../plan.js";
import {
  type CodeOutcome,
  codeSchema,
  type DecideQuestion,
  type DecisionOutcome,
  encodeQuestion,
  MAX_PLAN,
  MAX_REPLY,
  type OpenRequest,
  openSchema,
  outcomeSchema,
  parseLine,
  parsePlan,
  readLine,
  shownSchema,
  WireError,
  waitingSchema,
} from "./protocol.js";
import { findSockets, removeIfDead } from "./socket.js";

/** A request in short, and its server. */
export interface WaitingQuestion extends OpenRequest {
  readonly socket: string;
}

/** The result of looking for servers. */
export interface FoundServers {
  /** Oldest first. */
  readonly waiting: readonly WaitingQuestion[];
  /** How many more wait than are listed. */
  readonly more: number;
  /** Directories and servers that could not be asked, one line each. */
  readonly problems: readonly string[];
}

/** A plan, and the digest of its text as received. */
export interface ShownPlan {
  readonly plan: Plan;
  readonly digest: string;
}

/** What waits on all servers of this user. */
export async function findWaiting(directories: readonly string[], language: Language = "en"): Promise<FoundServers> {
  const problems: string[] = [];
  const unsearched = (error: unknown) => {
    problems.push(`cannot look for servers: ${messageOf(error)}`);
    return [];
  };
  const sockets = directories.flatMap((directory) => {
    try {
      return findSockets(directory);
    } catch (error) {
      return unsearched(error);
    }
  });
  const ask = async (socket: string) => {
    try {
      const { requests, more } = await exchange(socket, { ask: "what waits", language }, waitingSchema);
      return [{ waiting: requests.map((request) => ({ ...request, socket })), more }];
    } catch (error) {
      if (error instanceof WireError) problems.push(`no usable answer from the server at ${socket}: ${error.message}`);
      else await removeIfDead(socket).catch(unsearched);
      return [];
    }
  };
  const replies = (await Promise.all(sockets.map(ask))).flat();
  const waiting = replies.flatMap((reply) => reply.waiting).sort((one, other) => one.since - other.since);
  return { waiting, more: replies.reduce((sum, { more }) => sum + more, 0), problems };
}

/** The full plan of a request; undefined if it no longer waits. */
export async function showPlan(
  { socket, plan: { id: planId } }: WaitingQuestion,
  language: Language = "en",
): Promise<ShownPlan | undefined> {
  const { plan } = await exchange(socket, { ask: "show", planId, language }, shownSchema, MAX_PLAN);
  return plan === null ? undefined : { plan: parsePlan(plan), digest: sha256Hex(plan) };
}

export async function stillOpen({ socket, plan: { id: planId } }: WaitingQuestion): Promise<boolean> {
  return (await exchange(socket, { ask: "is open", planId }, openSchema)).open;
}

/** Asks the server to write a code for this request to a terminal. */
export async function requestCode(
  { socket, plan: { id: planId } }: WaitingQuestion,
  device: string,
  language: Language = "en",
): Promise<CodeOutcome> {
  return (await exchange(socket, { ask: "code", planId, device, language }, codeSchema)).code;
}

/** Sends a decision to its server. */
export async function sendDecision(socket: string, decision: Omit<DecideQuestion, "ask">): Promise<DecisionOutcome> {
  const { outcome } = await exchange(socket, { ask: "decide", ...decision }, outcomeSchema);
  return outcome;
}

async function exchange<Schema extends z.ZodTypeAny>(
  path: string,
  question: Parameters<typeof encodeQuestion>[0],
  reply: Schema,
  limit = MAX_REPLY,
): Promise<z.output<Schema>> {
  const socket = connect(path);
  try {
    socket.write(encodeQuestion(question));
    return parseLine(reply, await readLine(socket, limit));
  } finally {
    socket.destroy();
  }
}
