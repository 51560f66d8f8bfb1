import { createServer } from "node:http";
import type { CallToolResult } from "@modelcontextprotocol/sdk/types.js";
import { type Assistant, type AssistantOptions, startAssistant, textOf } from "../support/assistant.js";
import { portOf } from "../support/ports.js";

/** What a cloud, or something in its place, answers to whatever it is asked. */
export interface Said {
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body: string | Buffer;
}

/** A cloud that says anything, and an assistant whose server talks to it. */
export interface Hostile {
  readonly assistant: Assistant;
  /** Makes a call to which the cloud says this. */
  hears(said: Said, tool?: string, args?: Record<string, unknown>): Promise<Heard>;
  close(): Promise<void>;
}

export interface Heard {
  readonly reply: CallToolResult;
  readonly text: string;
  readonly structure: Readonly<Record<string, unknown>>;
}

export async function startHostile(args: readonly string[] = [], options: AssistantOptions = {}): Promise<Hostile> {
  let said: Said = { body: "" };
  const server = createServer((message, response) => {
    message.resume().on("end", () => {
      const { status = 200, headers = {}, body } = said;
      response.writeHead(status, { "content-type": "application/json", ...headers }).end(body);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const url = `http://127.0.0.1:${portOf(server.address())}`;
  const env = { TENCENTCLOUD_SECRET_ID: "AKIDhostile", TENCENTCLOUD_SECRET_KEY: "hostile-secret-key" };
  const assistant = await startAssistant(["--endpoint", `tencent-ssl=${url}`, ...args], { ...options, env });
  return {
    assistant,
    hears: async (next, tool = "DescribeCertificates", given = {}) => {
      said = next;
      const reply = await assistant.call(tool, given);
      return { reply, text: textOf(reply), structure: reply.structuredContent ?? {} };
    },
    close: async () => {
      await assistant.close();
      server.closeAllConnections();
      server.close();
    },
  };
}

/** A success of Tencent Cloud with these members, and others written as JSON by hand. */
export function answer(members: Record<string, unknown>, byHand = ""): Said {
  const written = JSON.stringify({ RequestId: "r-1", ...members }).slice(0, -1);
  return { body: `{"Response":${written}${byHand === "" ? "" : `,${byHand}`}}}` };
}

/** One certificate in a list, with this remark. */
export function withAlias(alias: string): Said {
  return answer({ TotalCount: 1, Certificates: [{ CertificateId: "abcd1234", Alias: alias, Status: 1 }] });
}

/** A refusal of Tencent Cloud. */
export function refusal(code: unknown, message: unknown, requestId: unknown = "r-1"): Said {
  return { body: JSON.stringify({ Response: { Error: { Code: code, Message: message }, RequestId: requestId } }) };
}
