import { connect } from "node:net";
import type { z } from "zod";
import { findSockets, removeIfDead } from "./socket.js";
import {
  type Decision,
  encodeQuestion,
  MAX_REPLY,
  type OpenRequest,
  type Outcome,
  outcomeSchema,
  parseLine,
  type Question,
  readLine,
  WireError,
  waitingSchema,
} from "./wire.js";

/** A request and the server that waits for it. */
export interface Waiting extends OpenRequest {
  readonly socket: string;
}

/** What a look around found. */
export interface Found {
  /** Oldest first. */
  readonly waiting: readonly Waiting[];
  /** Directories and servers that could not be asked, one line each. */
  readonly problems: readonly string[];
}

/** What waits over all servers of this user. */
export async function findWaiting(directories: readonly string[]): Promise<Found> {
  const found = await Promise.all(directories.map(lookInto));
  return {
    waiting: found.flatMap(({ waiting }) => waiting).sort((one, other) => one.since - other.since),
    problems: found.flatMap(({ problems }) => problems),
  };
}

/** What waits at one server. */
export async function askWhatWaits(socket: string): Promise<Waiting[]> {
  const { requests } = await exchange(socket, { ask: "what waits" }, waitingSchema);
  return requests.map((request) => ({ ...request, socket }));
}

/** Hands a decision to the server that waits for it. */
export async function sendDecision(socket: string, decision: Omit<Decision, "ask">): Promise<Outcome> {
  const { outcome } = await exchange(socket, { ask: "decide", ...decision }, outcomeSchema);
  return outcome;
}

async function lookInto(directory: string): Promise<Found> {
  try {
    const found = await Promise.all(findSockets(directory).map(askOrTidy));
    return { waiting: found.flatMap(({ waiting }) => waiting), problems: found.flatMap(({ problems }) => problems) };
  } catch (error) {
    const reason = error instanceof Error ? error.message : error;
    return { waiting: [], problems: [`cannot look for servers: ${reason}`] };
  }
}

async function askOrTidy(socket: string): Promise<Found> {
  try {
    return { waiting: await askWhatWaits(socket), problems: [] };
  } catch (error) {
    if (error instanceof WireError) {
      return { waiting: [], problems: [`no usable answer from the server at ${socket}: ${error.message}`] };
    }
    await removeIfDead(socket);
    return { waiting: [], problems: [] };
  }
}

async function exchange<Schema extends z.ZodTypeAny>(
  path: string,
  question: Question,
  reply: Schema,
): Promise<z.output<Schema>> {
  const socket = connect(path);
  try {
    socket.write(encodeQuestion(question));
    return parseLine(reply, await readLine(socket, MAX_REPLY));
  } finally {
    socket.destroy();
  }
}
