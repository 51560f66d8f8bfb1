import type { Tool, ToolAnnotations } from "@modelcontextprotocol/sdk/types.js";
import { z } from "zod";
import { zodToJsonSchema } from "zod-to-json-schema";
import { allOperations } from "../catalogue/index.js";
import { limits } from "../catalogue/limits.js";
import type { Effect } from "../catalogue/operation.js";
import { choice } from "../catalogue/params.js";
import { isObject, type JsonObject } from "../lib/json.js";
import type { AnyTool } from "../pipeline/call-context.js";
import { isOwnTool, thisComputerService } from "../pipeline/tool.js";
import { takesDetail } from "../reply/format-reply.js";
import { ownTools } from "../tools/index.js";
import { approvalDescription } from "./approval-argument.js";

const annotations: Readonly<Record<Effect, Pick<ToolAnnotations, "readOnlyHint" | "destructiveHint">>> = {
  read: { readOnlyHint: true },
  // It changes nothing, but clients that allow reads without asking must not allow this one.
  "key-export": { readOnlyHint: false, destructiveHint: false },
  create: { readOnlyHint: false, destructiveHint: false },
  change: { readOnlyHint: false, destructiveHint: false },
  traffic: { readOnlyHint: false, destructiveHint: true },
  destroy: { readOnlyHint: false, destructiveHint: true },
  purchase: { readOnlyHint: false, destructiveHint: true },
};

/** The arguments that this server adds to the API's own. */
const approval = z.string().describe(approvalDescription).optional();
const detail = choice(["summary", "full"], "full: every member").optional();

/** The arguments that this server adds to a tool. `approvalByToken`: whether the operator lets tokens approve changes. */
export function serverArguments(tool: AnyTool, approvalByToken: boolean) {
  return {
    ...(approvalByToken && tool.effect !== "read" && { approval }),
    ...(!isOwnTool(tool) && takesDetail(tool) && { detail }),
  };
}

/** The tools that a client is shown, by what it is shown of them. */
export function shownTools(shown: readonly Pick<Tool, "name">[]): readonly AnyTool[] {
  const names = new Set(shown.map(({ name }) => name));
  return [...allOperations, ...ownTools].filter(({ name }) => names.has(name));
}

/** A tool as shown to a model. Everything here derives from the catalogue. */
export function toolOf(tool: AnyTool): Tool {
  return {
    name: tool.name,
    title: tool.title,
    description: isOwnTool(tool) ? tool.summary : `${tool.service.title}: ${tool.summary}`,
    inputSchema: objectSchema(tool.params.extend(serverArguments(tool, false))),
    outputSchema: namedMembers(tool),
    annotations: {
      ...annotations[tool.effect],
      ...(!isOwnTool(tool) && tool.retry === "idempotent" && { idempotentHint: true }),
      // The default is true.
      ...(tool.service.id === thisComputerService.id && { openWorldHint: false }),
    },
  };
}

/**
 * The members of a reply by name, those of the short form if there is one. Their meaning is in the operation's page
 * (cloudcert://operations/NAME): the tool list costs tokens in every conversation, and clients that check replies need
 * no more.
 */
function namedMembers(tool: AnyTool): ObjectSchema {
  const summary = isOwnTool(tool) ? undefined : tool.replyFacts?.summary;
  const unnamed = ["RequestId", ...(summary && "leaveOut" in summary ? summary.leaveOut : [])];
  const names = Object.keys(tool.result.shape).filter((name) => !unnamed.includes(name));
  return { type: "object", properties: Object.fromEntries(names.map((name) => [name, {}])) };
}

type ObjectSchema = Tool["inputSchema"];

/** JSON Schema of an object, inlined: some clients do not follow `$ref`. */
function objectSchema(schema: z.AnyZodObject): ObjectSchema {
  const { $schema: _, ...rest } = zodToJsonSchema(schema, { $refStrategy: "none" });
  return { ...terse(rest), type: "object" };
}

/**
 * A JSON Schema without what it says twice, as every conversation pays for the list of tools: a description that only
 * repeats the parameter's name or the values of its enum, the description of a list's items (the list's own says what
 * they are), the limit that holds for every list. A list's own limit stays, also in its description.
 */
function terse(schema: JsonObject): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(schema).flatMap(([key, value]) => {
      if (key === "maxItems" && isGeneralLimit(schema)) return [];
      if (!isObject(value)) return [[key, value]];
      if (key === "items") return [[key, terse(withoutDescription(value))]];
      return [[key, key === "properties" ? eachNamed(value) : terse(value)]];
    }),
  );
}

function eachNamed(properties: JsonObject): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(properties).map(([name, member]) => {
      if (!isObject(member)) return [name, member];
      return [name, terse(isRepeated(name, member) ? withoutDescription(member) : member)];
    }),
  );
}

function isRepeated(name: string, { description, enum: values }: JsonObject): boolean {
  if (typeof description !== "string") return false;
  if (lettersOf(name).includes(lettersOf(description))) return true;
  return Array.isArray(values) && description === values.join(" or ");
}

const lettersOf = (words: string): string => words.toLowerCase().replace(/[ _]/g, "");

/** `list` puts a limit of its own into the description, and the general one not. */
function isGeneralLimit({ maxItems, description }: JsonObject): boolean {
  return maxItems === limits.argument.items && !`${description}`.includes(`${limits.argument.items} items`);
}

function withoutDescription({ description: _, ...rest }: JsonObject): JsonObject {
  return rest;
}
