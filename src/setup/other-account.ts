import { isForOperator } from "../config/read.js";
import { ToolError, unsent } from "../lib/tool-error.js";
import type { OtherAccount } from "../pipeline/call-context.js";

/**
 * An account as the calls of the others see it. What its operator has to mend ends none of them: they go on without what
 * it has, and say so. Whoever calls may be remote, so the reason is only in the log.
 * @param within throws what kept the account from being opened
 */
export function otherAccount(name: string, within: OtherAccount["within"], log: (line: string) => void): OtherAccount {
  return {
    name,
    within: async (work) => {
      try {
        return await within(work);
      } catch (error) {
        if (error instanceof ToolError || !isForOperator(error)) throw error;
        log(`account ${name} could not be opened: ${error.message}`);
        throw unsent(
          "configuration",
          "The account could not be opened; this server's log says why.",
          "Tell the person: the operator has to look at the settings of that account.",
        );
      }
    },
  };
}
