import { expect, it } from "vitest";
import { z } from "zod";
import { limits } from "../../src/catalogue/limits.js";
import { choice, flag, list, struct, text } from "../../src/catalogue/params.js";
import { toolOf } from "../../src/mcp/tools.js";
import { defineTool, thisComputerService } from "../../src/pipeline/tool.js";

const shown = (params: z.AnyZodObject) =>
  toolOf(
    defineTool({
      name: "lend",
      title: "Lend",
      service: thisComputerService,
      summary: "Lends.",
      effect: "read",
      params,
      result: z.object({}),
      run: async () => ({}),
    }),
  ).inputSchema;

it("what the list of tools says twice is said once, and nothing is lost that is said once", () => {
  const params = struct({
    CertificateId: text("Certificate ID"),
    ContactEmail: text("Email"),
    DomainNum: text("Domains"),
    Name: text("Of the loan", { max: 8 }),
    Switch: choice(["on", "off"], "on or off"),
    Mode: choice(["fast", "slow"], "Default slow"),
    Regions: list(text("Region"), "Where"),
    Hosts: list(text("Host"), "Hosts", { min: 1, max: limits.argument.items }),
    Loans: list(struct({ LoanKey: text("Key"), Remark: text("Why") }), "Loans to end").optional(),
    Repeatable: flag("Also if lent already"),
  });
  expect(shown(params)).toEqual({
    type: "object",
    additionalProperties: false,
    required: [
      "CertificateId",
      "ContactEmail",
      "DomainNum",
      "Name",
      "Switch",
      "Mode",
      "Regions",
      "Hosts",
      "Repeatable",
    ],
    properties: {
      CertificateId: { type: "string" },
      ContactEmail: { type: "string" },
      DomainNum: { type: "string", description: "Domains" },
      Name: { type: "string", maxLength: 8, description: "Of the loan (max 8 chars)" },
      Switch: { type: "string", enum: ["on", "off"] },
      Mode: { type: "string", enum: ["fast", "slow"], description: "Default slow" },
      Regions: { type: "array", items: { type: "string" }, description: "Where" },
      Hosts: {
        type: "array",
        items: { type: "string" },
        minItems: 1,
        maxItems: 100,
        description: "Hosts (1-100 items)",
      },
      Loans: {
        type: "array",
        description: "Loans to end",
        items: {
          type: "object",
          additionalProperties: false,
          required: ["LoanKey", "Remark"],
          properties: { LoanKey: { type: "string" }, Remark: { type: "string", description: "Why" } },
        },
      },
      Repeatable: { type: "boolean", description: "Also if lent already" },
    },
  });
});
