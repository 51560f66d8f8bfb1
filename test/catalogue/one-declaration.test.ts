import { describe, expect, it } from "vitest";
import { chinese as inChinese } from "../../scripts/docs/chinese.js";
import { english } from "../../scripts/docs/english.js";
import { operationRow } from "../../scripts/docs/readme.js";
import { finding } from "../../src/catalogue/finding.js";
import { defineChange } from "../../src/catalogue/operation.js";
import { certificate, privateKey, struct, text } from "../../src/catalogue/params.js";
import { newSubject, planned } from "../../src/catalogue/planned-change.js";
import { int, reply, string } from "../../src/catalogue/results.js";
import { tencentSsl } from "../../src/catalogue/services.js";
import { languages } from "../../src/lib/language.js";
import { titled, verbatim } from "../../src/lib/safe-text.js";
import { operationPage } from "../../src/mcp/resources/pages/operation.js";
import { toolOf } from "../../src/mcp/tools.js";
import { preflight, storedUses } from "../../src/preflight/index.js";
import { formatReply, takesDetail } from "../../src/reply/format-reply.js";
import { formatOptions } from "../reply/support.js";

/** Nothing else in the program knows it. */
const operation = defineChange({
  name: "LendCertificate",
  service: tencentSsl,
  title: "Lend a certificate",
  titleInChinese: "借出证书",
  summary: "Lend a certificate to a neighbour.",
  effect: "create",
  retry: "never",
  params: struct({
    Neighbour: text("Who borrows it"),
    Chain: certificate("Certificate PEM").optional(),
    Key: privateKey("Its key").optional(),
    CertId: text("A stored one").optional(),
  }),
  example: { Neighbour: "next door", CertId: "8xZ3kQ1p" },
  result: reply({ LoanId: string(), State: int(), Terms: string() }),
  replyFacts: {
    meanings: { State: new Map([["7", "on the way"]]) },
    summary: { leaveOut: ["Terms"] },
  },
  approvalQuestion: () => verbatim("Lend it?"),
  plannedChanges: () => [planned(newSubject(verbatim("Loan")), "existence", verbatim("lent"))],
  checks: ({ Neighbour, Chain: pem, Key: key = "" }) => [
    ...(Neighbour === "" ? [finding("Neighbour", "Nobody borrows it.", { prevents: "Loan.Nobody" })] : []),
    ...(pem === undefined
      ? []
      : [
          {
            kind: "pair" as const,
            parameter: "Chain",
            pem,
            key: { parameter: "Key", pem: key },
            verdicts: { unreadable: { prevents: "Loan.Chain" }, badKey: "error" as const, mismatch: "error" as const },
          },
        ]),
  ],
  storedUses: ({ CertId: id }) => (id === undefined ? [] : [{ parameter: "CertId", id }]),
  errors: ["Loan.Nobody", "Loan.Chain"],
});

describe("one declaration of an operation is enough", () => {
  it("for its tool", () => {
    const { name, title, description, inputSchema, outputSchema, annotations } = toolOf(operation);
    expect({ name, title, description }).toEqual({
      name: "LendCertificate",
      title: "Lend a certificate",
      description: "Tencent Cloud SSL: Lend a certificate to a neighbour.",
    });
    expect(inputSchema).toMatchObject({ required: ["Neighbour"], properties: { CertId: { type: "string" } } });
    expect(inputSchema.properties).toHaveProperty("detail");
    // Terms come with `detail` alone.
    expect(outputSchema).toEqual({ type: "object", properties: { LoanId: {}, State: {} } });
    expect(annotations?.readOnlyHint).toBe(false);
  });

  it("for its row in the documents of both languages, and its title on the page of an approval", () => {
    expect(operationRow(operation, english)).toEqual([
      "`LendCertificate`",
      "Tencent Cloud SSL",
      "Lend a certificate",
      "adds",
    ]);
    expect(operationRow(operation, inChinese)).toEqual(["`LendCertificate`", "腾讯云 SSL 证书", "借出证书", "新增"]);
    const title = titled(operation.title, operation.titleInChinese);
    expect(languages.map((language) => title.for({ language }))).toEqual(["Lend a certificate", "借出证书"]);
  });

  it("for its page, with parameters, example, codes of the reply and errors", () => {
    const page = operationPage(operation);
    expect(page).toContain("# Lend a certificate: LendCertificate");
    expect(page).toContain("- `Key` (String, optional): Its key. As a reference: file:, env: or vault:.");
    expect(page).toContain(JSON.stringify(operation.example, null, 2));
    expect(page).toContain("- `State` (Integer): 7 on the way");
    expect(page).toContain("- `Loan.Nobody`");
    expect(page).toContain("The person is asked: Lend it?");
  });

  it("for its preflight", () => {
    const found = preflight(operation, { Neighbour: "", Chain: "no PEM" }, new Date());
    expect(found.map(({ parameter, prevents }) => ({ parameter, prevents }))).toEqual([
      { parameter: "Neighbour", prevents: "Loan.Nobody" },
      { parameter: "Chain", prevents: "Loan.Chain" },
    ]);
    expect(storedUses(operation, operation.example ?? {})).toEqual([{ parameter: "CertId", id: "8xZ3kQ1p" }]);
  });

  it("for its reply, short and with the meaning of codes", () => {
    expect(takesDetail(operation)).toBe(true);
    const answer = { LoanId: "l-1", State: 7, Terms: "long" };
    const { result } = formatReply(operation, answer, undefined, formatOptions({ detail: "summary" }));
    expect(result).not.toHaveProperty("Terms");
    expect(JSON.stringify(result)).toContain("on the way");
  });
});
