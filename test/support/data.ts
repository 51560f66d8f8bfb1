import { readFileSync } from "node:fs";
import { z } from "zod";

/** Facts of the vendors' documents, kept as data in test/data. */

export function readData<Schema extends z.ZodTypeAny>(file: string, schema: Schema): z.output<Schema> {
  return schema.parse(JSON.parse(readFileSync(new URL(`../data/${file}`, import.meta.url), "utf8")));
}

const member = z.object({
  name: z.string(),
  type: z.string(),
  documented: z.boolean().default(true),
  requiredInDocs: z.boolean().nullish(),
  requiredIntl: z.boolean().nullish(),
  requiredMainland: z.boolean().nullish(),
});
export type DocumentedMember = z.infer<typeof member>;

const operation = z.object({
  params: z.array(member),
  response: z.array(member).default([]),
  errors: z.array(z.union([z.string(), z.object({ code: z.string() }).transform(({ code }) => code)])).default([]),
  sites: z.object({ intl: z.boolean(), mainland: z.boolean() }).default({ intl: true, mainland: true }),
});
export type DocumentedOperation = z.infer<typeof operation>;

const structures = z.record(z.array(member));
const documents = readData(
  "operations.json",
  z.object({
    ssl: z.record(operation),
    types: structures,
    edgeone: z.object({ errors: z.object({ ModifyHostsCertificate: z.array(z.string()) }) }).catchall(z.array(member)),
    alibaba: z.record(operation),
    huawei: z.record(
      z.object({
        pathParams: z.array(member),
        queryParams: z.array(member),
        bodyParams: z.array(member),
        types: structures,
        errors: z.array(z.object({ code: z.string() })),
      }),
    ),
  }),
);

const { errors: edgeoneErrors, ModifyHostsCertificateRequest, ...edgeoneTypes } = documents.edgeone;

/** Parameters, results and error codes of all 36 operations, by name. */
export const documentedOperations: Readonly<Record<string, DocumentedOperation>> = {
  ...documents.ssl,
  ModifyHostsCertificate: operation.parse({
    params: ModifyHostsCertificateRequest,
    errors: edgeoneErrors.ModifyHostsCertificate,
  }),
  ...documents.alibaba,
  ...Object.fromEntries(
    Object.entries(documents.huawei).map(([name, { pathParams, queryParams, bodyParams, errors }]) => [
      name,
      operation.parse({ params: [...pathParams, ...queryParams, ...bodyParams], errors }),
    ]),
  ),
};

/** Members of the structures that parameters and results are made of, by the vendor's name. */
export const documentedTypes: Readonly<Record<string, readonly DocumentedMember[]>> = Object.assign(
  {},
  documents.types,
  edgeoneTypes,
  ...Object.values(documents.huawei).map(({ types }) => types),
);
