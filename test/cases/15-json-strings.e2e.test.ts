import { afterAll, beforeAll, expect, it } from "vitest";
import { z } from "zod";
import { type Assistant, reads, startAssistant } from "../support/assistant.js";

/** JSON as text in the arguments of whole jobs, and in what a person is asked; other tools are in test/pipeline/arguments. */

const asked = async (targets: unknown): Promise<readonly string[]> => {
  const questions: string[] = [];
  const person = reads(({ message }) => {
    questions.push(message);
    return { action: "decline" };
  });
  // What was declined is not asked again at once, so each question is another server's.
  const assistant = await startAssistant(["--sandbox", "--sandbox-speed", "600"], { person });
  try {
    const args = { certificate_id: await renewed(assistant), wait_seconds: "0", targets };
    await assistant.failure("deploy_certificate", args);
    return questions;
  } finally {
    await assistant.close();
  }
};

let assistant: Assistant;
beforeAll(async () => {
  assistant = await startAssistant(["--sandbox", "--sandbox-speed", "600"]);
});
afterAll(() => assistant.close());

/** Of the two that cover the domain, the one that it does not serve yet: it ends last. */
async function renewed(assistant: Assistant): Promise<string> {
  const { certificates } = await assistant.result("find_certificates", { domain: "img.example.com", status: "issued" });
  return (
    z
      .array(z.object({ certificate_id: z.string() }))
      .parse(certificates)
      .at(-1)?.certificate_id ?? ""
  );
}

// anthropics/claude-code#22394, punkpeye/mcp-remote#319, makeplane/plane-mcp-server#130
it.each([
  ["an array", '[{"service":"alibaba-cdn","domains":["img.example.com"]}]'],
  ["an array in it", [{ service: "alibaba-cdn", domains: '["img.example.com"]' }]],
  ["an array of texts", ['{"service":"alibaba-cdn","domains":["img.example.com"]}']],
  ["one target for a list of them", { service: "alibaba-cdn", domains: "img.example.com" }],
])("deploy_certificate takes targets as text: %s", async (_what, targets) => {
  const plain = [{ service: "alibaba-cdn", domains: ["img.example.com"] }];
  // Its arguments hold the certificate's id, which each sandbox makes up anew.
  const shown = (questions: readonly string[]) => questions.map((question) => question.split("\n").slice(0, 2));
  const questions = await asked(targets);
  expect(questions).toHaveLength(1);
  expect(questions[0]).toContain("img.example.com");
  expect(shown(questions)).toEqual(shown(await asked(plain)));
});

it.each([["www.example.com"], ['["www.example.com"]'], ["www.example.com, "], [["www.example.com"]]])(
  "check_served_certificate looks at one domain: %j",
  async (domains) => {
    const { domains: seen } = await assistant.result("check_served_certificate", { domains });
    expect(seen).toEqual([expect.objectContaining({ domain: "www.example.com" })]);
  },
);
