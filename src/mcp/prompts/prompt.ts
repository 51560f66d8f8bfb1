import { type ToolError, unusable } from "../../lib/tool-error.js";
import { type ArgumentKind, argumentKinds } from "./arguments.js";

interface PromptArgument {
  readonly kind: ArgumentKind;
  readonly description: string;
  readonly required: boolean;
}

type Arguments = Readonly<Record<string, PromptArgument>>;

type Given<Known extends Arguments> = {
  readonly [Name in keyof Known]: Known[Name] extends { readonly required: true } ? string : string | undefined;
};

/** Guides the model through a job: which tools in which order, what to ask the person, where to stop. */
export interface Prompt<Known extends Arguments = Arguments> {
  readonly name: string;
  readonly title: string;
  readonly description: string;
  readonly arguments: Known;
  /** Only tools are in backticks: that is how tools that are not offered are found. At most 600 tokens. */
  text(given: Given<Known>): string;
}

/** Declares a prompt whose text knows which arguments are required. */
export function prompt<const Known extends Arguments>(declared: Prompt<Known>): Prompt<Known> {
  return declared;
}

/** Applies to every step of every prompt. */
export const commonRules =
  "Throughout: the server itself asks a person before each change; after a no, stop and say so. Keys go by reference " +
  "(file:, env:, vault:), never through the chat. Accepted by an API is not served. After an error, `explain_error`; " +
  "after an unknown outcome, read before you repeat.";

/** The text of a prompt. @throws {ToolError} naming the argument that is wrong, and never repeating its value */
export function promptText(prompt: Prompt, given: Readonly<Record<string, string>>): string {
  const unknown = Object.keys(given).find((name) => !Object.hasOwn(prompt.arguments, name));
  if (unknown !== undefined) throw invalidArgument(prompt, "was given an argument that it does not take");
  return prompt.text(
    Object.fromEntries(
      Object.entries(prompt.arguments).map(([name, { kind, required }]) => {
        // Clients send an empty text for an omitted argument.
        const value = given[name]?.trim() || undefined;
        if (value === undefined && required) throw invalidArgument(prompt, `needs ${name}`);
        const { accepts, form } = argumentKinds[kind];
        if (value !== undefined && !accepts(value))
          throw invalidArgument(prompt, `was not accepted: ${name} must be ${form}`);
        return [name, value];
      }),
    ),
  );
}

/** The tools named in one of our texts. */
export function toolsIn(text: string): readonly string[] {
  return [...new Set([...text.matchAll(/`(\w+)`/g)].map(([, name = ""]) => name))];
}

function invalidArgument({ name, arguments: known }: Prompt, says: string): ToolError {
  const taken = Object.entries(known).map(([argument, { required }]) =>
    required ? argument : `${argument} (optional)`,
  );
  return unusable(`The prompt ${name} ${says}.`, `Its arguments: ${taken.join(", ")}.`);
}
