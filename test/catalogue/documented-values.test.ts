import { describe, expect, it } from "vitest";
import { z } from "zod";
import { companions } from "../../src/catalogue/companions.js";
import { operations } from "../../src/catalogue/index.js";
import { limits } from "../../src/catalogue/limits.js";
import type { Operation } from "../../src/catalogue/operation.js";
import { innermost, isDomain, shapeOf } from "../../src/catalogue/params.js";
import { documentedOperations, documentedTypes, readData } from "../support/data.js";

/*
 * A tool's schema refuses nothing that its cloud's documents allow. The sandbox checks Tencent Cloud's calls with the same
 * schemas, so a schema that is too strict shows in no other test.
 */

const documentedValue = z
  .object({
    values: z.array(z.union([z.string(), z.number()])).optional(),
    number: z.boolean().default(false),
    min: z.number().optional(),
    max: z.number().optional(),
  })
  .strict();
const documented = readData("documented-values.json", z.object({ operations: z.record(z.record(documentedValue)) }));

/** What a schema refuses although no source does, and why it may. */
const deliberate: Readonly<Record<string, string>> = {
  "CreateCertificate.DomainNum 0": "no certificate is for no domain, and this spends money",
  "CreateCertificate.TimeSpan 0": "no certificate is for no year, and this spends money",
  "ModifyCertificateProject.CertificateIdList 0 items": "a list of what is to be changed; without items nothing is",
  "CreateCertificateBindResourceSyncTask.CertificateIds 0 items": "the same",
  "DescribeCertificateBindResourceTaskResult.TaskIds 0 items": "the same",
  "BatchDeleteCSR.CSRIds 0 items": "the same",
  "DescribeDeleteCertificatesTaskResult.TaskIds 0 items": "the same",
  "ModifyHostsCertificate.Hosts 0 items": "the same",
  "DescribeZones.Limit 0": "a page of no rows",
  "DescribeAccelerationDomains.Limit 0": "the same",
  "DescribeCdnHttpsDomainList.PageSize 0": "the same",
  "DescribeCdnHttpsDomainList.PageSize 2147483647": "no source states a maximum: 500, as of its twin in DCDN",
  "DescribeVodUserDomains.PageNumber 0": "pages are counted from 1",
  "DescribeVodUserDomains.PageNumber 2147483647": "no source states a maximum: 100,000, as of its twins",
  "ListUserCertificateOrder.CurrentPage 0": "pages are counted from 1",
  "ListUserCertificateOrder.CurrentPage 2147483647":
    "no source states a maximum: 100,000, as of other services of the cloud",
  "ListUserCertificateOrder.ShowSize 0": "a page of no rows",
  "ListUserCertificateOrder.ShowSize 2147483647":
    "no source states a maximum; a reply of more than 1,000 rows helps nobody",
  "GetUserCertificateDetail.CertId 0": "ids are counted from 1",
};

/** Lists by product whose largest page no source states: 200, as of those where one does. */
const sameAsSiblings = ["Clb", "Cos", "Ddos", "Tke"].map(
  (product) => `DescribeHost${product}InstanceList.Limit 2147483647`,
);

const largest = 2 ** 31 - 1;

/** Values to try for a parameter, with what to call each. */
function probes(schema: z.ZodTypeAny, path: string, known: Readonly<Record<string, z.output<typeof documentedValue>>>) {
  const { values, number = false, min = 0, max } = known[path] ?? {};
  const kind = innermost(schema);
  const plain = (tried: readonly unknown[]) => tried.map((value) => [String(value), value] as const);
  if (values !== undefined) return plain(values);
  if (kind instanceof z.ZodArray) {
    return [min, max ?? limits.argument.items].map(
      (count) => [`${count} items`, itemsOf(kind, count, path, known)] as const,
    );
  }
  if (kind instanceof z.ZodNumber) return plain([min, max ?? largest]);
  if (number) return plain([String(min), String(max ?? largest)]);
  if (kind instanceof z.ZodBoolean) return plain([true, false]);
  if (isDomain(schema)) return plain(["www.example.com", "*.example.com", "例子.中国"]);
  if (max !== undefined) return [min, max].map((length) => [`${length} characters`, "x".repeat(length)] as const);
  return [["a text – 文", "a text – 文"] as const, ["1,000 characters", "x".repeat(1_000)] as const];
}

/** So many items that the schema takes, each different. */
const itemsOf = (
  { element }: z.ZodArray<z.ZodTypeAny>,
  count: number,
  path: string,
  known: Parameters<typeof probes>[2],
) => Array.from({ length: count }, (_, index) => itemOf(element, index, `${path}[]`, known));

