import { afterAll, beforeAll, expect, it } from "vitest";
import { z } from "zod";
import { type Assistant, reads, startAssistant } from "../support/assistant.js";

/** JSON as text in the arguments of whole jobs, and in what a person is asked; other tools are in test/arguments. */

let assistant: Assistant;
const questions: string[] = [];
beforeAll(async () => {
  assistant = await startAssistant(["--sandbox", "--sandbox-speed", "600"], {
    person: reads(({ message }) => {
      questions.push(message);
      return { action: "decline" };
    }),
  });
});
afterAll(() => assistant.close());

/** Of the two that cover the domain, the one that it does not serve yet: it ends last. */
async function renewed(): Promise<string> {
  const { certificates } = await assistant.result("find_certificates", { domain: "img.example.com", status: "issued" });
  return (
    z
      .array(z.object({ id: z.string() }))
      .parse(certificates)
      .at(-1)?.id ?? ""
  );
}

// anthropics/claude-code#22394, punkpeye/mcp-remote#319, makeplane/plane-mcp-server#130
it.each([
  ["an array", '[{"service":"alibaba-cdn","domains":["img.example.com"]}]'],
  ["an array in it", [{ service: "alibaba-cdn", domains: '["img.example.com"]' }]],
  ["an array of texts", ['{"service":"alibaba-cdn","domains":["img.example.com"]}']],
  ["one target for a list of them", { service: "alibaba-cdn", domains: "img.example.com" }],
])("deploy_certificate takes targets as text: %s", async (_what, targets) => {
  const args = { certificate_id: await renewed(), wait_seconds: "0" };
  questions.length = 0;
  await assistant.failure("deploy_certificate", { ...args, targets });
  await assistant.failure("deploy_certificate", {
    ...args,
    targets: [{ service: "alibaba-cdn", domains: ["img.example.com"] }],
  });
  expect(questions).toHaveLength(2);
  expect(questions[0]).toContain("img.example.com");
  expect(questions[0]).toBe(questions[1]);
});

it.each([["www.example.com"], ['["www.example.com"]'], ["www.example.com, "], [["www.example.com"]]])(
  "check_served_certificate looks at one domain: %j",
  async (domains) => {
    const { domains: seen } = await assistant.result("check_served_certificate", { domains });
    expect(seen).toEqual([expect.objectContaining({ domain: "www.example.com" })]);
  },
);
