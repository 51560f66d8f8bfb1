import { CompleteRequestSchema, ErrorCode, McpError } from "@modelcontextprotocol/sdk/types.js";
import { escapeInvisible } from "../lib/escape-text.js";
import { ownMember } from "../lib/json.js";
import type { McpHost } from "./host.js";
import { prompts } from "./prompts/index.js";
import type { ResourceType } from "./resource-types.js";
import { templateUri } from "./resources.js";
import type { Suggest } from "./suggestions.js";

/** The protocol's limit per reply. */
const atMost = 100;

/** Longest typed text, in characters: 20 domains have 5,000. */
const longest = 8_192;

export interface CompletionOptions {
  readonly resourceTypes: readonly ResourceType[];
  readonly suggest: Suggest;
  /** Reports a defect of this program. */
  readonly report: (error: unknown) => void;
}

/** Completes prompt arguments and resource template variables. It only reads; it neither changes nor asks anything. */
export function serveCompletion(server: McpHost, { resourceTypes, suggest, report }: CompletionOptions): void {
  server.setRequestHandler(CompleteRequestSchema, async ({ params: { ref, argument, context } }) => {
    const kind =
      ref.type === "ref/prompt" ? kindInPrompt(ref.name, argument.name) : kindIn(resourceTypes, ref.uri, argument.name);
    // Nothing that can be completed is this long.
    const isLong = [argument.value, ...Object.values(context?.arguments ?? {})].some(({ length }) => length > longest);
    if (kind === undefined || isLong) return { completion: { values: [], hasMore: false } };
    const { values, more } = await suggest(kind, argument.value, context?.arguments ?? {}).catch((error: unknown) => {
      report(error);
      return { values: [], more: false };
    });
    return {
      completion: {
        values: values.slice(0, atMost).map(escapeInvisible),
        ...(!more && { total: values.length }),
        hasMore: values.length > atMost || more,
      },
    };
  });
}

/** What to complete an argument with; undefined if unknown. */
function kindInPrompt(name: string, argument: string) {
  const prompt = prompts.find((candidate) => candidate.name === name);
  if (prompt === undefined) throw new McpError(ErrorCode.InvalidParams, "There is no such prompt");
  return ownMember(prompt.arguments, argument)?.kind;
}

function kindIn(resourceTypes: readonly ResourceType[], uri: string, variable: string) {
  const family = resourceTypes.find((candidate) => templateUri(candidate) === uri);
  if (family === undefined) throw new McpError(ErrorCode.InvalidParams, "There is no such resource template");
  return ownMember(family.variables, variable);
}
