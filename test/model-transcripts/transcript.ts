import { z } from "zod";
import { textOf } from "../support/assistant.js";
import type { Place, Stage } from "./stage.js";

/** A request as a person writes it, and the shortest sequence of calls that satisfies it. */
export interface Transcript {
  readonly language: "en" | "zh";
  /** What the person writes; `place` has the paths and ids that the person knows. */
  readonly request: (place: Place) => string;
  /** What happened before, in other sessions. */
  readonly before?: (stage: Stage) => Promise<void>;
  readonly steps: readonly Step[];
  /** The changes that reach the clouds, in order; the same one several times in a row stands once. */
  readonly sent: readonly string[];
  /** How often the person is asked. */
  readonly asked: number;
  /** How many times faster the clouds work off what takes time; 600 when absent. */
  readonly speed?: number;
  readonly flags?: readonly string[];
  /** Looks at the clouds and their edge. */
  readonly holds: (stage: Stage, known: Known) => void | Promise<void>;
}

export interface Step {
  readonly tool: string;
  /** The arguments, out of the request and earlier replies alone. */
  readonly with: (known: Known, place: Place) => Readonly<Record<string, unknown>>;
  /** The call is refused, and the assistant reads why. */
  readonly refused?: true;
  /** What the person does about the reply. */
  readonly then?: (stage: Stage) => void;
}

/** What the assistant has read so far. */
export class Known {
  readonly #texts: string[];
  readonly #replies: { readonly tool: string; readonly structure: unknown }[] = [];
  #characters = 0;

  /** @param texts what it has before its first call: the request, the instructions, the list of tools */
  constructor(...texts: readonly string[]) {
    this.#texts = [...texts];
  }

  add(tool: string, text: string, structure: unknown): void {
    this.#texts.push(text, JSON.stringify(structure));
    this.#replies.push({ tool, structure });
    this.#characters += text.length;
  }

  /** The latest reply of a tool, as far as `schema` looks at it. */
  last<Schema extends z.ZodTypeAny>(tool: string, schema: Schema): z.output<Schema> {
    return schema.parse(this.#replies.findLast((reply) => reply.tool === tool)?.structure);
  }

  /** All replies of a tool, the first one first. */
  shown<Schema extends z.ZodTypeAny>(tool: string, schema: Schema): z.output<Schema>[] {
    return this.#replies.flatMap((reply) => (reply.tool === tool ? [schema.parse(reply.structure)] : []));
  }

  /** Length of all replies, as the model reads them. */
  get characters(): number {
    return this.#characters;
  }

  /** Whether every text and number of some arguments was read somewhere; a reference to a part is two texts. */
  unread(value: unknown): string[] {
    if (Array.isArray(value)) return value.flatMap((item) => this.unread(item));
    if (typeof value === "object" && value !== null) return this.unread(Object.values(value));
    if (typeof value !== "string" && typeof value !== "number") return [];
    const parts = String(value).split(/(?=#)/);
    return parts.filter((part) => !this.#texts.some((text) => text.includes(part)));
  }
}

/** Plays the calls; @throws {Error} where an argument could not be known, or a call ends otherwise than it should */
export async function play({ request, steps }: Transcript, stage: Stage): Promise<Known> {
  const { client } = stage.assistant;
  const { tools } = await client.listTools();
  const known = new Known(request(stage.place), client.getInstructions() ?? "", JSON.stringify(tools));
  for (const { tool, with: argumentsFrom, refused = false, then } of steps) {
    const args = argumentsFrom(known, stage.place);
    const unread = known.unread(args);
    if (unread.length > 0) throw new Error(`${tool}: an assistant cannot know ${unread.join(", ")}`);
    const reply = await stage.assistant.call(tool, { ...args });
    const text = textOf(reply);
    if ((reply.isError ?? false) !== refused) throw new Error(`${tool} ${refused ? "succeeded" : "failed"}: ${text}`);
    known.add(tool, text, reply.structuredContent);
    then?.(stage);
  }
  return known;
}

const row = z
  .object({
    certificate_id: z.string(),
    names: z.array(z.string()),
    alias: z.string().optional(),
    not_after: z.string().optional(),
    days_left: z.number().optional(),
    bindings: z.string().optional(),
    bound_to: z.array(z.string()).default([]),
  })
  .transform(({ certificate_id: id, names: domains, not_after: ends, ...more }) => ({ id, domains, ends, ...more }));
export type Row = z.output<typeof row>;

/** The rows that find_certificates showed. */
export function rows(known: Known): readonly Row[] {
  return known.last("find_certificates", z.object({ certificates: z.array(row) })).certificates;
}

/** The one row that the assistant means. */
export function rowWith(known: Known, isMeant: (row: Row) => boolean): Row {
  const found = rows(known).filter(isMeant);
  const [only] = found;
  if (only === undefined || found.length > 1) throw new Error(`${found.length} rows are meant`);
  return only;
}

export const withAlias = (known: Known, alias: string) => rowWith(known, (it) => it.alias === alias);

/** The EdgeOne zone of a host, out of the lines on what is bound. */
export function zoneOf(known: Known, host: string): string {
  const lines = rows(known).flatMap(({ bound_to }) => bound_to);
  const zone = lines.map((line) => line.split(" ")).find(([type, , name]) => type === "teo" && name === host)?.[1];
  if (zone === undefined) throw new Error(`no zone of ${host} was shown`);
  return zone;
}
