import type { Prompt as ListedPrompt } from "@modelcontextprotocol/sdk/types.js";
import { type Prompt, prompts } from "./prompts/index.js";

/** The prompts as a client is told of them. */
export const listedPrompts: readonly ListedPrompt[] = prompts.map(listed);

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
