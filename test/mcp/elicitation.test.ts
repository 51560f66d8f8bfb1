import { Client } from "@modelcontextprotocol/sdk/client/index.js";
import { InMemoryTransport } from "@modelcontextprotocol/sdk/inMemory.js";
import { Server } from "@modelcontextprotocol/sdk/server/index.js";
import { ElicitRequestSchema, type ElicitResult } from "@modelcontextprotocol/sdk/types.js";
import { expect, it } from "vitest";
import { ApprovalStore } from "../../src/approval/approval-store.js";
import { Gate } from "../../src/approval/gate.js";
import { modifyCertificateAlias } from "../../src/catalogue/tencent-ssl/modify-certificate-alias.js";
import { safe } from "../../src/lib/safe-text.js";
import { ToolError } from "../../src/lib/tool-error.js";
import { ElicitationChannel } from "../../src/mcp/elicitation.js";
import { Redactor } from "../../src/secrets/redaction/redactor.js";

/**
 * An answer to the form that came before anybody can have read it, by the test's clock: a loaded machine makes a real
 * client's answer slow, and then it looks like a person's.
 */

/** Asks a real client through its form, whose answer takes `ms` milliseconds; says what became of the call. */
async function asked(answer: ElicitResult, ms: number): Promise<string> {
  let clock = 0;
  const server = new Server({ name: "server", version: "1" }, { capabilities: {} });
  const client = new Client({ name: "client", version: "1" }, { capabilities: { elicitation: {} } });
  client.setRequestHandler(ElicitRequestSchema, () => {
    clock += ms;
    return answer;
  });
  const [near, far] = InMemoryTransport.createLinkedPair();
  await Promise.all([server.connect(near), client.connect(far)]);
  const gate = new Gate({
    policy: { readOnly: false, allowPurchases: false, allow: [], deny: [] },
    channels: [new ElicitationChannel(server, () => clock)],
    token: { offered: false, forDestructive: false },
    store: new ApprovalStore({ now: () => new Date(clock), elapsed: () => clock }),
    audit: { append: async () => {}, close: async () => {} },
    readCurrentState: async () => ({
      rows: [{ object: safe`It`, aspect: "status", now: safe`now`, then: safe`changed` }],
      facts: [],
    }),
    wait: 1,
    log: () => {},
  });
  const { signal } = new AbortController();
  let sent = 0;
  try {
    await gate.carryOut(
      {
        operation: modifyCertificateAlias,
        params: { CertificateId: "abcd1234", Alias: "new" },
        account: "account",
        approval: undefined,
        redactor: new Redactor([]),
        caller: { progress: () => {}, signal, sending: signal },
      },
      async () => {
        sent += 1;
        return { requestId: "r" };
      },
    );
    return `sent ${sent}`;
  } catch (error) {
    if (!(error instanceof ToolError)) throw error;
    expect(sent).toBe(0);
    return error.details.happened;
  } finally {
    await Promise.all([gate.close(), client.close(), server.close()]);
  }
}

const yes: ElicitResult = { action: "accept", content: { approve: true } };

it.each<[ElicitResult, number, RegExp]>([
  [yes, 0, /no way to reach one/],
  [yes, 299, /no way to reach one/],
  [{ action: "decline" }, 0, /no way to reach one/],
  [{ action: "cancel" }, 299, /no way to reach one/],
  [yes, 300, /^sent 1$/],
  [{ action: "decline" }, 300, /did not approve/],
])("%j after %i ms", async (answer, ms, outcome) => {
  expect(await asked(answer, ms)).toMatch(outcome);
});
