import { InMemoryTransport } from "@modelcontextprotocol/sdk/inMemory.js";
import { Server } from "@modelcontextprotocol/sdk/server/index.js";
import { isJSONRPCRequest, LATEST_PROTOCOL_VERSION } from "@modelcontextprotocol/sdk/types.js";
import { expect, it } from "vitest";
import { ApprovalStore } from "../../src/approval/approval-store.js";
import { Gate } from "../../src/approval/gate.js";
import type { AuditEntry } from "../../src/audit/entry.js";
import { deleteCertificate } from "../../src/catalogue/tencent-ssl/delete-certificate.js";
import { modifyCertificateAlias } from "../../src/catalogue/tencent-ssl/modify-certificate-alias.js";
import { safe } from "../../src/lib/safe-text.js";
import { ToolError } from "../../src/lib/tool-error.js";
import { ElicitationChannel } from "../../src/mcp/elicitation.js";
import { Redactor } from "../../src/secrets/redaction/redactor.js";

/**
 * Answers to the form, by the test's clock: a loaded machine makes a client's immediate answer slow, and then it looks
 * like a person's. They are written as a client sends them: the SDK's client would not send the wrong ones.
 */

interface Situation {
  /** What the client declares of its forms. */
  readonly elicitation?: Record<string, unknown>;
  readonly deletes?: boolean;
}

