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
