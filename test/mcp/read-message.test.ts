import { expect, it } from "vitest";
import { z } from "zod";
import { uploadCertificate } from "../../src/catalogue/tencent-ssl/upload-certificate.js";
import { readMessage } from "../../src/mcp/read-message.js";
import { parseArguments } from "../../src/pipeline/validate-arguments.js";

const call = z.object({ message: z.object({ params: z.object({ arguments: z.record(z.unknown()) }) }) });

it.each([
  ["in arguments", '{"CertificatePublicKey":"file:a.pem","__proto__":{"Alias":"x"}}', "(__proto__)"],
  ["in arguments that are JSON text", JSON.stringify('{"__proto__":1}'), "(__proto__)"],
  ["in a member", '{"Tags":[{"TagKey":"a","TagValue":"b","__proto__":{"TagKey":"c"}}]}', "__proto__"],
  [
    "in a member that is JSON text",
    '{"Tags":"[{\\"TagKey\\":\\"a\\",\\"TagValue\\":\\"b\\",\\"__proto__\\":1}]"}',
    "__proto__",
  ],
])("a member called __proto__ reaches the tool, which refuses it: %s", (_, args, named) => {
  const line = `{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"UploadCertificate","arguments":${args}}}`;
  const { params } = call.parse(readMessage({ complete: true, bytes: Buffer.from(line) })).message;
  expect(() => parseArguments(uploadCertificate, params.arguments)).toThrow(`${named} is not a member of`);
});

const received = (message: object) =>
  readMessage({ complete: true, bytes: Buffer.from(JSON.stringify({ jsonrpc: "2.0", id: 1, ...message })) });
const introduced = (capabilities: unknown, more = {}) => ({
  method: "initialize",
  params: { protocolVersion: "2025-11-25", capabilities, clientInfo: { name: "a", version: "1" }, ...more },
});

// PHP and C# have clients that do: elgorro/aiquila#442, afrise/MCPSharp#6, modelcontextprotocol/php-sdk#284.
it.each<[object, object]>([
  ...["tools/list", "ping", "prompts/list", "resources/list", "resources/templates/list", "tasks/list"].flatMap(
    (method): [object, object][] => [
      [
        { method, params: [] },
        { method, params: {} },
      ],
      [
        { method, params: { _meta: [] } },
        { method, params: { _meta: {} } },
      ],
    ],
  ),
  [introduced([]), introduced({})],
  [introduced([], { _meta: [] }), introduced({}, { _meta: {} })],
  ...["elicitation", "roots", "sampling", "experimental", "extensions", "tasks"].map((name): [object, object] => [
    introduced({ [name]: [] }),
    introduced({ [name]: {} }),
  ]),
  [
    introduced({ tasks: { requests: { sampling: [] } }, roots: [] }),
    introduced({ tasks: { requests: { sampling: {} } }, roots: {} }),
  ],
  [
    {
      method: "completion/complete",
      params: { ref: { type: "ref/prompt", name: "a" }, argument: { name: "b", value: "" }, context: [] },
    },
    {
      method: "completion/complete",
      params: { ref: { type: "ref/prompt", name: "a" }, argument: { name: "b", value: "" }, context: {} },
    },
  ],
  [{ result: [] }, { result: {} }],
  [
    { id: undefined, method: "notifications/initialized", params: [] },
    { id: undefined, method: "notifications/initialized", params: {} },
  ],
])("an empty list where the protocol has an object is an empty object: %j", (given, meant) => {
  expect(received(given)).toEqual(received(meant));
  expect(received(given)).toHaveProperty("message");
});

it("a list that means a list stays one", () => {
  const extensions = { "io.modelcontextprotocol/ui": { mimeTypes: [] } };
  expect(received(introduced({ extensions, roots: [] }))).toMatchObject({
    message: { params: { capabilities: { extensions, roots: {} } } },
  });
});

it.each([
  [introduced({ elicitation: "yes" }), -32602, "params.capabilities.elicitation"],
  [introduced({}, { clientInfo: [] }), -32602, "params.clientInfo.name"],
  [{ method: "tools/call", params: [] }, -32602, "params.name"],
  [{ method: "tools/list", params: [1] }, -32600, "params"],
  [{ method: "ping", params: { _meta: { progressToken: true } } }, -32600, "params._meta.progressToken"],
  [{ method: "ping", jsonrpc: "1.0" }, -32600, "jsonrpc"],
])("the refusal of %j names the member", (message, code, path) => {
  const error = { code, message: expect.stringContaining(`its member ${path} is missing or wrong`) };
  expect(received(message)).toMatchObject({ reply: { error } });
});

it.each([{ ttl: 60_000 }, {}, null, [], "x"])("a wish for a task is ignored, as none are offered: %j", (task) => {
  const params = { name: "list_vault", arguments: { task: "an argument" } };
  expect(received({ method: "tools/call", params: { ...params, task } })).toEqual(
    received({ method: "tools/call", params }),
  );
});
