import { ownMember } from "../../lib/json.js";
import { fromVault } from "./directories.js";
import { refused } from "./refuse.js";

/** The variables that may be named: those that start with the operator's prefix. */
export class EnvironmentSource {
  readonly #prefix: string | undefined;
  readonly #elsewhere: boolean;
  readonly #variables: Readonly<Record<string, string | undefined>>;

  /** @param elsewhere whether callers are people elsewhere, for whom there are none */
  constructor(prefix: string | undefined, variables: Readonly<Record<string, string | undefined>>, elsewhere = false) {
    this.#elsewhere = elsewhere;
    this.#prefix = prefix === "" ? undefined : prefix;
    this.#variables = variables;
  }

  /** How to name a variable; undefined if none may be named. */
  get rule(): string | undefined {
    return this.#prefix === undefined ? undefined : `env:NAME with a name that begins with ${this.#prefix}`;
  }

  read(name: string): string {
    if (this.#elsewhere) throw refused("environment variables of the server are not available here.", fromVault);
    if (this.#prefix === undefined) {
      throw refused(
        "environment variables are not available here: the operator has not chosen a prefix.",
        "Use file: or vault:, or ask the operator to set up a prefix.",
      );
    }
    if (!name.startsWith(this.#prefix)) {
      throw refused("a variable of that name may not be read.", `Pass ${this.rule}.`);
    }
    const value = ownMember(this.#variables, name);
    if (value) return value;
    throw refused(
      `the variable ${name} is ${value === undefined ? "not set" : "empty"} where the server runs.`,
      "Ask the operator to set it and to start the server again, or name another one.",
    );
  }
}
