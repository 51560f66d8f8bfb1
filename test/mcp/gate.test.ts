import type { ElicitRequest } from "@modelcontextprotocol/sdk/types.js";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { operations } from "../../src/catalogue/index.js";
import { type Sandbox, startSandbox } from "../../src/sandbox/server.js";
import { type Assistant, type Person, pointedAt, saysYes, startAssistant } from "../support/assistant.js";
import { sampleChanges } from "../support/sample-calls.js";

let sandbox: Sandbox;
beforeAll(async () => {
  sandbox = await startSandbox({});
});
afterAll(() => sandbox.close());

const changing = operations.filter(({ effect }) => effect !== "read").map(({ name }) => name);
const changesThatArrived = () => sandbox.requests.filter(({ effect }) => effect !== "read");

function assistantWith(person: Person | null, ...flags: string[]): Promise<Assistant> {
  const { args, env } = pointedAt(sandbox);
  return startAssistant([...args, ...flags], { env, person });
}

it("covers the 23 operations that change something", () => {
  expect(Object.keys(sampleChanges).sort()).toEqual([...changing].sort());
  expect(changing).toHaveLength(23);
});

const persons: readonly (readonly [string, Person | null, RegExp])[] = [
  ["that cannot ask", null, /cannot show the question/],
  ["whose person declines", () => ({ action: "decline" }), /did not approve/],
  ["whose person closes the form", () => ({ action: "cancel" }), /dismissed/],
  ["that accepts with a no", () => ({ action: "accept", content: { approve: false } }), /did not approve/],
  ["that accepts with nothing", () => ({ action: "accept" }), /did not approve|not one that a person gives/],
  ["that accepts with an empty form", () => ({ action: "accept", content: {} }), /not one that a person gives/],
  ["that answers with text", () => ({ action: "accept", content: { approve: "true" } }), /not one that a person gives/],
  [
    "that breaks",
    () => {
      throw new Error("no form here");
    },
    /not one that a person gives/,
  ],
];

describe.each(persons)("with a client %s", (_name, person, reason) => {
  let assistant: Assistant;
  beforeAll(async () => {
    assistant = await assistantWith(person);
  });
  afterAll(() => assistant.close());

  it.each(changing)("%s sends nothing", async (name) => {
    const said = await assistant.failure(name, sampleChanges[name]);
    expect(said).toMatch(reason);
    expect(said).toContain("Nothing was sent. ".trim());
    expect(changesThatArrived()).toEqual([]);
  });
});

it("a person who does not answer in time has not approved", async () => {
  const never: Person = () => new Promise(() => {});
  const assistant = await assistantWith(never, "--approval-timeout", "0.2");
  expect(await assistant.failure("DeleteCertificate", sampleChanges.DeleteCertificate)).toMatch(
    /did not answer in time/,
  );
  await assistant.close();
  expect(changesThatArrived()).toEqual([]);
});

it("a server for reading only refuses a change by name, too", async () => {
  const assistant = await assistantWith(saysYes, "--read-only");
  await expect(assistant.call("DeleteCertificate", sampleChanges.DeleteCertificate)).rejects.toThrow(
    "There is no tool",
  );
  await assistant.close();
  expect(changesThatArrived()).toEqual([]);
});

describe("the question", () => {
  async function questionFor(name: string, args: Record<string, unknown>): Promise<ElicitRequest["params"]> {
    let asked: ElicitRequest["params"] | undefined;
    const assistant = await assistantWith((question) => {
      asked = question;
      return { action: "decline" };
    });
    await assistant.failure(name, args);
    await assistant.close();
    if (asked === undefined) throw new Error("nobody was asked");
    return asked;
  }

  it("names the cloud, the object, the effect, the warnings and every argument", async () => {
    const { message } = await questionFor("SetCdnDomainSSLCertificate", sampleChanges.SetCdnDomainSSLCertificate ?? {});
    for (const part of ["Alibaba Cloud CDN", "img.example.com", "live domain", "Warning:", "SSLProtocol: off"]) {
      expect(message).toContain(part);
    }
  });

  it("shows no secret, wherever the model put it", async () => {
    const key = "-----BEGIN PRIVATE KEY-----\nMC4CAQAwBQYDK2VwBCIEICanary\n-----END PRIVATE KEY-----";
    const { message } = await questionFor("UploadCertificate", {
      CertificatePublicKey: "-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----",
      CertificatePrivateKey: key,
      Alias: `web ${key}`,
    });
    expect(message).not.toContain("Canary");
    expect(message).toContain("CertificatePrivateKey: (secret, not shown)");
  });
});

it("a yes lets exactly one request through", async () => {
  const before = sandbox.requests.length;
  const assistant = await assistantWith(saysYes);
  await assistant.result("SetCdnDomainSSLCertificate", sampleChanges.SetCdnDomainSSLCertificate);
  await assistant.close();
  expect(sandbox.requests.slice(before)).toMatchObject([
    { operation: "SetCdnDomainSSLCertificate", params: { DomainName: "img.example.com", SSLProtocol: "off" } },
  ]);
});
