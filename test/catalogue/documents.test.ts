import { encode } from "gpt-tokenizer/encoding/o200k_base";
import { describe, expect, it } from "vitest";
import { z } from "zod";
import { operations } from "../../src/catalogue/index.js";
import { innermost } from "../../src/catalogue/params.js";
import { toolOf } from "../../src/mcp/tools.js";
import { type DocumentedMember, documentedOperations, documentedTypes, readData } from "../support/data.js";

/** The API's name for the type of a schema: `String`, `Array of Integer`, or the members of a structure. */
function typeOf(schema: z.ZodTypeAny): string {
  const inner = innermost(schema);
  if (inner instanceof z.ZodArray) return `Array of ${typeOf(inner.element)}`;
  if (inner instanceof z.ZodObject) return "structure";
  if (inner instanceof z.ZodNumber) return "Integer";
  if (inner instanceof z.ZodBoolean) return "Boolean";
  return "String";
}

function documentedType(type: string): string {
  const [array, item] = type.startsWith("Array of ") ? ["Array of ", type.slice(9)] : ["", type];
  return array + (["String", "Integer", "Boolean"].includes(item) ? item : "structure");
}

/** Each member's type, those of structures in full, for every schema that the documents describe. */
function expectMembers(schema: z.AnyZodObject, members: readonly DocumentedMember[], place: string): void {
  const shape: Record<string, z.ZodTypeAny> = schema.shape;
  const known = new Map(members.map((member) => [member.name, member]));
  for (const { name, type, documented } of members) {
    const member = shape[name];
    if (member === undefined) {
      expect(documented, `${place}.${name} is documented`).toBe(false);
      continue;
    }
    expect(typeOf(member), `${place}.${name}`).toBe(documentedType(type));
    const structure = documentedTypes[type.replace("Array of ", "")];
    const inner = innermost(member);
    const item = inner instanceof z.ZodArray ? innermost(inner.element) : inner;
    if (structure !== undefined && item instanceof z.ZodObject) expectMembers(item, structure, `${place}.${name}`);
  }
  const invented = Object.keys(shape).filter((name) => !known.has(name));
  expect(invented, `${place} has members that no document or model knows`).toEqual([]);
}

/** Parameters that only the official models have (docs/cloud-behaviour.md 5.3). */
const fromModels: Readonly<Record<string, readonly DocumentedMember[]>> = {
  SetCdnDomainSSLCertificate: [{ name: "Env", type: "String", documented: false }],
};

describe("the catalogue against the vendors' documents", () => {
  it("has the 36 operations, 10 of them reads", () => {
    expect(operations.map(({ name }) => name).sort()).toEqual(Object.keys(documentedOperations).sort());
    expect(operations.filter(({ effect }) => effect === "read")).toHaveLength(10);
  });

  it("knows the purchase and what cannot be undone", () => {
    const withEffect = (effect: string) => operations.filter((o) => o.effect === effect).map(({ name }) => name);
    expect(withEffect("purchase")).toEqual(["CreateCertificate"]);
    expect(withEffect("destroy").sort()).toEqual([
      "BatchDeleteCSR",
      "CancelCertificateOrder",
      "DeleteCertificate",
      "ReplaceCertificate",
    ]);
  });

  it.each(operations.map((operation) => [operation.name, operation] as const))(
    "%s is as documented",
    (name, operation) => {
      const documented = documentedOperations[name];
      if (documented === undefined) throw new Error(`${name} is not documented`);
      expectMembers(operation.params, [...documented.params, ...(fromModels[name] ?? [])], name);
      const required = documented.params.filter((p) => p.requiredInDocs ?? p.requiredIntl).map((p) => p.name);
      expect(toolOf(operation).inputSchema.required ?? []).toEqual(required);
      expectMembers(
        operation.result,
        [...documented.response, { name: "RequestId", type: "String", documented: true }],
        name,
      );
      expect(operation.errors).toEqual(documented.errors);
      const ofMainland = documented.params.filter((p) => p.requiredIntl === null && documented.sites.intl);
      expect(operation.onlyMainland ?? []).toEqual(ofMainland.map((p) => p.name));
      expect(operation.sites ?? ["intl", "mainland"]).toEqual(
        (["intl", "mainland"] as const).filter((site) => documented.sites[site]),
      );
    },
  );

  const { examples, broken } = readData(
    "examples.json",
    z.object({
      examples: z.array(z.object({ operation: z.string(), title: z.string(), input: z.unknown() })),
      broken: z.array(z.object({ operation: z.string(), why: z.string() })),
    }),
  );

  it("holds every input example of the documents: 39 that parse, 6 that do not", () => {
    expect([examples.length, broken.length]).toEqual([39, 6]);
  });

  it.each(examples.map((example) => [example.operation, example.title, example.input] as const))(
    "%s takes the vendor's example: %s",
    (name, _title, input) => {
      const operation = operations.find((candidate) => candidate.name === name);
      // The vendor put asterisks over parts of two names ("www.***.com").
      const named: unknown = JSON.parse(JSON.stringify(input).replace(/\*{2,} ?/g, "example"));
      expect(operation?.params.safeParse(named).error?.issues).toBeUndefined();
    },
  );
});

describe("what a model is shown", () => {
  const tools = operations.map((operation) => toolOf(operation));
  const tokens = tools.map(
    ({ name, description, inputSchema }) => encode(JSON.stringify({ name, description, inputSchema })).length,
  );

  it("costs at most 8,000 tokens in o200k, no tool over 750", () => {
    expect(tokens.reduce((sum, count) => sum + count, 0)).toBeLessThanOrEqual(8_000);
    expect(Math.max(...tokens)).toBeLessThanOrEqual(750);
  });

  it.each(tools.map((tool) => [tool.name, tool] as const))("%s keeps to what clients can read", (name, tool) => {
    expect(name).toMatch(/^[A-Za-z0-9_-]{1,41}$/);
    const schema = JSON.stringify(tool.inputSchema);
    expect(tool.inputSchema).toMatchObject({ type: "object", additionalProperties: false });
    expect(schema).not.toMatch(/"(\$ref|anyOf|oneOf|allOf)"/);
    for (const array of schema.match(/\{"type":"array"[^{}]*/g) ?? []) expect(array).toContain('"items":');
    expect(JSON.stringify(tool.outputSchema)).not.toContain('"description"');
  });
});
