import { AjvJsonSchemaValidator } from "@modelcontextprotocol/sdk/validation/ajv";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { operations } from "../../src/catalogue/index.js";
import { toolOf } from "../../src/mcp/tools.js";
import { replyLimit } from "../../src/reply/budget.js";
import { withoutEmpty } from "../../src/reply/empty.js";
import { sanitizeExternalText } from "../../src/reply/external-text.js";
import { formatReply } from "../../src/reply/format-reply.js";
import { costOf } from "../../src/reply/size.js";
import { runs } from "../support/width.js";
import { answerTo, distorted } from "./arbitrary.js";
import { now, requestId, structureOf, tokensOf } from "./support.js";

const detail = fc.constantFrom("summary" as const, "full" as const);
const totals = ["TotalCount", "Total", "AllTotal"];
const clientsValidator = new AjvJsonSchemaValidator();
const withReply = operations.filter(({ result }) => Object.keys(result.shape).length > 1);

describe.each(withReply.map((operation) => [operation.name, operation] as const))("any answer to %s", (_name, it_) => {
  it("fits the limit and the schema that clients check, and keeps request id and totals", () => {
    const checked = clientsValidator.getValidator(JSON.parse(JSON.stringify(toolOf(it_).outputSchema)));
    const surprises = fc.array(fc.jsonValue({ maxDepth: 2 }), { maxLength: 3 });
    fc.assert(
      fc.property(
        answerTo(it_.result),
        fc.integer({ min: 0, max: 40 }),
        surprises,
        detail,
        (answer, times, odd, detail) => {
          const sent = distorted(answer, times, odd);
          const reply = formatReply(it_, sent, requestId, {
            detail,
            maskPersonal: true,
            now,
            params: {},
            notes: [],
            redact: String,
          });
          const structure = structureOf(reply);
          expect(checked(structure)).toMatchObject({ valid: true });
          expect(costOf(structure)).toBeLessThanOrEqual(replyLimit);
          expect(tokensOf(structure)).toBeLessThan(20_000);
          expect(structure).toMatchObject({ RequestId: requestId });
          for (const total of totals.filter((name) => Number.isInteger(sent[name]))) {
            expect(structure).toMatchObject({ [total]: sent[total] });
          }
        },
      ),
      { numRuns: runs(4, 25) },
    );
  });

  it("loses nothing but what is empty when it is small and wanted in full", () => {
    fc.assert(
      fc.property(answerTo(it_.result), (answer) => {
        const options = { detail: "full", maskPersonal: false, now, params: {}, notes: [], redact: String } as const;
        fc.pre(costOf(answer) < 4_000);
        const reply = formatReply(it_, answer, requestId, options);
        expect(withoutEmpty(reply.result)).toMatchObject(sanitizeExternalText(withoutEmpty(answer)));
      }),
      { numRuns: runs(5, 30) },
    );
  });
});
