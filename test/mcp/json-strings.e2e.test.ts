import { afterAll, beforeAll, expect, it } from "vitest";
import { z } from "zod";
import { type Assistant, reads, startAssistant } from "../support/assistant.js";

/** JSON as text in the arguments of whole jobs, and in what a person is asked; other tools are in test/pipeline/arguments. */

let assistant: Assistant;
let certificate_id: string;
const questions: string[] = [];
let plain: readonly string[];

beforeAll(async () => {
  // What was declined is not asked again at once; what was closed is.
  const person = reads(({ message }) => {
    questions.push(message);
    return { action: "cancel" };
  });
  assistant = await startAssistant(["--sandbox", "--sandbox-speed", "600"], { person });
  certificate_id = await renewed();
  plain = await asked([{ service: "alibaba-cdn", domains: ["img.example.com"] }]);
});
afterAll(() => assistant.close());

async function asked(targets: unknown): Promise<readonly string[]> {
  questions.length = 0;
  await assistant.failure("deploy_certificate", { certificate_id, wait_seconds: "0", targets });
  return [...questions];
}

/** Of the two that cover the domain, the one that it does not serve yet: it ends last. */
async function renewed(): Promise<string> {
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
  // What follows holds the arguments as they came, and until when the question stands.
  const shown = (texts: readonly string[]) => texts.map((text) => text.split("\n").slice(0, 2));
  const told = await asked(targets);
  expect(told).toHaveLength(1);
  expect(told[0]).toContain("img.example.com");
  expect(shown(told)).toEqual(shown(plain));
});

it.each([["www.example.com"], ['["www.example.com"]'], ["www.example.com, "], [["www.example.com"]]])(
  "check_served_certificate looks at one domain: %j",
  async (domains) => {
    const { domains: seen } = await assistant.result("check_served_certificate", { domains });
    expect(seen).toEqual([expect.objectContaining({ domain: "www.example.com" })]);
  },
);
