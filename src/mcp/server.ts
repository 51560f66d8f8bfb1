import { Server } from "@modelcontextprotocol/sdk/server/index.js";
import {
  type Prompt as ListedPrompt,
  ListPromptsRequestSchema,
  ListToolsRequestSchema,
  type Tool,
} from "@modelcontextprotocol/sdk/types.js";
import type { JsonSchemaType, JsonSchemaValidator, jsonSchemaValidator } from "@modelcontextprotocol/sdk/validation";
import { showsViews, withView } from "./app-view.js";
import { type Prompt, prompts } from "./prompts/index.js";

export interface ServerOptions {
  readonly version: string;
  readonly instructions: string;
  /** Those of the one client, or those that the client of the moment may call. */
  readonly tools: readonly Tool[] | (() => readonly Tool[]);
}

/**
 * Checks a person's answer against the form. The validator is set before the first question: loading it takes as long
 * as the rest of a server that only lists its tools (scripts/dist.js leaves it out there).
 */
class FormValidator implements jsonSchemaValidator {
  #validator: jsonSchemaValidator | undefined;

  use(validator: jsonSchemaValidator): void {
    this.#validator = validator;
  }

  /** @throws {Error} before `use` */
  getValidator<Answer>(schema: JsonSchemaType): JsonSchemaValidator<Answer> {
    if (this.#validator === undefined) throw new Error("a form was sent before its validator was set");
    return this.#validator.getValidator<Answer>(schema);
  }
}

export interface Listing {
  readonly server: Server;
  /** Needs its validator before the first question. */
  readonly forms: FormValidator;
}

/**
 * An MCP server that only lists what it has, as clients need at startup. `registerToolHandlers` adds the rest on
 * demand.
 */
export function createServer({ version, instructions, tools }: ServerOptions): Listing {
  const forms = new FormValidator();
  const server = new Server(
    { name: "cloudcert-mcp", title: "Cloud certificates", version },
    {
      capabilities: { tools: {}, prompts: {}, resources: {}, completions: {} },
      instructions,
      jsonSchemaValidator: forms,
    },
  );
  const offered = typeof tools === "function" ? tools : () => tools;
  const promptList = { prompts: prompts.map(listed) };
  server.setRequestHandler(ListToolsRequestSchema, () => ({
    tools: showsViews(server) ? offered().map(withView) : [...offered()],
  }));
  server.setRequestHandler(ListPromptsRequestSchema, () => promptList);
  return { server, forms };
}

/** Requests that a server answers without `registerToolHandlers`. */
export const answeredAtOnce: ReadonlySet<string> = new Set([
  "initialize",
  "notifications/initialized",
  "ping",
  "tools/list",
  "prompts/list",
]);

/** A prompt as listed to a client. */
function listed({ name, title, description, arguments: known }: Prompt): ListedPrompt {
  return {
    name,
    title,
    description,
    arguments: Object.entries(known).map(([argument, { description: what, required }]) => ({
      name: argument,
      description: what,
      required,
    })),
  };
}
