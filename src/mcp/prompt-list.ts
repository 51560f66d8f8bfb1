import type { Prompt as ListedPrompt } from "@modelcontextprotocol/sdk/types.js";
import { type Prompt, prompts } from "./prompts/index.js";

/** The prompts as listed to a client. */
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
