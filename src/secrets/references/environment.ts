import type { EnvironmentVariables } from "../../lib/environment.js";
import { ownMember } from "../../lib/json.js";
import { unusable } from "../../lib/tool-error.js";
import { fromVault } from "./directories.js";

/**
 * The variables that may be named: those that start with the operator's prefix, except the program's `own`.
 * @param remoteCallers whether callers reach this server over the network: there are none for them
 */
export function environmentSource(
  prefix: string | undefined,
  variables: EnvironmentVariables,
  { own = new Set(), remoteCallers = false }: { own?: ReadonlySet<string> | undefined; remoteCallers?: boolean } = {},
) {
  /** How to name a variable; undefined if none may be named. */
  const rule = prefix ? `env:NAME with a name that begins with ${prefix}` : undefined;
  const read = (name: string): string => {
    if (remoteCallers) throw unusable("environment variables of the server are not available here.", fromVault);
    if (!prefix) {
      throw unusable(
        "environment variables are not available here: the operator has not chosen a prefix.",
        "Use file: or vault:, or ask the operator to set up a prefix.",
      );
    }
    if (!name.startsWith(prefix)) throw unusable("a variable of that name may not be read.", `Pass ${rule}.`);
    if (own.has(name)) {
      throw unusable(
        `the variable ${name} holds a setting or a credential of this server, which no call may use.`,
        `Pass ${rule}, and that holds nothing else.`,
      );
    }
    const value = ownMember(variables, name);
    if (value) return value;
    throw unusable(
      `the variable ${name} is ${value === undefined ? "not set" : "empty"} where the server runs.`,
      "Ask the operator to set it and to start the server again, or name another one.",
    );
  };
  return { rule, read };
}
