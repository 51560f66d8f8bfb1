import { describe, expect, it } from "vitest";
import { redactedJson } from "../../src/mcp/redacted-json.js";
import { Redactor } from "../../src/secrets/redaction/redactor.js";

const token = "cloudcert_uI2Wc0R7mE5tXq9ZsB4vKdY1nLh8Fj3a";
const redactor = new Redactor([token]);
const redact = (text: string) => redactor.redact(text);
const sent = (message: Parameters<typeof redactedJson>[0]): unknown => JSON.parse(redactedJson(message, redact));

describe("a message to a client", () => {
  it("belongs to its request, whatever the client chose as id", () => {
    expect(sent({ jsonrpc: "2.0", id: token, result: { said: token } })).toEqual({
      jsonrpc: "2.0",
      id: token,
      result: { said: "[sealed]" },
    });
    expect(sent({ jsonrpc: "2.0", id: token, error: { code: -32_601, message: `no ${token}` } })).toEqual({
      jsonrpc: "2.0",
      id: token,
      error: { code: -32_601, message: "no [sealed]" },
    });
  });

  it("belongs to its call, whatever the client chose as progress token", () => {
    const params = { progressToken: token, progress: 1, message: token };
    expect(sent({ jsonrpc: "2.0", method: "notifications/progress", params })).toEqual({
      jsonrpc: "2.0",
      method: "notifications/progress",
      params: { ...params, message: "[sealed]" },
    });
  });

  it("gets no id that it did not have", () => {
    expect(sent({ jsonrpc: "2.0", method: "notifications/message", params: { data: token } })).toEqual({
      jsonrpc: "2.0",
      method: "notifications/message",
      params: { data: "[sealed]" },
    });
    expect(sent({ jsonrpc: "2.0", id: 7, result: {} })).toEqual({ jsonrpc: "2.0", id: 7, result: {} });
  });
});