function itemOf(schema: z.ZodTypeAny, index: number, path: string, known: Parameters<typeof probes>[2]): unknown {
  const kind = innermost(schema);
  if (kind instanceof z.ZodObject) {
    const required = shapeOf(kind).filter(([, member]) => !member.isOptional());
    return Object.fromEntries(
      required.map(([name, member]) => [name, itemOf(member, index, `${path}.${name}`, known)]),
    );
  }
  if (kind instanceof z.ZodArray) return [];
  if (known[path]?.values !== undefined) return known[path].values[0];
  if (kind instanceof z.ZodNumber) return known[path]?.min ?? index;
  return isDomain(schema) ? `d${index}.example.com` : `x${index}`;
}

/** Every parameter of an operation and of the structures in it. */
function* membersOf(schema: z.ZodTypeAny, path = ""): Generator<readonly [path: string, schema: z.ZodTypeAny]> {
  const kind = innermost(schema);
  if (path !== "" && !(kind instanceof z.ZodObject)) yield [path, schema];
  if (kind instanceof z.ZodArray) yield* membersOf(kind.element, `${path}[]`);
  if (!(kind instanceof z.ZodObject)) return;
  for (const [name, member] of shapeOf(kind)) yield* membersOf(member, path === "" ? name : `${path}.${name}`);
}

/** The parameters that are the API's: which store to call is ours (docs/cloud-behaviour.md 5.6). */
const parametersOf = ({ params, stores }: Operation) =>
  [...membersOf(params)].filter(([path]) => path !== stores?.parameter);

const all: readonly Operation[] = [...operations, ...companions];

describe("a tool's schema against the documents' values", () => {
  it("knows no value or limit of a parameter that is not there", () => {
    const unknown = Object.entries(documented.operations).flatMap(([name, members]) => {
      const operation = all.find((each) => each.name === name);
      const paths = operation === undefined ? [] : [...membersOf(operation.params)].map(([path]) => path);
      return Object.keys(members).flatMap((path) => (paths.includes(path) ? [] : [`${name}.${path}`]));
    });
    expect(unknown).toEqual([]);
  });

  it("refuses only what it is meant to refuse", () => {
    const refused = all.flatMap((operation) => {
      const { name } = operation;
      const known = documented.operations[name] ?? {};
      return parametersOf(operation).flatMap(([path, schema]) =>
        probes(schema, path, known).flatMap(([called, value]) =>
          schema.safeParse(value).success ? [] : [`${name}.${path} ${called}`],
        ),
      );
    });
    expect(refused.sort()).toEqual([...Object.keys(deliberate), ...sameAsSiblings].sort());
  });
});

/** What a schema requires although a source calls it optional, and why. */
const requiredAllTheSame: Readonly<Record<string, string>> = {
  "DescribeHostTeoInstanceList.CertificateId":
    "the page requires it; the newest models do not (docs/cloud-behaviour.md 3.10)",
};

describe("what a tool requires", () => {
  it("is required by every source", () => {
    const stricter = Object.entries(documentedOperations).flatMap(([name, { params }]) => {
      const shape: Readonly<Record<string, z.ZodTypeAny>> =
        operations.find((each) => each.name === name)?.params.shape ?? {};
      return params.flatMap(({ name: member, requiredInDocs, requiredIntl, requiredMainland }) => {
        const optional = [requiredInDocs, requiredIntl, requiredMainland].includes(false);
        return optional && shape[member]?.isOptional() === false ? [`${name}.${member}`] : [];
      });
    });
    expect(stricter).toEqual(Object.keys(requiredAllTheSame));
  });

  it("inside a structure is what tells its entries apart, or what the structure is for", () => {
    const inside = all.flatMap(({ params }) =>
      [...membersOf(params)].flatMap(([path, schema]) => {
        const member = path.split(".").at(-1) ?? "";
        return path.includes(".") && !path.endsWith("[]") && !schema.isOptional() ? [member] : [];
      }),
    );
    const byModels = Object.values(documentedTypes)
      .flat()
      .flatMap(({ name, requiredIntl }) => (requiredIntl === true ? [name] : []));
    // The pages require these; the models of the lists have no flags.
    const byPages = ["FilterKey", "FilterValue", "TagKey", "TagValue", "Name", "Values"];
    expect([...byModels, ...byPages]).toEqual(expect.arrayContaining([...new Set(inside)]));
  });
});
