import type { Server } from "@modelcontextprotocol/sdk/server/index.js";
import { type ElicitRequestFormParams, ErrorCode, McpError } from "@modelcontextprotocol/sdk/types.js";
import type { ApprovalRequest } from "../guard/describe.js";
import type { Answer, Approver } from "../guard/gate.js";

const requestedSchema: ElicitRequestFormParams["requestedSchema"] = {
  type: "object",
  properties: {
    approve: {
      type: "boolean",
      title: "Approve this change",
      description: "Yes carries it out, once.",
      default: false,
    },
  },
  required: ["approve"],
};

/** Asks the person through the client's own form. */
export class ElicitationApprover implements Approver {
  readonly #server: Server;
  readonly #timeout: number;

  /** @param timeout how long the person may take, in milliseconds */
  constructor(server: Server, timeout: number) {
    this.#server = server;
    this.#timeout = timeout;
  }

  async ask(request: ApprovalRequest, signal: AbortSignal): Promise<Answer> {
    if (!this.#server.getClientCapabilities()?.elicitation) return "nobody to ask";
    try {
      const params = { message: inWords(request), requestedSchema };
      const answer = await this.#server.elicitInput(params, { timeout: this.#timeout, signal });
      if (answer.action === "decline") return "no";
      if (answer.action !== "accept") return "cancelled";
      // Some clients accept by themselves; only a yes in the content is a yes.
      return answer.content?.approve === true ? "yes" : "no";
    } catch (error) {
      if (signal.aborted) return "cancelled";
      return error instanceof McpError && error.code === ErrorCode.RequestTimeout ? "timed out" : "malformed";
    }
  }
}

function inWords({ where, question, effect, warnings, details }: ApprovalRequest): string {
  return [
    `${where}: ${question}`,
    effect,
    ...warnings.map((warning) => `Warning: ${warning}`),
    "",
    ...details.map(([name, value]) => `${name}: ${value}`),
  ].join("\n");
}
