import { expect, it } from "vitest";
import { ToolError } from "../../src/lib/tool-error.js";
import { type ReadContext, withReadContext } from "../../src/pipeline/call-context.js";
import { Redactor } from "../../src/secrets/redaction/redactor.js";

it("what a read of our own commands fails with is redacted, even if no cloud threw it", async () => {
  const secret = "tEnCeNt0SecretKey1AbCdEfGh2IjKlM";
  const masks = { redactor: new Redactor([secret]), maskPersonal: true, references: {}, otherAccounts: [] };
  const context: ReadContext = Object.assign(Object.create(null), masks);
  const caller = { progress: () => {}, signal: new AbortController().signal, sending: new AbortController().signal };
  const happened = `Written to maria.gonzalez@corp.example, signed with ${secret}.`;
  const failure = new ToolError({ kind: "cloud", happened, changed: "no", next: "Ask the operator." });
  const reading = withReadContext(caller, context, () => Promise.reject(failure));
  await expect(reading).rejects.toMatchObject({
    details: { happened: "Written to m***@corp.example, signed with [sealed]." },
  });
});