/** Asks a client through its form, which answers after `ms` milliseconds; says what became of the call. */
async function asked(
  answer: Record<string, unknown>,
  ms: number,
  { elicitation = {}, deletes = false }: Situation = {},
) {
  let clock = 0;
  const entries: AuditEntry[] = [];
  const lines: string[] = [];
  const server = new Server({ name: "server", version: "1" }, { capabilities: {} });
  const [near, far] = InMemoryTransport.createLinkedPair();
  const initialized = new Promise<void>((resolve) => {
    server.oninitialized = resolve;
  });
  far.onmessage = (message) => {
    if (!isJSONRPCRequest(message) || message.method !== "elicitation/create") return;
    clock += ms;
    const reply = "error" in answer ? answer : { result: answer };
    void far.send(JSON.parse(JSON.stringify({ jsonrpc: "2.0", id: message.id, ...reply })));
  };
  await server.connect(near);
  await far.start();
  const clientInfo = { name: "client", version: "1" };
  const params = { protocolVersion: LATEST_PROTOCOL_VERSION, capabilities: { elicitation }, clientInfo };
  await far.send({ jsonrpc: "2.0", id: "first", method: "initialize", params });
  await far.send({ jsonrpc: "2.0", method: "notifications/initialized" });
  await initialized;
  const gate = new Gate({
    policy: { readOnly: false, allowPurchases: false, allow: [], deny: [] },
    channels: [
      new ElicitationChannel(
        server,
        (line) => lines.push(line),
        () => clock,
      ),
    ],
    token: { offered: false, forDestructive: false },
    store: new ApprovalStore({ now: () => new Date(clock), elapsed: () => clock }),
    audit: { append: async (entry) => void entries.push(entry) },
    readCurrentState: async () => ({
      rows: [{ object: safe`It`, aspect: "status", now: safe`now`, then: safe`changed` }],
      facts: [],
    }),
    wait: 1,
    log: () => {},
  });
  const { signal } = new AbortController();
  let sent = 0;
  const change = deletes
    ? { operation: deleteCertificate, params: { CertificateId: "abcd1234" } }
    : { operation: modifyCertificateAlias, params: { CertificateId: "abcd1234", Alias: "new" } };
  try {
    await gate.approveAndRun(
      {
        ...change,
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
    return { said: `sent ${sent}`, entries, lines };
  } catch (error) {
    if (!(error instanceof ToolError)) throw error;
    expect(sent).toBe(0);
    return { said: error.details.happened, entries, lines };
  } finally {
    await Promise.all([gate.close(), server.close()]);
  }
}

const yes = { action: "accept", content: { approve: true } };
const tooFast = "The client's form answered faster than a person can, so it does not count.";
const unclear = "The client's form answered, but with neither yes nor no, so it does not count.";

it.each<[Record<string, unknown>, number, RegExp | string]>([
  [yes, 0, tooFast],
  [yes, 299, tooFast],
  [{ action: "decline" }, 0, tooFast],
  [{ action: "cancel" }, 299, tooFast],
  [yes, 300, /^sent 1$/],
  [{ action: "decline" }, 300, /did not approve/],
])("%j after %i ms", async (answer, ms, outcome) => {
  expect((await asked(answer, ms)).said).toMatch(outcome);
});

it.each<[Record<string, unknown>]>([
  [{ action: "accept", content: { approve: 1 } }],
  [{ action: "accept", content: { approve: [true] } }],
  [{ action: "accept", content: { data: { approve: true } } }],
  [{ action: "accept", content: '{"approve":true}' }],
  [{ action: "accept", content: {} }],
  [{ action: "accept", content: null }],
  [{ action: "accept" }],
  [{ action: "accepted", content: { approve: true } }],
  [{}],
])("%j is neither yes nor no, and the reply, the audit log and stderr say so", async (answer) => {
  const { said, entries, lines } = await asked(answer, 5_000);
  expect(said).toContain(unclear);
  expect(said).not.toMatch(/no way to reach|nobody/i);
  expect(entries.at(-1)).toMatchObject({ event: "decision", verdict: "refused", reason: unclear });
  expect(lines).toEqual([`ModifyCertificateAlias: ${unclear}`]);
});

it.each(["true", "yes", "Yes", ""])(
  "a text in place of the checkbox is no yes, and the reply says so: %j",
  async (approve) => {
    const { said, entries } = await asked({ action: "accept", content: { approve } }, 5_000);
    const reason = "The client's form answered with text in place of the checkbox, so it does not count.";
    expect(said).toContain(reason);
    expect(entries.at(-1)).toMatchObject({ event: "decision", verdict: "refused", reason });
  },
);

it.each([
  [{ action: "accept", content: { approve: true, comment: "fine", more: { deep: 1 } } }, /^sent 1$/],
  [{ action: "accept", content: { approve: true }, _meta: { a: 1 } }, /^sent 1$/],
  [{ action: "decline", content: { approve: true } }, /did not approve/],
  [{ action: "accept", content: { approve: false } }, /did not approve/],
  [{ action: "cancel", content: null }, /closed without an answer/],
  [{ error: { code: -32601, message: "Method not found" } }, /did not show its form \(error -32601\)/],
])("%j is taken for what it is", async (answer, outcome) => {
  expect((await asked(answer, 5_000)).said).toMatch(outcome);
});

it.each([
  [{ approve: true }, "but without what has to be typed"],
  [{ approve: true, confirm: 5 }, "but without what has to be typed"],
  [{ approve: true, confirm: "" }, "was asked to type a name and typed nothing"],
  [{ approve: true, confirm: "abcd" }, "was asked to type a name and typed something else"],
  [{ approve: true, confirm: "abcd1234" }, "sent 1"],
  [{ approve: true, confirm: " ａｂｃｄ１２３４ " }, "sent 1"],
  [{ approve: false }, "did not approve"],
])("of a form with a name to type, %j", async (content, outcome) => {
  expect((await asked({ action: "accept", content }, 5_000, { deletes: true })).said).toContain(outcome);
});

it.each([
  [{}, /^sent 1$/],
  [{ form: {} }, /^sent 1$/],
  [{ form: {}, url: {} }, /^sent 1$/],
  [{ applyDefaults: true }, /^sent 1$/],
  [{ schemaValidation: true }, /^sent 1$/],
  [{ url: {} }, /no way to reach one/],
])("a client that declares %j", async (elicitation, outcome) => {
  expect((await asked(yes, 5_000, { elicitation })).said).toMatch(outcome);
});
